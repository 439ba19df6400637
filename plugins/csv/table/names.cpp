// plugins/csv/table/names.cpp -- finding a column by name, and the nearest one for the error text.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/names.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"

namespace clq::table {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

size_t distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string nearest(const std::vector<FieldSpec>& fields, const std::string& name) {
  std::string best;
  size_t least = SIZE_MAX;
  for (const FieldSpec& field : fields) {
    const size_t d = distance(lower(field.name), lower(name));
    if (d < least) best = field.name;
    least = std::min(least, d);
  }
  return best;
}

}  // namespace

size_t find_field(const std::vector<FieldSpec>& fields, const std::string& name, const std::string& place) {
  for (size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == name) return i;
  for (size_t i = 0; i < fields.size(); ++i)
    if (lower(fields[i].name) == lower(name)) return i;
  const std::string near = nearest(fields, name);
  sdk::fail(CLQ_E_NOT_FOUND, place + ": has no column '" + printable(name) + "'" +
                                 (near.empty() ? "" : "; the nearest is '" + near + "'"));
}

size_t find_id(const std::vector<FieldSpec>& fields, const std::string& name, const std::string& place) {
  const size_t i = find_field(fields, name, place);
  const FieldSpec& field = fields[i];
  if (field.text || (field.elements() == 1 && !is_float(field.dtype))) return i;
  sdk::fail(CLQ_E_DATA, place + ": id column '" + field.name + "' is " + dtype_name(field.dtype) + " with " +
                            std::to_string(field.elements()) + " elements; an id is one integer or a text");
}

}  // namespace clq::table

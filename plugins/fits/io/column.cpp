// plugins/fits/io/column.cpp -- a column of a binary table as its header describes it.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/column.hpp"

#include <charconv>
#include <cmath>
#include <set>

#include <calanque/plugin/sdk.hpp>

namespace clq::fits {
namespace {

using sdk::fail;
constexpr int64_t kMostElements = int64_t{1} << 40;

// Bits an element takes in a row.
int64_t element_bits(char code) {
  switch (code) {
    case 'X':
      return 1;
    case 'L':
    case 'B':
    case 'A':
      return 8;
    case 'I':
      return 16;
    case 'J':
    case 'E':
      return 32;
    case 'K':
    case 'D':
    case 'C':
    case 'P':
      return 64;
    case 'M':
    case 'Q':
      return 128;
    default:
      return 0;
  }
}

void parse_form(const Header& header, const std::string& key, Column& column) {
  if (!header.has(key)) fail(CLQ_E_DATA, header.place() + ": keyword " + key + " is missing");
  const std::string form = header.text(key);
  const char* last = form.data() + form.size();
  column.repeat = 1;
  const auto [letter, error] = std::from_chars(form.data(), last, column.repeat);
  const bool counted = error == std::errc() || letter == form.data();
  column.code = letter < last ? *letter : '\0';
  const int64_t bits = element_bits(column.code);
  if (!counted || bits == 0 || column.repeat < 0 || column.repeat > kMostElements)
    fail(CLQ_E_DATA, header.place() + ": " + key + " = '" + table::printable(form) + "' is not a column format");
  column.bytes = (column.repeat * bits + 7) / 8;
}

std::vector<int64_t> parse_dims(const Header& header, const std::string& key, int64_t repeat) {
  const std::string text = header.text(key);
  std::vector<int64_t> dims;
  int64_t product = 1;
  const char* at = text.data() + 1;
  const char* last = text.data() + text.size();
  bool good = text.size() > 2 && text.front() == '(' && text.back() == ')';
  while (good && at < last) {
    while (*at == ' ') ++at;
    int64_t n = 0;
    const auto [end, error] = std::from_chars(at, last, n);
    good = error == std::errc() && end < last && (*end == ',' || end + 1 == last) && n > 0 &&
           !__builtin_mul_overflow(product, n, &product);
    dims.insert(dims.begin(), n);  // FITS names the fastest axis first
    at = end + 1;
  }
  if (!good || product != repeat || dims.size() > CLQ_MAX_RANK)
    fail(CLQ_E_DATA, header.place() + ": " + key + " = '" + table::printable(text) + "' does not describe " +
                         std::to_string(repeat) + " elements in at most 8 dimensions");
  return dims;
}

void parse_scaling(const Header& header, const std::string& n, Column& column) {
  const bool integer = std::string_view("BIJK").find(column.code) != std::string_view::npos;
  if (!integer && column.code != 'E' && column.code != 'D') return;
  column.scale = header.real("TSCAL" + n, 1);
  column.zero = header.real("TZERO" + n, 0);
  if (!std::isfinite(column.scale) || column.scale == 0 || !std::isfinite(column.zero))
    fail(CLQ_E_DATA, header.place() + ": TSCAL" + n + " must be finite and not 0, TZERO" + n + " finite");
  if (integer && header.has("TNULL" + n)) column.null = header.integer("TNULL" + n);
}

std::string reason_to_skip(const Column& column) {
  if (column.repeat == 0) return "it holds no elements";
  if (column.code == 'P' || column.code == 'Q') return "its arrays have variable length";
  if (column.code == 'C' || column.code == 'M') return "its numbers are complex";
  return {};
}

Column parse_column(const Header& header, const std::string& n) {
  Column column;
  parse_form(header, "TFORM" + n, column);
  column.field.name = table::printable(header.text("TTYPE" + n));
  if (column.field.name.empty()) column.field.name = "col" + n;
  column.field.unit = table::printable(header.text("TUNIT" + n));
  column.skipped = reason_to_skip(column);
  if (!column.skipped.empty()) return column;
  parse_scaling(header, n, column);
  column.field.text = column.code == 'A';
  column.field.dtype = native_dtype(column);
  const bool shaped = !column.field.text && header.has("TDIM" + n);
  if (shaped) column.field.dims = parse_dims(header, "TDIM" + n, column.repeat);
  if (!shaped && (column.field.text || column.repeat > 1)) column.field.dims = {column.repeat};
  return column;
}

}  // namespace

bool Column::is_flipped() const {
  if (scale != 1) return false;
  switch (code) {
    case 'B':
      return zero == -128.0;
    case 'I':
      return zero == 32768.0;
    case 'J':
      return zero == 2147483648.0;
    case 'K':
      return zero == 9223372036854775808.0;
    default:
      return false;
  }
}

int32_t native_dtype(const Column& column) {
  if (column.is_scaled()) return CLQ_F64;
  const bool flipped = column.is_flipped();
  switch (column.code) {
    case 'B':
      return flipped ? CLQ_I8 : CLQ_U8;
    case 'I':
      return flipped ? CLQ_U16 : CLQ_I16;
    case 'J':
      return flipped ? CLQ_U32 : CLQ_I32;
    case 'K':
      return flipped ? CLQ_U64 : CLQ_I64;
    case 'E':
      return CLQ_F32;
    case 'D':
      return CLQ_F64;
    default:
      return CLQ_U8;  // logical, bits, text
  }
}

std::vector<Column> parse_columns(const Header& header) {
  const int64_t n_columns = header.integer("TFIELDS");
  const int64_t row_bytes = header.integer("NAXIS1");
  if (n_columns < 1 || n_columns > 999)
    fail(CLQ_E_DATA, header.place() + ": TFIELDS = " + std::to_string(n_columns) + " is not 1..999");
  std::vector<Column> columns;
  std::set<std::string> names;
  int64_t at = 0;
  for (int64_t i = 1; i <= n_columns; ++i) {
    columns.push_back(parse_column(header, std::to_string(i)));
    Column& column = columns.back();
    column.first_byte = at;
    at += column.bytes;
    if (!names.insert(column.field.name).second)
      fail(CLQ_E_DATA, header.place() + ": two columns are named '" + column.field.name + "'");
  }
  if (at != row_bytes)
    fail(CLQ_E_DATA, header.place() + ": NAXIS1 = " + std::to_string(row_bytes) + ", the columns' formats add up to " +
                         std::to_string(at) + " bytes a row");
  return columns;
}

}  // namespace clq::fits

// core/src/data/transform_columns.cpp -- how a transform names the inputs it works on.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/transform_columns.hpp"

#include <algorithm>
#include <cmath>

#include "data/glob.hpp"

namespace clq {
namespace {

std::string column_key(const Config& config, const std::string& key) {
  return config.path().empty() ? key : config.path() + "." + key;
}

std::vector<std::string> patterns_at(const Config& config, const std::string& key) {
  if (config.json().contains(key) && config.json().at(key).is_string()) return {config.require<std::string>(key)};
  return config.require<std::vector<std::string>>(key);
}

void add_matches(InputList& list, const std::string& pattern, const InputNames& names, const std::string& key) {
  const size_t before = list.indices.size();
  for (size_t i = 0; i < names.elements.size(); ++i) {
    if (!glob_matches(pattern, names.elements[i]) && !glob_matches(pattern, names.columns[i])) continue;
    CLQ_REQUIRE(std::find(list.indices.begin(), list.indices.end(), i) == list.indices.end(), "{}: {} is named twice",
                key, names.elements[i]);
    list.indices.push_back(i);
    list.names.push_back(names.elements[i]);
  }
  if (list.indices.size() == before) expand_globs({pattern}, names.columns, key);  // throws, with the names there are
  list.only_globs = list.only_globs && is_glob(pattern);
}

}  // namespace

InputNames::InputNames(const BatchLayout& layout, const std::string& tensor) {
  const int64_t place = layout.tensor(tensor);
  for (const LayoutColumn& column : layout.columns) {
    if (column.tensor != place) continue;
    for (int64_t i = 0; i < column.count; ++i) {
      columns.push_back(column.name);
      elements.push_back(column.count == 1 ? column.name : fmt::format("{}[{}]", column.name, i));
    }
  }
  if (tensor != "scalars") return;
  for (const DerivedColumn& derived : layout.derived) {
    columns.push_back(derived.name);
    elements.push_back(derived.name);
  }
}

InputList list_inputs(const Config& config, const std::string& key, const InputNames& names, bool all_by_default) {
  InputList list;
  if (!config.has(key) && all_by_default) {
    for (size_t i = 0; i < names.elements.size(); ++i) list.indices.push_back(i);
    list.names = names.elements;
    return list;
  }
  for (const std::string& pattern : patterns_at(config, key))
    add_matches(list, pattern, names, column_key(config, key));
  CLQ_REQUIRE(!list.indices.empty(), "{} names no column", column_key(config, key));
  return list;
}

std::vector<double> numbers_at(const Config& config, const std::string& key, size_t count) {
  if (!config.has(key)) return {};
  std::vector<double> numbers;
  if (config.json().at(key).is_array()) {
    numbers = config.require<std::vector<double>>(key);
  } else {
    numbers.assign(count, config.require<double>(key));
  }
  CLQ_REQUIRE(numbers.size() == count, "{} has {} numbers for {} columns", column_key(config, key), numbers.size(),
              count);
  for (const double number : numbers) CLQ_REQUIRE(std::isfinite(number), "{} is {}", column_key(config, key), number);
  return numbers;
}

}  // namespace clq

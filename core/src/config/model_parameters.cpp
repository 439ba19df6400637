// core/src/config/model_parameters.cpp -- "$width" and "$(2 * width)" replaced, with where each was given.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/model_parameters.hpp"

#include <cmath>

#include "config/expression.hpp"

namespace clq {
namespace {

using Names = std::vector<std::string>;

constexpr double kLargestWhole = 9007199254740992;  // 2^53, behind which doubles leave out whole numbers

Json parameter(const std::string& name, const Parameters& parameters, const std::string& path) {
  if (const auto at = parameters.values.find(name); at != parameters.values.end()) return *at;
  Names known;
  for (const auto& [key, unused] : parameters.values.items()) known.push_back(key);
  fail(CLQ_E_INVALID, "{}: {} has no parameter '{}'{}", path, parameters.of, name, did_you_mean(name, known));
}

// A whole number where it is one and no parameter in it is a float.
Json computed(const std::string& text, const Parameters& parameters, const std::string& path) {
  const Expression expression = Expression::parse(text, path);
  std::vector<double> values;
  bool whole = true;
  for (const std::string& name : expression.names()) {
    const Json value = parameter(name, parameters, path);
    CLQ_REQUIRE(value.is_number(), "{}: parameter '{}' is {}, {} computes with numbers", path, name, value.dump(),
                text);
    whole &= value.is_number_integer();
    values.push_back(value.get<double>());
  }
  std::vector<const double*> columns;
  for (const double& value : values) columns.push_back(&value);
  double number = 0;
  expression.evaluate(columns, 1, &number);
  CLQ_REQUIRE(std::isfinite(number), "{}: {} is {}", path, text, number);
  const bool integer = whole && number == std::floor(number) && std::abs(number) <= kLargestWhole;
  return integer ? Json(static_cast<int64_t>(number)) : Json(number);
}

}  // namespace

Parameters::Parameters(std::string owner, const Config& table) : of(std::move(owner)), values(table.json()) {
  for (const auto& [key, unused] : values.items()) written[key] = fmt::format("{}.{}", table.path(), key);
}

void Parameters::give(const std::string& key, const Json& value, const std::string& path, const Written& elsewhere) {
  const std::string own = fmt::format("{}.{}", path, key);
  parameter(key, *this, own);
  values[key] = value;
  const auto at = elsewhere.find(key);
  written[key] = at == elsewhere.end() ? own : at->second;
}

Json substituted(const Json& value, const Parameters& parameters, const std::string& path) {
  if (value.is_string() && value.get_ref<const std::string&>().starts_with("$")) {
    const auto text = value.get<std::string>();
    if (text.starts_with("$(")) return computed(text.substr(1), parameters, path);
    return parameter(text.substr(1), parameters, path);
  }
  Json out = value;
  if (value.is_object())
    for (const auto& [key, item] : value.items()) out[key] = substituted(item, parameters, path + "." + key);
  if (value.is_array())
    for (size_t i = 0; i < value.size(); ++i)
      out[i] = substituted(value[i], parameters, fmt::format("{}[{}]", path, i));
  return out;
}

Written written_values(const Config& layer, const Parameters& parameters) {
  Written written;
  for (const auto& [key, value] : layer.json().items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    if (!text.starts_with("$")) continue;
    const Names names = text.starts_with("$(") ? Expression::parse(text.substr(1), key).names() : Names{text.substr(1)};
    if (names.size() == 1 && parameters.written.contains(names[0])) written[key] = parameters.written.at(names[0]);
  }
  return written;
}

}  // namespace clq

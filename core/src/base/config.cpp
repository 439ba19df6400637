// core/src/base/config.cpp -- a checked view of one JSON object.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/config.hpp>

namespace clq {
namespace {

[[noreturn]] void wrong_type(const Json& value, const std::string& where, const char* wanted) {
  fail(CLQ_E_INVALID, "{} must be {}, got {}", where, wanted, value.dump());
}

template <class T>
std::vector<T> list_as(const Json& value, const std::string& where) {
  if (!value.is_array()) wrong_type(value, where, "a list");
  std::vector<T> list;
  for (size_t i = 0; i < value.size(); ++i) list.push_back(json_as<T>(value[i], fmt::format("{}[{}]", where, i)));
  return list;
}

}  // namespace

template <>
bool json_as<bool>(const Json& value, const std::string& where) {
  if (!value.is_boolean()) wrong_type(value, where, "true or false");
  return value.get<bool>();
}

template <>
int64_t json_as<int64_t>(const Json& value, const std::string& where) {
  if (!value.is_number_integer()) wrong_type(value, where, "an integer");
  if (value.is_number_unsigned()) return narrow<int64_t>(value.get<uint64_t>());
  return value.get<int64_t>();
}

template <>
double json_as<double>(const Json& value, const std::string& where) {
  if (!value.is_number()) wrong_type(value, where, "a number");
  return value.get<double>();
}

template <>
std::string json_as<std::string>(const Json& value, const std::string& where) {
  if (!value.is_string()) wrong_type(value, where, "a text");
  return value.get<std::string>();
}

template <>
Json json_as<Json>(const Json& value, const std::string&) {
  return value;
}

template <>
std::vector<int64_t> json_as<std::vector<int64_t>>(const Json& value, const std::string& where) {
  return list_as<int64_t>(value, where);
}

template <>
std::vector<double> json_as<std::vector<double>>(const Json& value, const std::string& where) {
  return list_as<double>(value, where);
}

template <>
std::vector<std::string> json_as<std::vector<std::string>>(const Json& value, const std::string& where) {
  return list_as<std::string>(value, where);
}

Config::Config(Json object, std::string path) : object_(std::move(object)), path_(std::move(path)) {
  if (object_.is_null()) object_ = Json::object();
  if (!object_.is_object()) wrong_type(object_, path_.empty() ? "the configuration" : path_, "a table");
}

const Json* Config::find(const std::string& key) const {
  asked_.insert(key);
  const auto at = object_.find(key);
  return at == object_.end() ? nullptr : &*at;
}

bool Config::has(const std::string& key) const { return find(key) != nullptr; }

Config Config::child(const std::string& key) const {
  const Json* value = find(key);
  return Config(value == nullptr ? Json::object() : *value, path_.empty() ? key : path_ + "." + key);
}

std::vector<Config> Config::children(const std::string& key) const {
  const Json* value = find(key);
  const std::string where = path_.empty() ? key : path_ + "." + key;
  std::vector<Config> list;
  if (value == nullptr) return list;
  if (!value->is_array()) wrong_type(*value, where, "a list of tables");
  for (size_t i = 0; i < value->size(); ++i) list.emplace_back((*value)[i], fmt::format("{}[{}]", where, i));
  return list;
}

void Config::reject_unknown() const {
  for (const auto& [key, value] : object_.items()) {
    if (asked_.contains(key)) continue;
    const std::string where = path_.empty() ? key : path_ + "." + key;
    fail(CLQ_E_INVALID, "{} is unknown{}", where, did_you_mean(key, {asked_.begin(), asked_.end()}));
  }
}

}  // namespace clq

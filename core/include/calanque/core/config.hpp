// calanque/core/config.hpp -- a checked view of one JSON object: every key asked for, none left over.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <set>
#include <string>
#include <vector>

#include <calanque/core/error.hpp>
#include <calanque/core/graph.hpp>

namespace clq {

// Values arrive as JSON whatever they were written in; `path` ("model.layer[2]") names them in errors.
class Config {
 public:
  Config(Json object, std::string path);
  explicit Config(Json object) : Config(std::move(object), "") {}

  const std::string& path() const { return path_; }
  const Json& json() const { return object_; }
  bool has(const std::string& key) const;                 // counts as asked for
  template <class T> T require(const std::string& key) const;            // bool, int64_t, double, std::string, vectors, Json
  template <class T> T get(const std::string& key, T absent) const;
  Config child(const std::string& key) const;             // {} when absent
  std::vector<Config> children(const std::string& key) const;            // an array of tables
  void reject_unknown() const;         // an unasked key is CLQ_E_INVALID, with the nearest asked one

 private:
  const Json* find(const std::string& key) const;
  Json object_;
  std::string path_;
  mutable std::set<std::string> asked_;
};

template <class T> T json_as(const Json& value, const std::string& where);   // the one conversion with its error text
template <> bool json_as<bool>(const Json& value, const std::string& where);
template <> int64_t json_as<int64_t>(const Json& value, const std::string& where);
template <> double json_as<double>(const Json& value, const std::string& where);
template <> std::string json_as<std::string>(const Json& value, const std::string& where);
template <> Json json_as<Json>(const Json& value, const std::string& where);
template <> std::vector<int64_t> json_as<std::vector<int64_t>>(const Json& value, const std::string& where);
template <> std::vector<double> json_as<std::vector<double>>(const Json& value, const std::string& where);
template <> std::vector<std::string> json_as<std::vector<std::string>>(const Json& value, const std::string& where);

template <class T>
T Config::require(const std::string& key) const {
  const Json* value = find(key);
  const std::string where = path_.empty() ? key : path_ + "." + key;
  if (value == nullptr) fail(CLQ_E_INVALID, "{} is missing", where);
  return json_as<T>(*value, where);
}

template <class T>
T Config::get(const std::string& key, T absent) const {
  const Json* value = find(key);
  return value == nullptr ? absent : json_as<T>(*value, path_.empty() ? key : path_ + "." + key);
}

}  // namespace clq

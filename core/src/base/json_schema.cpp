// core/src/base/json_schema.cpp -- the part of JSON Schema that options of plugins are checked by.
// SPDX-License-Identifier: BSD-3-Clause
//
// A library that knows all of JSON Schema names the keyword that failed; a user needs the key, the value and what would
// be right, in the words of the run file's own keys.
#include "base/json_schema.hpp"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

bool is_number(const Json& value) { return value.is_number(); }
bool is_count(const Json& value) { return value.is_number_integer() && value >= 0; }
bool is_object(const Json& value) { return value.is_object(); }
bool is_list(const Json& value) { return value.is_array() && !value.empty(); }
bool is_more(const Json& value) { return value.is_boolean() || value.is_object(); }
bool is_texts(const Json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_string(); });
}

struct Type {
  const char *name, *words;
  bool (*holds)(const Json&);
};
constexpr std::array<Type, 7> kTypes = {{
    {"integer", "an integer", [](const Json& v) { return v.is_number_integer(); }},
    {"number", "a number", is_number},
    {"boolean", "true or false", [](const Json& v) { return v.is_boolean(); }},
    {"string", "a text", [](const Json& v) { return v.is_string(); }},
    {"array", "a list", [](const Json& v) { return v.is_array(); }},
    {"object", "a table", is_object},
    {"null", "null", [](const Json& v) { return v.is_null(); }},
}};

const Type* find_type(const Json& name) {
  const auto at = std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& t) { return name == t.name; });
  return at == kTypes.end() ? nullptr : &*at;
}

// One name, or a list of them.
std::vector<const Type*> types_of(const Json& type) {
  std::vector<const Type*> types;
  for (const Json& name : type.is_array() ? type : Json::array({type})) types.push_back(find_type(name));
  return types;
}

bool is_type(const Json& value) {
  const std::vector<const Type*> types = types_of(value);
  return !types.empty() && std::find(types.begin(), types.end(), nullptr) == types.end();
}

struct Keyword {
  const char *name, *words;
  bool (*holds)(const Json&);
};
constexpr std::array<Keyword, 13> kKeywords = {{
    {"type", "a type, or a list of types", is_type},
    {"enum", "a list of values", is_list},
    {"minimum", "a number", is_number},
    {"maximum", "a number", is_number},
    {"exclusiveMinimum", "a number", is_number},
    {"exclusiveMaximum", "a number", is_number},
    {"minItems", "a count", is_count},
    {"maxItems", "a count", is_count},
    {"items", "a schema", is_object},
    {"properties", "a table of schemas", is_object},
    {"required", "a list of texts", is_texts},
    {"additionalProperties", "true, false or a schema", is_more},
    {"description", "a text", [](const Json& v) { return v.is_string(); }},
}};

void require_keywords(const Json& schema, const std::string& where) {
  CLQ_REQUIRE(schema.is_object(), "{} must be a schema, got {}", where, schema.dump());
  for (const Keyword& keyword : kKeywords)
    if (const auto at = schema.find(keyword.name); at != schema.end() && !keyword.holds(*at))
      fail(CLQ_E_INVALID, "{}.{} must be {}, got {}", where, keyword.name, keyword.words, at->dump());
  for (const char* name : {"items", "additionalProperties"})
    if (const auto at = schema.find(name); at != schema.end() && at->is_object())
      require_keywords(*at, fmt::format("{}.{}", where, name));
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, property] : properties.items())
    require_keywords(property, fmt::format("{}.properties.{}", where, name));
}

void require_type(const Json& value, const Json& schema, const std::string& where) {
  const auto type = schema.find("type");
  if (type == schema.end()) return;
  std::vector<std::string> words;
  for (const Type* one : types_of(*type)) {
    if (one->holds(value)) return;
    words.emplace_back(one->words);
  }
  fail(CLQ_E_INVALID, "{} must be {}, got {}", where, fmt::join(words, " or "), value.dump());
}

void require_choice(const Json& value, const Json& schema, const std::string& where) {
  const auto choices = schema.find("enum");
  if (choices == schema.end() || std::find(choices->begin(), choices->end(), value) != choices->end()) return;
  std::vector<std::string> words;
  for (const Json& choice : *choices) words.push_back(choice.dump());
  fail(CLQ_E_INVALID, "{} must be {}, got {}", where, fmt::join(words, " or "), value.dump());
}

// A NaN is within no bounds.
void require_bounds(double number, const Json& schema, const std::string& where, const char* of) {
  const auto bound = [&](const std::string& name, const char* words, auto holds) {
    if (const auto at = schema.find(name); at != schema.end() && !holds(number, at->get<double>()))
      fail(CLQ_E_INVALID, "{} must {} {} {}, got {}", where, of, words, at->dump(), number);
  };
  const bool list = std::string_view(of) != "be";
  bound(list ? "minItems" : "minimum", "at least", [](double v, double b) { return v >= b; });
  bound(list ? "maxItems" : "maximum", "at most", [](double v, double b) { return v <= b; });
  if (list) return;
  bound("exclusiveMinimum", "above", [](double v, double b) { return v > b; });
  bound("exclusiveMaximum", "below", [](double v, double b) { return v < b; });
}

void require_items(const Json& value, const Json& schema, const std::string& where) {
  require_bounds(static_cast<double>(value.size()), schema, where, "have a length of");
  if (const auto items = schema.find("items"); items != schema.end())
    for (size_t i = 0; i < value.size(); ++i) require_schema(value[i], *items, fmt::format("{}[{}]", where, i));
}

[[noreturn]] void unknown_key(const std::string& where, const std::string& key, const Json& properties) {
  std::vector<std::string> known;
  for (const auto& [name, property] : properties.items()) known.push_back(name);
  const std::string hint = did_you_mean(key, known);
  if (!hint.empty()) fail(CLQ_E_INVALID, "{} is unknown{}", where, hint);
  if (known.empty()) fail(CLQ_E_INVALID, "{} is unknown, there are no options", where);
  fail(CLQ_E_INVALID, "{} is unknown, there is {}", where, fmt::join(known, ", "));
}

std::string example_of(const Json& schema) {
  const Json examples = schema.value("examples", Json::array());
  return examples.is_array() && !examples.empty() ? fmt::format(", for example {}", examples.front().dump()) : "";
}

void require_properties(const Json& value, const Json& schema, const std::string& where) {
  const auto path = [&](const std::string& key) { return where.empty() ? key : fmt::format("{}.{}", where, key); };
  const Json properties = schema.value("properties", Json::object());
  const Json more = schema.value("additionalProperties", Json(true));
  for (const auto& [key, member] : value.items()) {
    if (properties.contains(key))
      require_schema(member, properties[key], path(key));
    else if (more == Json(false))
      unknown_key(path(key), key, properties);
    else if (more.is_object())
      require_schema(member, more, path(key));
  }
  for (const Json& key : schema.value("required", Json::array()))
    if (const auto name = key.get<std::string>(); !value.contains(name))
      fail(CLQ_E_INVALID, "{} is missing{}", path(name), example_of(properties.value(name, Json::object())));
}

}  // namespace

void require_json(const char* text) {
  if (text != nullptr && *text != '\0' && !Json::accept(text))
    fail(CLQ_E_INVALID, "config_schema is no JSON: {}", text);
}

Json parse_schema(const char* text) {
  require_json(text);
  if (text == nullptr || *text == '\0') return Json::object();
  const Json schema = Json::parse(text);
  require_keywords(schema, "config_schema");
  return schema;
}

void require_schema(const Json& value, const Json& schema, const std::string& where) {
  require_type(value, schema, where);
  require_choice(value, schema, where);
  if (value.is_number()) require_bounds(value.get<double>(), schema, where, "be");
  if (value.is_array()) require_items(value, schema, where);
  if (value.is_object()) require_properties(value, schema, where);
}

}  // namespace clq

// core/src/config/key_check.cpp -- values against the table of known keys: one sentence for each way to be wrong.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/key_check.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>

namespace clq {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

bool has_one_type(const Json& value, const std::string& type) {
  const auto all = [&](auto is) { return value.is_array() && std::all_of(value.begin(), value.end(), is); };
  if (type == "int") return value.is_number_integer();
  if (type == "float") return value.is_number();
  if (type == "bool") return value.is_boolean();
  if (type == "text") return value.is_string();
  if (type == "table") return value.is_object();
  if (type == "texts") return all([](const Json& v) { return v.is_string(); });
  if (type == "numbers") return all([](const Json& v) { return v.is_number(); });
  return all([](const Json& v) { return v.is_object(); });  // "tables"
}

std::string type_words(const std::string& types) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"int", "an integer"},          {"float", "a number"},
      {"bool", "true or false"},      {"text", "a text"},
      {"texts", "a list of texts"},   {"numbers", "a list of numbers"},
      {"tables", "a list of tables"}, {"table", "a table"}};
  std::string words;
  for (const std::string& type : split(types, '|'))
    for (const auto& [name, word] : kWords)
      if (name == type) words += std::string(words.empty() ? "" : " or ").append(word);
  return words;
}

// Not strtod, which reads a number as the host's locale writes it.
double bound(std::string_view text) {
  double number = 0;
  std::from_chars(text.data() + text.find_first_not_of(' '), text.data() + text.size(), number);
  return number;
}

// "" when `value` is allowed, else what would be: "at least 1", "from 0 to 1", "\"error\" or \"skip\"".
std::string not_allowed(const Json& value, const std::string& allowed) {
  if (value.is_string()) {
    std::string words;
    for (const std::string& choice : split(allowed, '|')) {
      if (value == choice) return {};
      words += (words.empty() ? "\"" : " or \"") + choice + "\"";
    }
    return words;
  }
  const double number = value.get<double>();
  const std::string_view text = allowed;
  const size_t dots = text.find("..");
  if (dots != std::string_view::npos) {
    const double low = bound(text.substr(0, dots)), high = bound(text.substr(dots + 2));
    return number >= low && number <= high ? "" : fmt::format("from {} to {}", low, high);
  }
  const bool equal = text[1] == '=';
  const double low = bound(text.substr(equal ? 2 : 1));
  if (equal ? number >= low : number > low) return {};
  return fmt::format("{} {}", equal ? "at least" : "above", low);
}

void check_value(const KeySpec& spec, const Json& value, const Place& place) {
  if (!has_type(value, spec.type))
    fail(CLQ_E_INVALID, "{} must be {}, got {}{}", spec.key, type_words(spec.type), value.dump(), place(spec.key));
  if (spec.allowed == nullptr) return;
  const std::string words = not_allowed(value, spec.allowed);
  if (!words.empty()) fail(CLQ_E_INVALID, "{} must be {}, got {}{}", spec.key, words, value.dump(), place(spec.key));
}

std::string leaf(const std::string& key) { return key.substr(key.rfind('.') + 1); }
std::string table_of(const std::string& key) { return key.substr(0, key.rfind('.') + 1); }

}  // namespace

const KeySpec* find_key(const std::string& key) {
  for (const KeySpec& spec : run_file_keys())
    if (key == spec.key) return &spec;
  return nullptr;
}

bool is_table_of_keys(const std::string& path) {
  const std::string prefix = path + ".";
  return std::any_of(run_file_keys().begin(), run_file_keys().end(), [&](const KeySpec& spec) {
    return std::string_view(spec.key).substr(0, prefix.size()) == prefix;
  });
}

bool begins_with_key(const std::string& words, const std::string& key) {
  if (!words.starts_with(key)) return false;
  const bool section = key.find_first_of(".[") == std::string::npos;  // "train.fits" is a file
  const std::string_view ends = section ? " :,[" : " .:,[";
  return words.size() == key.size() || ends.find(words[key.size()]) != std::string_view::npos;
}

bool has_type(const Json& value, const std::string& types) {
  const auto list = split(types, '|');
  return std::any_of(list.begin(), list.end(), [&](const std::string& type) { return has_one_type(value, type); });
}

void unknown_key(const std::string& key, const std::string& place) {
  std::vector<std::string> known;
  const bool section = key.find('.') == std::string::npos;
  for (const KeySpec& spec : run_file_keys()) {
    known.emplace_back(spec.key);
    if (section) known.push_back(split(spec.key, '.').front());
  }
  std::vector<std::string> beside;  // in the same table, and nearly so spelt
  for (const std::string& name : known)
    if (table_of(name) == table_of(key) && !did_you_mean(leaf(key), {leaf(name)}).empty()) beside.push_back(name);
  std::string hint = did_you_mean(key, beside);
  for (const std::string& name : known)  // the right word in the wrong section
    if (hint.empty() && leaf(name) == leaf(key)) hint = fmt::format(", did you mean '{}'?", name);
  if (hint.empty()) hint = did_you_mean(key, known);
  fail(CLQ_E_INVALID, "{} is unknown{}{}", key, hint, place);
}

void check_keys(const Json& values, const std::string& path, const Place& place) {
  for (const auto& [key, value] : values.items()) {
    const std::string where = path.empty() ? key : path + "." + key;
    // One key whose name has a dot in it is not the path that it looks like: nobody would ever read its value.
    if (key.find('.') != std::string::npos && (find_key(where) != nullptr || is_table_of_keys(where)))
      fail(CLQ_E_INVALID, "{} is one quoted key, write {} without quotes{}", where, where, place(where));
    const KeySpec* spec = find_key(where);
    const bool table = is_table_of_keys(where);
    const bool open = !path.empty() && find_key(path) != nullptr && has_type(values, find_key(path)->type);
    if (value.is_object() && table)
      check_keys(value, where, place);
    else if (spec != nullptr)
      check_value(*spec, value, place);
    else if (table)
      fail(CLQ_E_INVALID, "{} must be a table, got {}{}", where, value.dump(), place(where));
    else if (!open)
      unknown_key(where, place(where));
  }
}

}  // namespace clq

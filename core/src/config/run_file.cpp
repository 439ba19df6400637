// core/src/config/run_file.cpp -- the run file: who said what, and what counts.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/run_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include "config/key_check.hpp"
#include "config/run_file_model.hpp"
#include "config/text_file.hpp"
#include "config/toml.hpp"

namespace clq {
namespace {

std::vector<std::string> parts_of(const std::string& key) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

const Json* look_up(const Json& values, const std::string& key) {
  const Json* at = &values;
  for (const std::string& part : parts_of(key)) {
    if (!at->is_object()) return nullptr;
    const auto next = at->find(part);
    if (next == at->end()) return nullptr;
    at = &*next;
  }
  return at;
}

// By value: it may be a member of `values`, and those move when another is added.
void put(Json& values, const std::string& key, Json value) {
  Json* at = &values;
  for (const std::string& part : parts_of(key)) {
    if (!at->is_object()) *at = Json::object();  // data.on_bad = "skip" gives way to data.on_bad.stop_after
    at = &(*at)[part];
  }
  *at = std::move(value);
}

// Another loss or optimizer than the one a default speaks of: its parameters are not ours.
bool other_thing(const Json& mine, const Json& theirs) {
  for (const char* key : {"use", "name"})
    if (mine.contains(key) && theirs.contains(key) && mine[key] != theirs[key]) return true;
  return false;
}

void fill(Json& values, const Json& defaults, const std::string& path, const std::string& origin,
          std::map<std::string, std::string>& origins) {
  if (other_thing(values, defaults)) return;
  for (const auto& [key, value] : defaults.items()) {
    const std::string where = path.empty() ? key : path + "." + key;
    const bool absent = !values.contains(key);
    if (!absent && !(values[key].is_object() && value.is_object())) continue;
    if (absent) values[key] = value.is_object() ? Json::object() : value;
    if (value.is_object())
      fill(values[key], value, where, origin, origins);
    else
      origins[where] = origin;
  }
}

// Not toupper: in a Turkish host it leaves the letter i as it is.
std::string environment_name(const std::string& key) {
  std::string name = "CLQ_";
  for (const char c : key) name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

// As TOML where the key's type agrees, else as text; one text stands for a list of one.
Json value_of(const KeySpec* spec, const std::string& text) {
  const auto value = read_toml_value(text);
  if (value && (spec == nullptr || has_type(*value, spec->type))) return *value;
  if (value && value->is_object() && is_table_of_keys(spec->key)) return *value;  // data.on_bad = { stop_after = 9 }
  if (spec != nullptr && has_type(Json(text), spec->type)) return text;
  if (spec != nullptr && has_type(Json::array({text}), spec->type) && !value) return Json::array({text});
  return value ? *value : Json(text);
}

// A variable of a section, CLQ_TRAIN_EPOCH, that is none of its keys; what else begins with CLQ_ may be the host's.
void refuse_unknown_variables() {
  std::vector<std::string> names = {"CLQ_MODEL_PATH"}, sections;
  for (const KeySpec& spec : run_file_keys()) {
    names.push_back(environment_name(spec.key));
    const std::string section = environment_name(std::string(spec.key, std::strcspn(spec.key, "."))) + "_";
    if (std::strchr(spec.key, '.') != nullptr) sections.push_back(section);
  }
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string name(*variable, std::strcspn(*variable, "="));
    const bool ours = std::any_of(sections.begin(), sections.end(), [&](const auto& s) { return name.starts_with(s); });
    if (ours && std::find(names.begin(), names.end(), name) == names.end())
      fail(CLQ_E_INVALID, "environment variable {} is unknown{}", name, did_you_mean(name, names));
  }
}

bool is_settable(const std::string& key) {
  if (find_key(key) != nullptr || is_table_of_keys(key)) return true;
  const size_t dot = key.rfind('.');
  const KeySpec* table = dot == std::string::npos ? nullptr : find_key(key.substr(0, dot));
  const bool is_table = table != nullptr && fmt::format("|{}|", table->type).find("|table|") != std::string::npos;
  return is_table && dot + 1 < key.size();
}

}  // namespace

RunFile RunFile::load(const std::string& path) {
  RunFile file = parse(read_text_file(path, "a run file"), path);
  file.path_ = path;
  return file;
}

RunFile RunFile::load_kept(const std::string& path) {
  RunFile file = parse_written(read_text_file(path, "a run file"), path);
  file.path_ = path;
  return file;
}

RunFile RunFile::parse(const std::string& text, const std::string& origin) {
  RunFile file = parse_written(text, origin);
  file.apply_environment();
  return file;
}

RunFile RunFile::parse_written(const std::string& text, const std::string& origin) {
  RunFile file;
  TomlText read = read_toml(text, origin);
  file.given_ = std::move(read.values);
  for (const auto& [key, place] : read.origin) file.origin_[key] = "file " + place;
  file.check_given();
  return file;
}

void RunFile::apply_environment() {
  refuse_unknown_variables();
  for (const KeySpec& spec : run_file_keys()) {
    const std::string name = environment_name(spec.key);
    if (const char* value = std::getenv(name.c_str())) set(spec.key, value, "environment " + name);
  }
}

void RunFile::check_given() const {
  check_keys(given_, "", [this](const std::string& path) {
    const std::string origin = nearest_origin(origin_, path);
    if (origin == "default") return std::string();
    return " (" + (origin.rfind("file ", 0) == 0 ? origin.substr(5) : origin) + ")";
  });
}

void RunFile::set(const std::string& key, const std::string& value, const std::string& origin) {
  CLQ_REQUIRE(is_utf8(key) && is_utf8(value), "a key and its value must be UTF-8 ({})", origin);
  if (!is_settable(key)) unknown_key(key, " (" + origin + ")");
  RunFile next = *this;  // on an error nothing has changed
  put(next.given_, key, value_of(find_key(key), value));
  std::erase_if(next.origin_, [&](const auto& entry) {
    return entry.first.rfind(key + ".", 0) == 0 || entry.first.rfind(key + "[", 0) == 0;
  });
  next.origin_[key] = origin;
  next.check_given();
  *this = std::move(next);
}

void RunFile::add_defaults(const Json& values, const std::string& origin) {
  CLQ_REQUIRE(values.is_object(), "the defaults of {} must be a table, got {}", origin, values.dump());
  check_keys(values, "", [&](const std::string&) { return " (" + origin + ")"; });
  fill(defaults_, values, "", origin, defaults_origin_);
}

Json RunFile::resolve(Origins& origins) const {
  check_given();
  Json values = given_;
  origins = origin_;
  resolve_model(values, origins, model_folders_);
  Origins from_task;
  Json defaults = defaults_;  // several outputs have losses of their own
  if (values.contains("model") && values["model"].contains("output") && defaults.contains("model"))
    defaults["model"].erase("loss");
  fill(values, defaults, "", "", from_task);
  for (const auto& [key, unused] : from_task) origins[key] = nearest_origin(defaults_origin_, key);
  for (const KeySpec& spec : run_file_keys()) {
    if (spec.absent == nullptr || look_up(values, spec.key) != nullptr) continue;
    put(values, spec.key, *read_toml_value(spec.absent));
    origins[spec.key] = "default";
  }
  if (look_up(values, "train.micro_batch") == nullptr) {
    const Json* devices = look_up(values, "compute.devices");
    const auto replicas = static_cast<int64_t>(devices != nullptr && devices->is_array() ? devices->size() : 1);
    const auto batch = look_up(values, "train.batch")->get<int64_t>();
    const bool shared = replicas > 1 && batch % replicas == 0;
    put(values, "train.micro_batch", shared ? batch / replicas : batch);
    origins["train.micro_batch"] = shared ? "default: train.batch / replicas" : "default: train.batch";
  }
  Json ordered = Json::object();
  for (const KeySpec& spec : run_file_keys())
    if (const Json* value = look_up(values, spec.key)) put(ordered, spec.key, *value);
  return ordered;
}

// A key that is nowhere is missing in the file.
std::string RunFile::place_of(const std::string& words) const {
  Origins origins;
  resolve(origins);
  const std::string place = place_in(origins, words);
  const auto begins = [&](const KeySpec& spec) { return begins_with_key(words, spec.key); };
  const bool known = std::any_of(run_file_keys().begin(), run_file_keys().end(), begins);
  return place.empty() && known && !path_.empty() ? fmt::format(" ({})", path_) : place;
}

Json RunFile::get(const std::string& key) const {
  Origins unused;
  const Json values = resolve(unused);
  const Json* value = look_up(values, key);
  return value == nullptr ? Json() : *value;
}

Config RunFile::resolved() const {
  Origins unused;
  return Config(resolve(unused), "");
}

Config RunFile::section(const std::string& name) const { return resolved().child(name); }

std::string RunFile::dump(bool with_origin) const {
  Origins origins;
  const Json values = resolve(origins);
  return write_toml(
      values, [&](const std::string& path) { return with_origin ? nearest_origin(origins, path) : std::string(); });
}

}  // namespace clq

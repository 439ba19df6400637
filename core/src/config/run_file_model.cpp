// core/src/config/run_file_model.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "config/run_file_model.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/ranges.h>

#include "base/folder_names.hpp"
#include "config/key_check.hpp"
#include "config/loss_formula.hpp"
#include "config/model_chain.hpp"
#include "config/text_file.hpp"
#include "config/toml.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;

std::string in_brackets(const std::string& origin) {
  return fmt::format(" ({})", origin.starts_with("file ") ? origin.substr(5) : origin);
}

std::string at(const Origins& origins, const std::string& path) { return in_brackets(nearest_origin(origins, path)); }

// Without a suffix, sorted; a folder that is not there has none.
std::set<std::string> models_in(const std::vector<std::string>& folders) {
  std::set<std::string> names;
  for (const std::string& folder : folders) {
    std::error_code failed;
    for (const fs::path name : names_in(folder, failed))
      if (name.extension() == ".toml") names.insert(name.stem().string());
  }
  return names;
}

std::string find_model(const std::string& name, const std::vector<std::string>& folders, const std::string& place) {
  CLQ_REQUIRE(!name.empty() && name.find('/') == std::string::npos,
              "model.use '{}' is no name of a model, a path stands in model.file{}", name, place);
  std::error_code failed;
  for (const std::string& folder : folders)
    if (const fs::path file = fs::path(folder) / (name + ".toml"); fs::exists(file, failed)) return file.string();
  const std::set<std::string> there = models_in(folders);
  CLQ_REQUIRE(!there.empty(), "model.use: no model '{}', there is none in {}{}", name, fmt::join(folders, ":"), place);
  fail(CLQ_E_INVALID, "model.use: no model '{}', there are {}{}", name, fmt::join(there, ", "), place);
}

// A model file that is not there is a mistake in the run file, whichever call meets it.
std::string text_of(const std::string& path, const char* key, const std::string& place) {
  try {
    return read_text_file(path, "a model file");
  } catch (const Error& e) {
    fail(CLQ_E_INVALID, "model.{}: {}{}", key, e.what(), place);
  }
}

// [model] of a model file, with its layers.
TomlText read_model(const std::string& content, const std::string& path) {
  TomlText text = read_toml(content, path);
  const auto place = [&](const std::string& key) {
    const auto line = text.origin.find(key);
    return fmt::format(" ({})", line == text.origin.end() ? path : line->second);
  };
  check_keys(text.values, "", place);
  for (const auto& [section, unused] : text.values.items())
    CLQ_REQUIRE(section == "model", "{} stands in a run file, a model file has [model] alone{}", section,
                place(section));
  CLQ_REQUIRE(text.values.contains("model") && text.values["model"].contains("layer"),
              "{}: model.layer is missing: a model file lists the layers", path);
  for (const char* key : {"use", "file"})
    CLQ_REQUIRE(!text.values["model"].contains(key), "model.{0}: a model file has its own layers{1}", key,
                place(fmt::format("model.{}", key)));
  return text;
}

void require_one_source(const Json& model, const Origins& origins) {
  std::vector<std::string> given;
  for (const char* key : {"use", "file", "layer"})
    if (model.contains(key)) given.push_back(fmt::format("model.{}", key));
  CLQ_REQUIRE(given.size() <= 1, "{} say two things, a model has one of them{}", fmt::join(given, " and "),
              at(origins, given.back()));
  const bool elsewhere = model.contains("use") || model.contains("file");
  CLQ_REQUIRE(!elsewhere || !model.contains("block"), "model.block: the blocks of {} stand in its own file{}",
              given.front(), at(origins, "model.block"));
}

// Another loss than the one the file speaks of: its parameters are not ours.
bool other_loss(const Json& mine, const Json& theirs) {
  return mine.contains("use") && theirs.contains("use") && mine["use"] != theirs["use"];
}

// The run file's own value first; tables are joined.
void fill_in(Json& mine, const Json& theirs, const std::string& path, const TomlText& file, Origins& origins) {
  for (const auto& [key, value] : theirs.items()) {
    const std::string where = path + "." + key;
    if (!mine.contains(key)) {
      mine[key] = value;
      for (const auto& [name, line] : file.origin)
        if (name == where || name.starts_with(where + ".") || name.starts_with(where + "["))
          origins[name] = "file " + line;
    } else if (mine[key].is_object() && value.is_object() && !other_loss(mine[key], value)) {
      fill_in(mine[key], value, where, file, origins);
    }
  }
}

void require_known(const Json& mine, const Json& theirs, const std::string& model, const Origins& origins) {
  std::vector<std::string> known;
  for (const auto& [key, unused] : theirs.items()) known.push_back(key);
  for (const auto& [key, unused] : mine.items())
    CLQ_REQUIRE(theirs.contains(key), "model.parameters.{}: {} has no parameter '{}'{}{}", key, model, key,
                did_you_mean(key, known), at(origins, "model.parameters." + key));
}

void take_from_file(Json& model, Origins& origins, const std::vector<std::string>& folders) {
  const char* key = model.contains("use") ? "use" : "file";
  const auto named = model[key].get<std::string>();
  const std::string place = at(origins, fmt::format("model.{}", key));
  const std::string path = model.contains("use") ? find_model(named, folders, place) : named;
  const TomlText file = read_model(text_of(path, key, place), path);
  const Json& theirs = file.values["model"];
  require_known(model.value("parameters", Json::object()), theirs.value("parameters", Json::object()), path, origins);
  model.erase(key);
  origins.erase(fmt::format("model.{}", key));
  fill_in(model, theirs, "model", file, origins);
}

ModelChain expanded(const Json& model, const Origins& origins) {
  try {
    return expand_model(model);
  } catch (const Error& e) {
    fail(e.status(), "{}{}", e.what(), place_in(origins, e.what()));
  }
}

// A layer that was written in another table keeps that one's lines, a value that a parameter gave the parameter's.
void write_out(Json& model, Origins& origins) {
  const ModelChain chain = expanded(model, origins);
  Origins lines;
  for (size_t i = 0; i < chain.layers.size(); ++i) {
    const std::string &from = chain.sources[i], to = fmt::format("model.layer[{}]", i);
    lines[to] = nearest_origin(origins, from);
    for (auto line = origins.lower_bound(from + "."); line != origins.end() && line->first.starts_with(from + ".");
         ++line)
      lines[to + line->first.substr(from.size())] = line->second;
    for (const auto& [key, path] : chain.written[i])
      lines[fmt::format("{}.{}", to, key)] = nearest_origin(origins, path);
  }
  model["layer"] = chain.layers;
  if (!chain.outputs.empty()) model["output"] = chain.outputs;
  for (const char* key : {"block", "parameters"}) model.erase(key);
  std::erase_if(origins, [](const auto& entry) {
    return entry.first.starts_with("model.layer") || entry.first.starts_with("model.block") ||
           entry.first.starts_with("model.parameters");
  });
  origins.merge(lines);
}

// An expression is looked at where the line that has it is still known.
void require_formula(const Json& loss, const std::string& key, const Origins& origins) {
  std::string text = loss.is_string() ? loss.get<std::string>() : "";
  if (!is_formula(text)) text.clear();
  if (loss.is_object() && loss.value("use", Json()) == "expression" && loss.contains("formula")) {
    const Json& formula = loss["formula"];
    const std::string of_formula = fmt::format("{}.formula", key);
    CLQ_REQUIRE(formula.is_string(), "{} must be a text, got {}{}", of_formula, formula.dump(),
                at(origins, of_formula));
    text = formula.get<std::string>();
  }
  if (text.empty()) return;
  try {
    parse_loss_formula(text, key);
  } catch (const Error& e) {
    fail(e.status(), "{}{}", e.what(), at(origins, key));
  }
}

void require_formulas(const Json& model, const Origins& origins) {
  require_formula(model.value("loss", Json()), "model.loss", origins);
  const Json outputs = model.value("output", Json());
  for (size_t i = 0; outputs.is_array() && i < outputs.size(); ++i)
    require_formula(outputs[i].value("loss", Json()), fmt::format("model.output[{}].loss", i), origins);
}

}  // namespace

std::string nearest_origin(const Origins& origins, std::string path) {
  while (true) {
    const auto at = origins.find(path);
    if (at != origins.end()) return at->second;
    const size_t cut = path.find_last_of(".[");
    if (cut == std::string::npos) return "default";
    path.resize(cut);
  }
}

std::string place_in(const Origins& origins, const std::string& words) {
  const Origins::value_type* longest = nullptr;
  for (const auto& entry : origins)
    if (begins_with_key(words, entry.first) && (longest == nullptr || entry.first.size() > longest->first.size()))
      longest = &entry;
  return longest == nullptr || longest->second.starts_with("default") ? "" : in_brackets(longest->second);
}

void resolve_model(Json& values, Origins& origins, const std::vector<std::string>& folders) {
  if (!values.contains("model")) return;
  Json& model = values["model"];
  require_one_source(model, origins);
  if (model.contains("use") || model.contains("file")) take_from_file(model, origins, folders);
  if (model.contains("layer")) write_out(model, origins);
  require_formulas(model, origins);
  for (const char* key : {"loss", "bins"})
    CLQ_REQUIRE(!model.contains("output") || !model.contains(key),
                "model.{}: beside [[model.output]] it stands in an output{}", key,
                at(origins, fmt::format("model.{}", key)));
}

}  // namespace clq

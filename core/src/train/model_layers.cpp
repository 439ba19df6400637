// core/src/train/model_layers.cpp -- what of [model] can be filled in from the task and the data.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/model_layers.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "compile/parts.hpp"
#include "config/loss_formula.hpp"
#include "config/run_file.hpp"
#include "train/unsupervised.hpp"

namespace clq {
namespace {

void require_core_task(const Registry& registry, const std::string& task) {
  std::vector<std::string> names = {"regression", "classification", "segmentation", std::string(kReconstruction),
                                    std::string(kContrastive)};
  if (std::find(names.begin(), names.end(), task) != names.end()) return;
  fail(CLQ_E_INVALID, "task: unknown task '{}'{}", task, registry.hint("task", task, names));
}

[[noreturn]] void unknown_input(const std::string& name, const BatchLayout& layout, const std::string& path) {
  std::vector<std::string> names;
  for (const InputField& tensor : layout.tensors)
    if (tensor.name != "target" && tensor.name != "weight") names.push_back(tensor.name);
  for (const LayoutColumn& c : layout.columns)
    if (layout.tensors[c.tensor].name == "scalars") names.push_back(c.name);
  for (const DerivedColumn& d : layout.derived) names.push_back(d.name);
  fail(CLQ_E_INVALID, "{}.from: unknown input '{}'{} (inputs: {})", path, name, did_you_mean(name, names),
       fmt::join(names, ", "));
}

// "input.EBV" as the place of that column, "input.scalars[3]"; names of whole inputs and of layers as they are.
std::string placed(const std::string& name, const BatchLayout& layout, const std::string& path) {
  if (!name.starts_with("input.")) return name;
  const std::string field = name.substr(6);
  if (layout.tensor(field.substr(0, field.find('['))) >= 0) return name;
  for (const LayoutColumn& c : layout.columns) {
    if (layout.tensors[c.tensor].name != "scalars" || c.name != field) continue;
    return c.count == 1 ? fmt::format("input.scalars[{}]", c.offset)
                        : fmt::format("input.scalars[{}:{}]", c.offset, c.offset + c.count);
  }
  for (size_t i = 0; i < layout.derived.size(); ++i)
    if (layout.derived[i].name == field)
      return fmt::format("input.scalars[{}]", layout.columns_width() + static_cast<int64_t>(i));
  unknown_input(field, layout, path);
}

// Where a column of data.target stands in "target".
std::vector<int64_t> places_of(const std::string& column, const BatchLayout& layout, const std::string& path) {
  std::vector<std::string> known;
  for (const LayoutColumn& c : layout.columns) {
    if (layout.tensors[c.tensor].name != "target") continue;
    known.push_back(c.name);
    if (c.name != column) continue;
    std::vector<int64_t> places;
    for (int64_t k = 0; k < c.count; ++k) places.push_back(c.offset + k);
    return places;
  }
  fail(CLQ_E_INVALID, "{}.target: '{}' is no column of data.target{} (there: {})", path, column,
       did_you_mean(column, known), fmt::join(known, ", "));
}

// Without `target` the i-th output is of the i-th column, where there is one for each.
std::vector<std::string> targets_of(const Config& table, const BatchLayout& layout, size_t n_outputs, size_t i) {
  if (table.has("target"))
    return table.require<Json>("target").is_string() ? std::vector<std::string>{table.require<std::string>("target")}
                                                     : table.require<std::vector<std::string>>("target");
  std::vector<std::string> columns;
  for (const LayoutColumn& c : layout.columns)
    if (layout.tensors[c.tensor].name == "target") columns.push_back(c.name);
  CLQ_REQUIRE(columns.size() == n_outputs, "{}.target is missing: {} outputs, and data.target has {} columns",
              table.path(), n_outputs, columns.size());
  return {columns[i]};
}

// A text is a name, or an expression.
Json loss_table_of(const std::string& text) {
  if (!is_formula(text)) return {{"use", text}};
  return {{"use", "expression"}, {"formula", text}};
}

Json resolve_output(const Config& table, const BatchLayout& layout, size_t n_outputs, size_t i) {
  Json output = {{"name", table.require<std::string>("name")}};
  const auto name = output["name"].get<std::string>();
  CLQ_REQUIRE(!name.empty() && name != "prediction" && name != "loss" && name != "class",
              "{}.name '{}' is reserved, give another name", table.path(), name);
  const bool is_word = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  const bool of_table = name == "ID" || name.starts_with("FLAG_") || name.starts_with("TARGET");
  CLQ_REQUIRE(is_word && !of_table,
              "{}.name must be a word that names columns, but not ID, FLAG_... or TARGET..., got '{}'", table.path(),
              name);
  if (table.has("from")) output["from"] = table.require<std::string>("from");
  output["task"] = table.get<std::string>("task", "regression");
  CLQ_REQUIRE(output["task"] == "regression" || output["task"] == "classification" || output["task"] == "none",
              "{}.task must be regression, classification or none, got '{}'", table.path(),
              output["task"].get<std::string>());
  Json loss = table.get<Json>("loss", Json(output["task"] == "classification" ? "softmax_cross_entropy" : "mse"));
  if (loss.is_string()) loss = loss_table_of(loss.get<std::string>());
  CLQ_REQUIRE(loss.is_object() && loss.contains("use"), "{}.loss needs `use`, got {}", table.path(), loss.dump());
  output["loss"] = loss;
  output["weight"] = table.get("weight", 1.0);
  CLQ_REQUIRE(output["weight"] >= 0, "{}.weight must not be negative, got {}", table.path(), output["weight"].dump());
  Json places = Json::array();
  for (const std::string& column : targets_of(table, layout, n_outputs, i))
    for (const int64_t place : places_of(column, layout, table.path())) places.push_back(place);
  output["places"] = places;
  table.reject_unknown();
  return output;
}

void fill_units(Json& layers, const Json& output) {
  Json* layer = &layers.back();
  for (Json& named : layers)
    if (output.contains("from") && named.value("name", "") == output["from"]) layer = &named;
  if ((*layer)["use"] != "dense" || layer->contains("units")) return;
  const Json bins = output["loss"].value("bins", Json::object());
  ModelSpec part;
  part.loss = output["loss"];
  (*layer)["units"] =
      bins.contains("n") ? bins["n"] : Json(numbers_given(part, static_cast<int64_t>(output["places"].size())));
}

}  // namespace

Json task_member(const Registry& registry, const std::string& task) {
  const clq_builder* builder = registry.find("task", task);
  if (builder == nullptr) require_core_task(registry, task);
  if (builder == nullptr) return unsupervised_member(task);
  if (builder->config_schema == nullptr) return Json::object();
  const Json schema = Json::parse(builder->config_schema, nullptr, false);
  if (!schema.is_object() || !schema.contains("task") || !schema["task"].is_object()) return Json::object();
  return schema["task"];
}

Json resolve_layers(const Config& model, int64_t outputs) {
  Json layers = Json::array();
  for (const Config& layer : model.children("layer")) {
    layer.require<std::string>("use");
    layers.push_back(layer.json());
  }
  CLQ_REQUIRE(!layers.empty(), "model.layer is missing: a model needs use, file or at least one [[model.layer]]");
  Json& last = layers.back();
  if (!model.children("output").empty()) return layers;  // each of which says how many
  if (last["use"] == "dense" && !last.contains("units")) last["units"] = outputs;
  return layers;
}

void place_columns(Json& layers, const BatchLayout& layout) {
  for (size_t i = 0; i < layers.size(); ++i) {
    if (!layers[i].contains("from")) continue;
    const std::string path = fmt::format("model.layer[{}]", i);
    Json& from = layers[i]["from"];
    if (from.is_string()) from = placed(from.get<std::string>(), layout, path);
    if (!from.is_array()) continue;
    for (Json& name : from)
      if (name.is_string()) name = placed(name.get<std::string>(), layout, path);
  }
}

Json resolve_outputs(const Config& model, const BatchLayout& layout, Json& layers) {
  const std::vector<Config> tables = model.children("output");
  Json outputs = Json::array();
  for (size_t i = 0; i < tables.size(); ++i) {
    Json output = resolve_output(tables[i], layout, tables.size(), i);
    for (const Json& other : outputs)
      CLQ_REQUIRE(other["name"] != output["name"], "{}.name '{}' is taken", tables[i].path(),
                  output["name"].get<std::string>());
    fill_units(layers, output);
    outputs.push_back(std::move(output));
  }
  return outputs;
}

Json resolve_loss(const Config& model, const std::string& task, const Json& member) {
  Json loss = model.get<Json>("loss", Json());
  if (loss.is_string()) loss = loss_table_of(loss.get<std::string>());
  if (loss.is_null()) loss = member.value("/defaults/model/loss"_json_pointer, Json());
  if (loss.is_null()) loss = core_task_defaults(task).value("/model/loss"_json_pointer, Json{{"use", "mse"}});
  CLQ_REQUIRE(loss.is_object() && loss.contains("use"), "model.loss needs `use`, got {}", loss.dump());
  return loss;
}

Json resolve_task_options(const Config& model) {
  Json options = Json::object();
  const Config bins = model.child("bins");
  if (bins.json().empty()) return options;
  const auto low = bins.require<double>("min"), high = bins.require<double>("max");
  const auto n = bins.require<int64_t>("n");
  CLQ_REQUIRE(high > low && n >= 2, "model.bins needs max > min and n >= 2, got min {} max {} n {}", low, high, n);
  options["bins"] = bins.json();
  return options;
}

}  // namespace clq

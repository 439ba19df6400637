// core/src/train/model_layers.cpp -- what of [model] can be filled in from the task and the data.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/model_layers.hpp"

#include <algorithm>

namespace clq {
namespace {

void require_core_task(const Registry& registry, const std::string& task) {
  std::vector<std::string> names = {"regression", "classification"};
  if (std::find(names.begin(), names.end(), task) != names.end()) return;
  for (std::string& name : registry.builder_names("task")) names.push_back(std::move(name));
  fail(CLQ_E_INVALID, "task: unknown task '{}'{}", task, did_you_mean(task, names));
}

}  // namespace

Json task_member(const Registry& registry, const std::string& task) {
  const clq_builder* builder = registry.find("task", task);
  if (builder == nullptr) require_core_task(registry, task);
  if (builder == nullptr || builder->config_schema == nullptr) return Json::object();
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
  if (layers.empty()) {
    if (model.has("use") || model.has("file"))
      fail(CLQ_E_UNSUPPORTED, "model: shipped models and model files are not offered yet, write [[model.layer]]");
    fail(CLQ_E_INVALID, "model.layer is missing: a model needs at least one [[model.layer]]");
  }
  Json& last = layers.back();
  if (last["use"] == "dense" && !last.contains("units")) last["units"] = outputs;
  return layers;
}

Json resolve_loss(const Config& model, const std::string& task, const Json& member) {
  Json loss = model.get<Json>("loss", Json());
  if (loss.is_string()) loss = {{"use", loss}};
  if (loss.is_null()) loss = member.value("/defaults/model/loss"_json_pointer, Json());
  if (loss.is_null()) loss = {{"use", task == "classification" ? "softmax_cross_entropy" : "mse"}};
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

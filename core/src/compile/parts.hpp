// core/src/compile/parts.hpp -- layers, losses, optimizers and metrics by name, the core's and those of plugins.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>

#include "compile/programs.hpp"

namespace clq {

// "layer dense", "loss mse", "optimizer adam": found among the core's first, so a plugin's would never be.
bool is_core_part(const std::string& kind_and_name);

// The parts of a model that plugins offer, and who; in a bundle they say what is missing where it is.
Json plugins_of(const ModelSpec& model, const BuilderLookup& builders);
void require_plugins(const ModelSpec& model, const BuilderLookup& builders);

// A name with a dot is a plugin's. Unknown names and unknown keys are errors with the nearest known one; options of a
// plugin are what its schema says.
std::unique_ptr<Layer> find_layer(const std::string& use, const Config& config, const BuilderLookup& builders);
// With the task's bins where the loss takes bins and says none. `path`: of its table, "model.loss".
std::unique_ptr<Loss> find_loss(const ModelSpec& model, const BuilderLookup& builders, const std::string& path);
// What the loss predicts of each target: "gaussian", "mixture"; "": no density that metrics know.
std::string density_of(const ModelSpec& model);
// What a network gives for so many targets: a mean and a log variance each of a Gaussian, of an expression the numbers
// that it names, else one each.
int64_t numbers_given(const ModelSpec& model, int64_t targets);
bool masks_nan(const ModelSpec& model);  // the loss leaves out what of a target is NaN
std::unique_ptr<Optimizer> find_optimizer(const Json& optimizer, const BuilderLookup& builders);
// The task's own metrics, else the core's for this task name; nullptr when it has none.
std::unique_ptr<MetricSet> find_metrics(const ModelSpec& model, const BuilderLookup& builders);
// The outputs that a plugin's task names; false where the task is the core's.
bool build_task(GraphBuilder& graph, const ModelSpec& model, std::span<const Value> predictions,
                const BuilderLookup& builders);

}  // namespace clq

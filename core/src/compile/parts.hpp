// core/src/compile/parts.hpp -- layers, losses, optimizers and metrics by name, the core's and those of plugins.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>

#include "compile/programs.hpp"

namespace clq {

// "layer dense", "loss mse", "optimizer adam": found among the core's first, so a plugin's would never be.
bool is_core_part(const std::string& kind_and_name);

// A name with a dot is a plugin's. Unknown names and unknown keys are errors with the nearest known one.
std::unique_ptr<Layer> find_layer(const std::string& use, const Config& config, const BuilderLookup& builders);
// With the task's bins where the loss takes bins and says none.
std::unique_ptr<Loss> find_loss(const ModelSpec& model, const BuilderLookup& builders);
// What the loss predicts of each target: "gaussian", "mixture"; "": no density that metrics know.
std::string density_of(const ModelSpec& model);
// What a network gives for so many targets: a mean and a log variance each of a Gaussian, of an expression the numbers
// that it names, else one each.
int64_t numbers_given(const ModelSpec& model, int64_t targets);
bool masks_nan(const ModelSpec& model);  // the loss leaves out what of a target is NaN
std::unique_ptr<Optimizer> find_optimizer(const Json& optimizer, const BuilderLookup& builders);
// The task's own metrics, else the core's for this task name; nullptr when it has none.
std::unique_ptr<MetricSet> find_metrics(const ModelSpec& model, const BuilderLookup& builders);

}  // namespace clq

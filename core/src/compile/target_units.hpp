// core/src/compile/target_units.hpp -- between the unit of the target and what the network learns of it, in ops.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "compile/programs.hpp"

namespace clq {

// Refuses what has no exact form: classes, bins and probabilities, and mixtures behind a step that is not linear.
void require_target_steps(const ModelSpec& model);

// Those of `steps` that work on one of these places.
std::vector<TargetStep> steps_at(const std::vector<TargetStep>& steps, const std::vector<int64_t>& places);
// What is learned of [N, K] F64, whose numbers have these places: NaN or infinite where a step has no value.
Value learned_values(GraphBuilder& graph, Value table, const std::vector<TargetStep>& steps,
                     const std::vector<int64_t>& places);
// `target` [N, ...] F64, whose numbers have these places in the whole target, as the network learns it. Rows that fill
// up a batch stay finite, and what is NaN stays NaN.
Value learned_target(GraphBuilder& graph, Value target, const std::vector<TargetStep>& steps,
                     const std::vector<int64_t>& places);
// The exact inverse of a prediction [N, ...] that the loss of `model` makes, in its own dtype: its numbers, and the
// means and sigmas of its densities. Of an expression with more outputs than targets the first ones. Sigmas of what
// is_gaussian_elsewhere stay those of what is learned; their means become medians.
Value in_target_unit(GraphBuilder& graph, Value prediction, const ModelSpec& model, const std::vector<int64_t>& places);

// What is learned has a Gaussian density, behind a step that is not linear: the target's own is none, but its
// quantiles are those of the Gaussian, given back.
bool is_gaussian_elsewhere(const ModelSpec& model);
// The sigmas that two models predict are of one unit.
bool have_one_unit(const ModelSpec& x, const ModelSpec& y);
// Of the places of a target: the inverse of each number of a table [N, T] F64, and log |dt / dz| at the target there.
Value given_back(GraphBuilder& graph, Value table, const std::vector<TargetStep>& steps,
                 const std::vector<int64_t>& places);
Value log_slopes(GraphBuilder& graph, Value table, const std::vector<TargetStep>& steps,
                 const std::vector<int64_t>& places);

}  // namespace clq

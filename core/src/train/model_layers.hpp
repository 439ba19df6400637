// core/src/train/model_layers.hpp -- what of [model] can be filled in from the task and the data.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/config.hpp>

#include "data/batch_layout.hpp"
#include "runtime/registry.hpp"

namespace clq {

// The "task" member of a task's schema: {"defaults", "columns", ...}; {} for the tasks of the core. Throws for one that
// neither the core nor a loaded plugin has.
Json task_member(const Registry& registry, const std::string& task);

Json resolve_layers(const Config& model, int64_t outputs);  // outputs: of a last dense layer without `units`
// [[model.output]] tables as ModelSpec::outputs, with the places of their columns in "target"; a dense layer without
// `units` that is an output gets one for each of them, or for each bin of its loss. Empty where there are none.
Json resolve_outputs(const Config& model, const BatchLayout& layout, Json& layers);
// What `from` names as "input.<column>", a column of data.scalars or data.derived, becomes its place in the tensor
// "scalars": bundles keep no names of columns in their layers.
void place_columns(Json& layers, const BatchLayout& layout);
Json resolve_loss(const Config& model, const std::string& task, const Json& member);
Json resolve_task_options(const Config& model);

}  // namespace clq

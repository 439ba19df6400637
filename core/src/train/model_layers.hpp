// core/src/train/model_layers.hpp -- what of [model] can be filled in from the task and the data.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/config.hpp>

#include "runtime/registry.hpp"

namespace clq {

// The "task" member of a task's schema: {"defaults", "columns", ...}; {} for the tasks of the core. Throws for one that
// neither the core nor a loaded plugin has.
Json task_member(const Registry& registry, const std::string& task);

Json resolve_layers(const Config& model, int64_t outputs);  // outputs: of a last dense layer without `units`
Json resolve_loss(const Config& model, const std::string& task, const Json& member);
Json resolve_task_options(const Config& model);

}  // namespace clq

// core/src/train/checkpoint_states.hpp -- which states a checkpoint keeps, and that it has them all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>

#include "train/session.hpp"

namespace clq {

inline constexpr std::string_view kBestState = "best.";  // in front of the states of the best epoch

// False for what is worth nothing between two steps, or is cleared before each use.
bool is_kept_state(const std::string& name);
// CLQ_E_DATA where a state of the run's programs is not in the checkpoint, which would begin anew unseen, has another
// shape or type there, or where the checkpoint has one that the run does not. Those of the best epoch are all of the
// model's: there they must be where `has_best`.
void require_states(StateStore& run, const std::map<std::string, Tensor>& model, bool has_best,
                    const std::map<std::string, Tensor>& checkpoint);

}  // namespace clq

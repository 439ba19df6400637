// core/src/compile/mode_states.hpp -- that training and prediction ask for the same states.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "compile/build.hpp"

namespace clq {

// `training` holds the layers and nothing else. A state is known by its name alone: one that prediction has and
// training has not keeps its first value, a parameter that training alone has is trained into nothing. Neither is seen
// in a loss.
void require_same_states(const Graph& training, const Build& build);

}  // namespace clq

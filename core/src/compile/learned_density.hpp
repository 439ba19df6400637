// core/src/compile/learned_density.hpp -- what is shown of a density that is a Gaussian of what is learned.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "compile/heads.hpp"

namespace clq {

// Of a head that is_gaussian_elsewhere, whose prediction [N, 2K] is medians, and sigmas of what is learned.
Value medians_of(GraphBuilder& builder, Value prediction);  // [N, K]
// Half of what lies between the quantiles of 15.9 % and 84.1 %, [N, K] in the target's unit: the sigma of a Gaussian.
Value half_widths(GraphBuilder& builder, const Head& head, Value prediction);
// nll of the target in its own unit, pit_ks, coverage_68 and coverage_95; its crps has no closed form. `target` is the
// head's own.
void add_learned_density_metrics(GraphBuilder& builder, const Head& head, Value prediction, Value target);

}  // namespace clq

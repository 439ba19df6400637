// core/src/metrics/densities.hpp -- how good predicted Gaussians and their mixtures are: likelihood, CRPS, calibration.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "graph/gaussians.hpp"
#include "metrics/metrics.hpp"

namespace clq {

// One for each of the targets, as losses predict them: of "gaussian" [N, 2K], the means, then the sigmas of K
// Gaussians; of "mixture" [N, 3M], the weights, the means, the sigmas for one target. Empty for "": the prediction is
// no density.
std::vector<Gaussians> densities_of(GraphBuilder& graph, Value prediction, int64_t targets, const std::string& kind);
Value mean_of(GraphBuilder& graph, const Gaussians& mixture);   // [N, 1]
Value sigma_of(GraphBuilder& graph, const Gaussians& mixture);  // [N, 1], the standard deviation
// nll, crps, pit_ks, coverage_68 and coverage_95 of the target z [N, 1] F64.
// Where z is a function of the target and log_slope [N, 1] is log |dz / d target|, nll is the target's and there is no
// crps.
void add_density_metrics(GraphBuilder& graph, const Gaussians& mixture, Value z, const Naming& naming,
                         Value log_slope = {});

}  // namespace clq

// core/src/losses/heads.hpp -- networks that give a density for a number: one Gaussian, or a mixture of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "graph/gaussians.hpp"
#include "losses/losses.hpp"

namespace clq {

// Outputs [N, 2K] for K numbers: the means, then the logarithms of the variances, as Nix & Weigend (1994), who have the
// network give the variance through exp: it is positive, the likelihood takes its logarithm as it is, and another unit
// of the target only adds a number to it. A softplus needs a floor under its logarithm, and prefers a scale.
struct GaussianHead {
  Value mean, log_variance;  // [N, K]
};
GaussianHead gaussian_head(GraphBuilder& graph, Value output, const char* loss);
Value gaussian_prediction(GraphBuilder& graph, Value output, const char* loss);  // the means, then the sigmas

// Outputs [N, 3M] for one number: logits of the weights, means, logarithms of the sigmas, M each (Bishop 1994).
struct MixtureHead {
  Value logits, mean, log_sigma;  // [N, M]
};
MixtureHead mixture_head(GraphBuilder& graph, Value output, const char* loss);
Value mixture_prediction(GraphBuilder& graph, Value output, const char* loss);  // the weights, then means, sigmas
// [N, 1] in the mixture's dtype; counts [N].
Target mixture_target(GraphBuilder& graph, Value target, const MixtureHead& head, bool mask_nan, const char* loss);

}  // namespace clq

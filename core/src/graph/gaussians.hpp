// core/src/graph/gaussians.hpp -- scores of Gaussians and their mixtures, written in ops: of losses and metrics alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "graph/graph_builder.hpp"

namespace clq {

// M components of each of N samples; all [N, M] of one dtype.
struct Gaussians {
  Value weights, means, sigmas;
};

Value times(GraphBuilder& graph, Value x, double factor);
// The mean of |X| for X from N(d, sigma^2), of which the scores are made.
Value mean_size(GraphBuilder& graph, Value d, Value sigma);
// The continuous ranked probability score of the mixtures at z [N, 1] -> [N] (Grimit et al. 2006).
Value mixture_crps(GraphBuilder& graph, const Gaussians& mixture, Value z);
// The mixtures' distribution functions at z [N, 1] -> [N].
Value mixture_cdf(GraphBuilder& graph, const Gaussians& mixture, Value z);

}  // namespace clq

// core/src/compile/passes/fold_batch_norm.hpp -- a batch norm in prediction, taken into the layer before it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include <calanque/core/graph.hpp>

namespace clq {

// gamma (w x + b - mean) / sqrt(variance + eps) + beta is (s w) x + (s (b - mean) + beta), s = gamma / sqrt(variance +
// eps).
struct Fold {                 // states by name
  std::string weights, bias;  // scaled along axis 0, and moved; bias is beta where the layer has none
  std::string gamma, beta, mean, variance;
  double eps = 0;
};

// Of a graph that changes no state: conv/1, or matmul/1 with transpose_b and the add/1 of a bias, F32, that nothing but a
// batch_norm_inference/1 reads and whose states nobody else does. The states stay, but must be given changed.
std::vector<Fold> fold_batch_norm(Graph& graph);
void fold_states(const std::vector<Fold>& folds, std::map<std::string, Tensor>& states);

}  // namespace clq

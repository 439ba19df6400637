// calanque/core/loss.hpp -- a loss: one value a sample from the model's output and the target.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <calanque/core/config.hpp>

namespace clq {

class GraphBuilder;

class Loss {
 public:
  virtual ~Loss() = default;
  // output: the network's raw output [N, ...]; target: [N] or [N, ...] F64 -> [N] in the output's dtype.
  virtual Value build(GraphBuilder& graph, Value output, Value target) const = 0;
  // What users and tasks see of the raw output: softmax for a cross-entropy, the output itself for a mse.
  virtual Value predict(GraphBuilder& graph, Value output) const = 0;
};

struct LossEntry {
  std::string_view name;               // "softmax_cross_entropy", "mse"
  std::unique_ptr<Loss> (*make)(const Config&);
};
std::span<const LossEntry> loss_table();

}  // namespace clq

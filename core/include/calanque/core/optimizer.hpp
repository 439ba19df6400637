// calanque/core/optimizer.hpp -- an optimizer: how one parameter moves along its gradient.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <calanque/core/config.hpp>

namespace clq {

class GraphBuilder;

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // Returns the parameter's next value; moments are states made here ("adam.m.<parameter>"), assigned `when`.
  // learning_rate is a rank-0 F64 value, step a rank-0 I64 one that starts at 0.
  virtual Value build(GraphBuilder& graph, Value parameter, Value gradient, Value learning_rate, Value step, Value when) const = 0;
};

struct OptimizerEntry {
  std::string_view name;               // "sgd", "adam", "adamw"
  std::unique_ptr<Optimizer> (*make)(const Config&);
};
std::span<const OptimizerEntry> optimizer_table();

}  // namespace clq

// core/src/optimizers/optimizers.hpp -- the makers that table.cpp lists, and what optimizers share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/optimizer.hpp>

#include "graph/graph_builder.hpp"

namespace clq {

std::unique_ptr<Optimizer> make_sgd(const Config&);
std::unique_ptr<Optimizer> make_adam(const Config&);
std::unique_ptr<Optimizer> make_adamw(const Config&);
std::unique_ptr<Optimizer> make_rmsprop(const Config&);
std::unique_ptr<Optimizer> make_lamb(const Config&);

// `weight_decay` as PyTorch applies it, to every parameter, biases included, unless `decay_bias = false`:
// then states flagged CLQ_STATE_NO_DECAY are spared.
class Decay {
 public:
  Decay(const Config& config, double absent);
  double of(const GraphBuilder& graph, Value parameter) const;  // 0: none

 private:
  double rate_;
  bool bias_;
};

// Arithmetic in one line; numbers become constants of the operand's dtype.
Value add(GraphBuilder& graph, Value a, Value b);
Value sub(GraphBuilder& graph, Value a, Value b);
Value mul(GraphBuilder& graph, Value a, Value b);
Value mul(GraphBuilder& graph, Value a, double b);
Value div(GraphBuilder& graph, Value a, Value b);
Value cast(GraphBuilder& graph, Value a, DType dtype);
// A state shaped like the parameter: "<optimizer>.<what>.<parameter>", the optimizer being the scope.
Value moment(GraphBuilder& graph, const char* what, Value parameter);
// The state becomes beta state + (1 - beta) x, `when`; returns that value.
Value average(GraphBuilder& graph, Value state, Value x, double beta, Value when);
// Corrections of averages that begin at 0, in F64: t = step + 1, and 1 - beta^t.
Value step_number(GraphBuilder& graph, Value step);
Value one_minus_power(GraphBuilder& graph, double beta, Value t);

}  // namespace clq

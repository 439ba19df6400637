// core/src/optimizers/optimizer_tools.cpp -- what optimizers share.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "optimizers/optimizers.hpp"

namespace clq {

Decay::Decay(const Config& config, double absent)
    : rate_(config.get("weight_decay", absent)), bias_(config.get("decay_bias", true)) {
  CLQ_REQUIRE(rate_ >= 0, "weight_decay must not be negative, got {}", rate_);
}

double Decay::of(const GraphBuilder& graph, Value parameter) const {
  const bool spared = !bias_ && (graph.state_flags(parameter) & CLQ_STATE_NO_DECAY) != 0;
  return spared ? 0 : rate_;
}

Value add(GraphBuilder& graph, Value a, Value b) { return graph.op("add/1", {a, b}); }
Value sub(GraphBuilder& graph, Value a, Value b) { return graph.op("sub/1", {a, b}); }
Value mul(GraphBuilder& graph, Value a, Value b) { return graph.op("mul/1", {a, b}); }
Value mul(GraphBuilder& graph, Value a, double b) { return mul(graph, a, graph.constant(b, graph.dtype(a))); }
Value div(GraphBuilder& graph, Value a, Value b) { return graph.op("div/1", {a, b}); }

Value cast(GraphBuilder& graph, Value a, DType dtype) {
  return graph.dtype(a) == dtype ? a : graph.op("cast/1", {a}, {{"dtype", attr(dtype)}});
}

Value moment(GraphBuilder& graph, const char* what, Value parameter) {
  return graph.state(fmt::format("{}.{}", what, graph.state_name(parameter)), graph.desc(parameter), init::zeros());
}

Value average(GraphBuilder& graph, Value state, Value x, double beta, Value when) {
  const Value next = add(graph, mul(graph, state, beta), mul(graph, x, 1 - beta));
  graph.assign(state, next, when);
  return next;
}

Value step_number(GraphBuilder& graph, Value step) {
  return add(graph, cast(graph, step, CLQ_F64), graph.constant(1, CLQ_F64));
}

Value one_minus_power(GraphBuilder& graph, double beta, Value t) {
  const Value power = graph.op("pow/1", {graph.constant(beta, CLQ_F64), t});
  return sub(graph, graph.constant(1, CLQ_F64), power);
}

}  // namespace clq

// core/src/optimizers/lamb.cpp -- LAMB (You et al. 2020), algorithm 2, with the bias corrections of Adam.
// SPDX-License-Identifier: BSD-3-Clause
#include "optimizers/optimizers.hpp"

namespace clq {
namespace {

class Lamb final : public Optimizer {
 public:
  explicit Lamb(const Config& config)
      : beta1_(config.get("beta1", 0.9)),
        beta2_(config.get("beta2", 0.999)),
        eps_(config.get("eps", 1e-6)),
        decay_(config, 1e-2) {
    CLQ_REQUIRE(beta1_ >= 0 && beta1_ < 1 && beta2_ >= 0 && beta2_ < 1,
                "lamb: beta1 and beta2 must be in [0, 1), got {} and {}", beta1_, beta2_);
    CLQ_REQUIRE(eps_ > 0, "lamb: eps must be positive, got {}", eps_);
  }

  // u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + decay w; w -= lr |w| / |u| u
  Value build(GraphBuilder& graph, Value parameter, Value gradient, Value learning_rate, Value step,
              Value when) const override {
    const GraphBuilder::Scope scope(graph, "lamb");
    const DType dtype = graph.dtype(parameter);
    const Value m = average(graph, moment(graph, "m", parameter), gradient, beta1_, when);
    const Value v = average(graph, moment(graph, "v", parameter), mul(graph, gradient, gradient), beta2_, when);
    const Value t = step_number(graph, step);
    const Value mean = div(graph, m, cast(graph, one_minus_power(graph, beta1_, t), dtype));
    const Value square = div(graph, v, cast(graph, one_minus_power(graph, beta2_, t), dtype));
    const Value spread = add(graph, graph.op("sqrt/1", {square}), graph.constant(eps_, dtype));
    Value direction = div(graph, mean, spread);
    const double decay = decay_.of(graph, parameter);
    if (decay > 0) direction = add(graph, direction, mul(graph, parameter, decay));
    const Value rate = mul(graph, learning_rate, trust(graph, parameter, direction));
    return sub(graph, parameter, mul(graph, direction, cast(graph, rate, dtype)));
  }

 private:
  // |w| / |u| in F64; 1 where one of them is 0: weights that start at 0 would stay there.
  static Value trust(GraphBuilder& graph, Value parameter, Value direction) {
    const Value zero = graph.constant(0, CLQ_F64);
    const auto norm = [&](Value v) { return graph.op("sqrt/1", {graph.op("sum_squares/1", {v})}); };
    const auto positive = [&](Value v) { return graph.op("compare/1", {v, zero}, {{"op", attr("gt")}}); };
    const Value weights = norm(parameter), moved = norm(direction);
    const Value both = mul(graph, positive(weights), positive(moved));
    return graph.op("select/1", {both, div(graph, weights, moved), graph.constant(1, CLQ_F64)});
  }

  double beta1_, beta2_, eps_;
  Decay decay_;
};

}  // namespace

std::unique_ptr<Optimizer> make_lamb(const Config& config) { return std::make_unique<Lamb>(config); }

}  // namespace clq

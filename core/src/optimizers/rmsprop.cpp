// core/src/optimizers/rmsprop.cpp -- RMSprop (Tieleman & Hinton 2012; centered: Graves 2013), as PyTorch's.
// SPDX-License-Identifier: BSD-3-Clause
#include "optimizers/optimizers.hpp"

namespace clq {
namespace {

class Rmsprop final : public Optimizer {
 public:
  explicit Rmsprop(const Config& config)
      : alpha_(config.get("alpha", 0.99)),
        eps_(config.get("eps", 1e-8)),
        momentum_(config.get("momentum", 0.0)),
        centered_(config.get("centered", false)),
        decay_(config, 0) {
    CLQ_REQUIRE(alpha_ >= 0 && alpha_ < 1, "rmsprop: alpha must be in [0, 1), got {}", alpha_);
    CLQ_REQUIRE(momentum_ >= 0 && momentum_ < 1, "rmsprop: momentum must be in [0, 1), got {}", momentum_);
    CLQ_REQUIRE(eps_ > 0, "rmsprop: eps must be positive, got {}", eps_);
  }

  // g += decay w; v = alpha v + (1 - alpha) g^2; u = g / (sqrt(v) + eps); m = momentum m + u; w -= lr m
  Value build(GraphBuilder& graph, Value parameter, Value gradient, Value learning_rate, Value,
              Value when) const override {
    const GraphBuilder::Scope scope(graph, "rmsprop");
    const DType dtype = graph.dtype(parameter);
    const double decay = decay_.of(graph, parameter);
    if (decay > 0) gradient = add(graph, gradient, mul(graph, parameter, decay));
    const Value spread = graph.op("sqrt/1", {spread_squared(graph, parameter, gradient, when)});
    Value direction = div(graph, gradient, add(graph, spread, graph.constant(eps_, dtype)));
    if (momentum_ > 0) {
      const Value before = moment(graph, "m", parameter);
      direction = add(graph, mul(graph, before, momentum_), direction);
      graph.assign(before, direction, when);
    }
    return sub(graph, parameter, mul(graph, direction, cast(graph, learning_rate, dtype)));
  }

 private:
  // Centered: less the squared mean of the gradient. What rounding leaves below 0 of an even gradient would be NaN.
  Value spread_squared(GraphBuilder& graph, Value parameter, Value gradient, Value when) const {
    const Value v = average(graph, moment(graph, "v", parameter), mul(graph, gradient, gradient), alpha_, when);
    if (!centered_) return v;
    const Value mean = average(graph, moment(graph, "mean", parameter), gradient, alpha_, when);
    const Value variance = sub(graph, v, mul(graph, mean, mean));
    return graph.op("maximum/1", {variance, graph.constant(0, graph.dtype(v))});
  }

  double alpha_, eps_, momentum_;
  bool centered_;
  Decay decay_;
};

}  // namespace

std::unique_ptr<Optimizer> make_rmsprop(const Config& config) { return std::make_unique<Rmsprop>(config); }

}  // namespace clq

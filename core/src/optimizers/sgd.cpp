// core/src/optimizers/sgd.cpp -- gradient descent with momentum, Nesterov's form and L2 weight decay, as PyTorch's SGD.
// SPDX-License-Identifier: BSD-3-Clause
#include "optimizers/optimizers.hpp"

namespace clq {
namespace {

class Sgd final : public Optimizer {
 public:
  explicit Sgd(const Config& config)
      : momentum_(config.get("momentum", 0.0)), nesterov_(config.get("nesterov", false)), decay_(config, 0) {
    CLQ_REQUIRE(momentum_ >= 0 && momentum_ < 1, "sgd: momentum must be in [0, 1), got {}", momentum_);
    CLQ_REQUIRE(!nesterov_ || momentum_ > 0, "sgd: nesterov needs a momentum");
  }

  // g += decay w; m = momentum m + g; w -= lr (nesterov ? g + momentum m : m)
  Value build(GraphBuilder& graph, Value parameter, Value gradient, Value learning_rate, Value,
              Value when) const override {
    const GraphBuilder::Scope scope(graph, "sgd");
    const double decay = decay_.of(graph, parameter);
    if (decay > 0) gradient = add(graph, gradient, mul(graph, parameter, decay));
    Value direction = gradient;
    if (momentum_ > 0) {
      const Value before = moment(graph, "m", parameter);
      const Value m = add(graph, mul(graph, before, momentum_), gradient);
      graph.assign(before, m, when);
      direction = nesterov_ ? add(graph, gradient, mul(graph, m, momentum_)) : m;
    }
    const Value rate = cast(graph, learning_rate, graph.dtype(parameter));
    return sub(graph, parameter, mul(graph, direction, rate));
  }

 private:
  double momentum_;
  bool nesterov_;
  Decay decay_;
};

}  // namespace

std::unique_ptr<Optimizer> make_sgd(const Config& config) { return std::make_unique<Sgd>(config); }

}  // namespace clq

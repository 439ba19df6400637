// core/src/optimizers/adam.cpp -- Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), as in PyTorch.
// SPDX-License-Identifier: BSD-3-Clause
#include "optimizers/optimizers.hpp"

namespace clq {
namespace {

class Adam final : public Optimizer {
 public:
  Adam(const Config& config, const char* name, bool decoupled)
      : name_(name),
        decoupled_(decoupled),
        beta1_(config.get("beta1", 0.9)),
        beta2_(config.get("beta2", 0.999)),
        eps_(config.get("eps", 1e-8)),
        decay_(config, decoupled ? 1e-2 : 0.0) {
    CLQ_REQUIRE(beta1_ >= 0 && beta1_ < 1 && beta2_ >= 0 && beta2_ < 1,
                "{}: beta1 and beta2 must be in [0, 1), got {} and {}", name_, beta1_, beta2_);
    CLQ_REQUIRE(eps_ > 0, "{}: eps must be positive, got {}", name_, eps_);
  }

  // w -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps), t = step + 1; the factors of t in F64.
  Value build(GraphBuilder& graph, Value parameter, Value gradient, Value learning_rate, Value step,
              Value when) const override {
    const GraphBuilder::Scope scope(graph, name_);
    const DType dtype = graph.dtype(parameter);
    const double decay = decay_.of(graph, parameter);
    if (decay > 0 && !decoupled_) gradient = add(graph, gradient, mul(graph, parameter, decay));
    const Value start = decay > 0 && decoupled_ ? decayed(graph, parameter, learning_rate, decay) : parameter;

    const Value m = average(graph, moment(graph, "m", parameter), gradient, beta1_, when);
    const Value v = average(graph, moment(graph, "v", parameter), mul(graph, gradient, gradient), beta2_, when);
    const Value t = step_number(graph, step);
    const Value rate = cast(graph, div(graph, learning_rate, one_minus_power(graph, beta1_, t)), dtype);
    const Value bias = cast(graph, graph.op("sqrt/1", {one_minus_power(graph, beta2_, t)}), dtype);
    const Value spread = add(graph, div(graph, graph.op("sqrt/1", {v}), bias), graph.constant(eps_, dtype));
    return sub(graph, start, div(graph, mul(graph, m, rate), spread));
  }

 private:
  static Value decayed(GraphBuilder& graph, Value parameter, Value learning_rate, double decay) {
    const Value factor = sub(graph, graph.constant(1, CLQ_F64), mul(graph, learning_rate, decay));
    return mul(graph, parameter, cast(graph, factor, graph.dtype(parameter)));
  }

  const char* name_;
  bool decoupled_;
  double beta1_, beta2_, eps_;
  Decay decay_;
};

}  // namespace

std::unique_ptr<Optimizer> make_adam(const Config& config) { return std::make_unique<Adam>(config, "adam", false); }
std::unique_ptr<Optimizer> make_adamw(const Config& config) { return std::make_unique<Adam>(config, "adamw", true); }

}  // namespace clq

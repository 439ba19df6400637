// tests/core/losses/run_loss.cpp -- a loss by name over one batch: its values, its prediction, its gradient.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/losses/run_loss.hpp"

#include "compile/autodiff.hpp"
#include "compile/build.hpp"

namespace clq::test {
namespace {

std::unique_ptr<Loss> make_loss(const std::string& use, const Json& config) {
  const Config checked(config, "loss");
  for (const LossEntry& entry : loss_table()) {
    if (entry.name != use) continue;
    auto loss = entry.make(checked);
    checked.reject_unknown();
    return loss;
  }
  clq::fail(CLQ_E_NOT_FOUND, "no loss {}", use);
}

}  // namespace

Tensors run_loss(const LossCase& c) {
  const int64_t n = c.output.desc().dims.at(0);
  const Tensor weights = c.weights.empty() ? filled({n}, 1) : tensor({n}, c.weights);
  const OpTable ops;
  GraphBuilder b(ops, Mode::train,
                 {{"output", c.output.desc()}, {"target", c.target.desc()}, {"weight", weights.desc()}},
                 c.output.desc().dtype);
  const auto loss = make_loss(c.use, c.config);
  const Value output = b.input("output");
  const Value per_sample = loss->build(b, output, b.input("target"));
  const Value total = sum(b, weighted(b, per_sample, b.input("weight")));
  const Value wrt[] = {output};
  b.output("loss", per_sample);
  b.output("prediction", b.op("identity/1", {loss->predict(b, output)}));
  b.output("gradient", b.op("identity/1", {differentiate(b, total, wrt)[0]}));
  b.output("total", total);
  return Runner(b.graph(), c.device).run({{"output", c.output}, {"target", c.target}, {"weight", weights}});
}

Tensors run_loss(const std::string& use, const Json& config, const Tensor& output, const Tensor& target) {
  return run_loss({use, config, output, target});
}

// Truncation ~ h^2, rounding ~ 1e-16 / h: 1e-5 leaves both near 1e-10.
Tensor loss_differences(LossCase c) {
  constexpr double kStep = 1e-5;
  Tensor out(c.output.desc());
  for (size_t i = 0; i < out.as<double>().size(); ++i) {
    double& element = c.output.as<double>()[i];
    const double at = element;
    element = at + kStep;
    const double above = numbers(run_loss(c).at("total"))[0];
    element = at - kStep;
    const double below = numbers(run_loss(c).at("total"))[0];
    element = at;
    out.as<double>()[i] = (above - below) / (2 * kStep);
  }
  return out;
}

std::string loss_error(const LossCase& c) {
  try {
    run_loss(c);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

}  // namespace clq::test

// tests/conformance/parts/gradients.cpp -- a gradient beside central differences, in F64 on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/autodiff.hpp"
#include "conformance/parts/loaded.hpp"

namespace clq::conformance {
namespace {

using test::distance;
using test::numbered;
using test::Runner;
using test::Tensors;

constexpr double kStep = 1e-5;

struct Differentiable {
  Graph graph;                      // gives "loss", and with gradients "d0", "d1" ...
  std::vector<std::string> states;  // of those behind the inputs
};

// loss = sum of c y with fixed numbers c, so that no element hides behind another. What the states become is left out:
// each run begins with the same ones.
Differentiable differentiable(const Loaded& loaded, const test::BuildCase& build, const Inputs& inputs, size_t n_by,
                              bool with_gradients) {
  GraphBuilder b(loaded.ops, Mode::train, test::fields_of(inputs), CLQ_F64);
  const std::vector<Value> x = values_of(b, inputs.size());
  const Value y = build(b, x);
  const Value c = b.constant(test::uniform(b.shape(y), 0.5, 1.5, 77, b.dtype(y)));
  const Value loss = b.op("reduce_sum/1", {b.op("mul/1", {y, c})});
  b.output("loss", loss);
  Differentiable out;
  std::vector<Value> by(x.begin(), x.begin() + static_cast<ptrdiff_t>(n_by));
  for (const Value parameter : b.trainable()) {
    by.push_back(parameter);
    out.states.push_back(b.state_name(parameter));
  }
  if (with_gradients) {
    const std::vector<Value> diffs = differentiate(b, loss, by);
    for (size_t i = 0; i < diffs.size(); ++i) b.output(numbered("d", i), b.op("identity/1", {diffs[i]}));
  }
  out.graph = b.graph();
  for (State& state : out.graph.states) state.after = state.when = Value{};
  return out;
}

// `put` hands the changed tensor to the next run.
Tensor differences(Runner& loss, const Tensors& inputs, Tensor at, const std::function<void(const Tensor&)>& put) {
  Tensor out(at.desc());
  const auto value = [&](size_t i, double to) {
    at.as<double>()[i] = to;
    put(at);
    return test::numbers(loss.run(inputs).at("loss"))[0];
  };
  for (size_t i = 0; i < out.as<double>().size(); ++i) {
    const double here = at.as<double>()[i];
    out.as<double>()[i] = (value(i, here + kStep) - value(i, here - kStep)) / (2 * kStep);
    value(i, here);
  }
  return out;
}

}  // namespace

Off worst_gradient(const Loaded& loaded, const test::BuildCase& build, const Inputs& inputs, size_t n_by) {
  constexpr double kFloor = 1e-3;  // a gradient of zeros is far from nothing
  Runner loss = loaded.on_reference(differentiable(loaded, build, inputs, n_by, false).graph);
  const Differentiable with = differentiable(loaded, build, inputs, n_by, true);
  Runner gradient = loaded.on_reference(with.graph);
  gradient.copy_states_from(loss);
  Tensors given = named_inputs(inputs);
  const Tensors got = gradient.run(given);
  Off worst;
  const auto compare = [&](size_t i, const std::string& by, const Tensor& expected) {
    const double apart = distance(got.at(numbered("d", i)), expected, kFloor);
    if (apart > worst.distance) worst = {apart, by};
  };
  for (size_t i = 0; i < n_by; ++i) {
    const auto put = [&](const Tensor& changed) { given[numbered("x", i)] = changed; };
    compare(i, numbered("x", i), differences(loss, given, inputs[i], put));
  }
  for (size_t i = 0; i < with.states.size(); ++i) {
    const auto put = [&](const Tensor& changed) { loss.set_state(with.states[i], changed); };
    compare(n_by + i, with.states[i], differences(loss, given, loss.state(with.states[i]), put));
  }
  return worst;
}

}  // namespace clq::conformance

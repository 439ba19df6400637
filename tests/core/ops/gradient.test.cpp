// tests/core/ops/gradient.test.cpp -- every gradient rule against central differences, in F64 on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "compile/autodiff.hpp"
#include "core/ops/cases.hpp"
#include "core/ops/wrong_rule.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

// loss = sum c y with fixed c, so that no element's gradient cancels another's.
Value weighted_loss(GraphBuilder& b, const GradientCase& c, std::span<const Value> inputs) {
  const Value y = c.build(b, inputs);
  const Value weights = b.constant(uniform(b.shape(y), 0.5, 1.5, 77));
  return b.op("reduce_sum/1", {b.op("mul/1", {y, weights})});
}

Graph case_graph(const OpTable& ops, const GradientCase& c, bool with_gradient) {
  GraphBuilder b(ops, Mode::train, fields_of(c.inputs), CLQ_F64);
  std::vector<Value> inputs;
  for (size_t i = 0; i < c.inputs.size(); ++i) inputs.push_back(b.input(numbered("x", i)));
  const Value loss = weighted_loss(b, c, inputs);
  b.output("loss", loss);
  if (!with_gradient) return b.graph();
  const std::vector<Value> diffs = differentiate(b, loss, inputs);
  for (size_t i = 0; i < diffs.size(); ++i) b.output(numbered("d", i), b.op("identity/1", {diffs[i]}));
  return b.graph();
}

Tensors named(const std::vector<Tensor>& inputs) {
  Tensors out;
  for (size_t i = 0; i < inputs.size(); ++i) out[numbered("x", i)] = inputs[i];
  return out;
}

// Truncation ~ h^2, rounding ~ 1e-16 / h: 1e-5 leaves both near 1e-10.
Tensor central_differences(Runner& loss, std::vector<Tensor> inputs, size_t which) {
  constexpr double kStep = 1e-5;
  Tensor out(inputs[which].desc());
  for (size_t i = 0; i < out.as<double>().size(); ++i) {
    double& element = inputs[which].as<double>()[i];
    const double at = element;
    element = at + kStep;
    const double above = loss.run(named(inputs)).at("loss").as<double>()[0];
    element = at - kStep;
    const double below = loss.run(named(inputs)).at("loss").as<double>()[0];
    element = at;
    out.as<double>()[i] = (above - below) / (2 * kStep);
  }
  return out;
}

std::vector<GradientCase> cases() { return as_environment_says(gradient_cases()); }

// Of every input of a case: what the gradient must be.
std::vector<Tensor> expected_of(const OpTable& ops, const GradientCase& c) {
  Runner loss(case_graph(ops, c, false));
  std::vector<Tensor> expected;
  for (size_t i = 0; i < c.inputs.size(); ++i)
    expected.push_back(c.zero ? Tensor(c.inputs[i].desc()) : central_differences(loss, c.inputs, i));
  return expected;
}

// The largest distance of an input's gradient from what it must be, relative to its largest entry.
double worst_of(const OpTable& ops, const GradientCase& c, const std::vector<Tensor>& expected) {
  const Tensors out = Runner(case_graph(ops, c, true)).run(named(c.inputs));
  double worst = 0;
  for (size_t i = 0; i < expected.size(); ++i)
    worst = std::max(worst, distance(out.at(numbered("d", i)), expected[i], 1e-3));
  return worst;
}

constexpr double kBound = 1e-6;

// The figures are left as a property of the test: "op figure op figure ...".
TEST(Gradient, EqualsCentralDifferencesForEveryOp) {
  OpTable ops;
  plant_wrong_rule_of_environment(ops);
  std::map<std::string, double> worst;
  for (const GradientCase& c : cases()) {
    const double figure = worst_of(ops, c, expected_of(ops, c));
    EXPECT_LE(figure, kBound) << c.op << " of " << to_string(c.inputs[0].desc().dims);
    worst[c.op] = std::max(worst[c.op], figure);
  }
  std::string figures;
  for (const auto& [op, figure] : worst) figures += fmt::format("{} {:.3g} ", op, figure);
  RecordProperty("figures", figures);
}

TEST(Gradient, OfARuleThatIsSlightlyWrongIsNoticedForEveryOp) {
  const OpTable right;
  std::set<std::string> noticed, constant;
  for (const GradientCase& c : cases()) {
    const std::vector<Tensor> expected = expected_of(right, c);
    const bool flat = std::all_of(expected.begin(), expected.end(), [](const Tensor& d) {
      return std::ranges::all_of(d.as<double>(), [](double v) { return std::abs(v) < 1e-9; });
    });
    OpTable ops;
    plant_wrong_rule(ops, c.op, 1.001);
    if (flat)
      constant.insert(c.op);
    else if (worst_of(ops, c, expected) > 100 * kBound)
      noticed.insert(c.op);
  }
  EXPECT_EQ(constant, (std::set<std::string>{"floor/1", "sign/1", "stop_gradient/1"}));  // a factor of 0 is 0
  for (const GradientCase& c : cases()) EXPECT_TRUE(noticed.contains(c.op) || constant.contains(c.op)) << c.op;
}

TEST(Gradient, HasACaseForEveryOpThatHasOne) {
  const OpTable ops;
  std::set<std::string> covered;
  for (const GradientCase& c : cases()) covered.insert(c.op);
  std::string every, without;
  for (const std::string& name : ops.names()) {
    EXPECT_EQ(ops.has_gradient(name), covered.contains(name)) << name;
    every += name + " ";
    if (!ops.has_gradient(name)) without += name + " ";
  }
  RecordProperty("ops", every);
  RecordProperty("without", without);
}

Tensor gradient_of(const std::string& op, const std::vector<Tensor>& inputs, size_t which, const Attrs& attrs = {}) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::train, fields_of(inputs), CLQ_F64);
  std::vector<Value> values;
  for (size_t i = 0; i < inputs.size(); ++i) values.push_back(b.input(numbered("x", i)));
  const Value wrt[] = {values[which]};
  const Value y = b.op("cast/1", {b.op(op, values, attrs)}, {{"dtype", attr(CLQ_F64)}});
  b.output("d", b.op("identity/1", {differentiate(b, b.op("reduce_sum/1", {y}), wrt)[0]}));
  return run_graph(b.graph(), named(inputs)).at("d");
}

TEST(Gradient, GoesToTheFirstOperandAtATie) {
  const std::vector<Tensor> tie = {filled({2}, 1), filled({2}, 1)};
  for (const char* op : {"maximum/1", "minimum/1"}) {
    EXPECT_EQ(numbers(gradient_of(op, tie, 0)), (std::vector<double>{1, 1}));
    EXPECT_EQ(numbers(gradient_of(op, tie, 1)), (std::vector<double>{0, 0}));
  }
}

TEST(Gradient, IsSharedByEqualExtrema) {
  EXPECT_EQ(numbers(gradient_of("reduce_max/1", {tensor({4}, {1, 3, 3, 2})}, 0)),
            (std::vector<double>{0, 0.5, 0.5, 0}));
}

TEST(Gradient, ComesBackThroughACastInTheInputsType) {
  const Tensor d = gradient_of("cast/1", {filled({2}, 1, CLQ_F32)}, 0, {{"dtype", attr(CLQ_F64)}});
  EXPECT_EQ(d.desc().dtype, CLQ_F32);
  EXPECT_EQ(numbers(d), (std::vector<double>{1, 1}));
}

TEST(Gradient, OfZeroToAPowerStaysFinite) {
  const std::vector<Tensor> inputs = {tensor({1}, {0}), tensor({1}, {2})};
  EXPECT_EQ(numbers(gradient_of("pow/1", inputs, 0))[0], 0);
  EXPECT_EQ(numbers(gradient_of("pow/1", inputs, 1))[0], 0);
  EXPECT_EQ(numbers(gradient_of("pow/1", {tensor({2}, {0, 3}), filled({2}, 0)}, 0)), (std::vector<double>{0, 0}));
}

TEST(Gradient, PassesTheEdgesOfAClip) {
  const Attrs bounds = {{"min", attr(0.0)}, {"max", attr(1.0)}};
  EXPECT_EQ(numbers(gradient_of("clip/1", {tensor({4}, {-1, 0, 1, 2})}, 0, bounds)), (std::vector<double>{0, 1, 1, 0}));
}

TEST(Gradient, SumsOverAllUsesOfAValue) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::train, {{"x0", {CLQ_F64, {2}}}}, CLQ_F64);
  const Value x = b.input("x0");
  const Value wrt[] = {x};
  const Value y = b.op("add/1", {b.op("mul/1", {x, x}), x});
  b.output("d", differentiate(b, b.op("reduce_sum/1", {y}), wrt)[0]);
  EXPECT_EQ(numbers(run_graph(b.graph(), named({tensor({2}, {3, -1})})).at("d")), (std::vector<double>{7, -1}));
}

TEST(Gradient, OfWhatTheLossDoesNotReadIsZero) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::train, {{"x0", {CLQ_F64, {2}}}, {"x1", {CLQ_F64, {3}}}}, CLQ_F64);
  const Value wrt[] = {b.input("x1")};
  b.output("d", b.op("identity/1", {differentiate(b, b.op("reduce_sum/1", {b.input("x0")}), wrt)[0]}));
  EXPECT_EQ(numbers(run_graph(b.graph(), named({filled({2}, 1), filled({3}, 1)})).at("d")),
            (std::vector<double>{0, 0, 0}));
}

// The names are left as a property of the test.
TEST(Gradient, IsRefusedByEveryOpThatHasNone) {
  const OpTable ops;
  std::set<std::string> refused;
  for (const ClosedFormCase& c : closed_form_cases()) {
    if (ops.has_gradient(c.op)) continue;
    GraphBuilder b(ops, Mode::train, fields_of(c.inputs), CLQ_F64);
    const GraphBuilder::Scope scope(b, "trunk.stem");
    std::vector<Value> inputs;
    for (size_t i = 0; i < c.inputs.size(); ++i) inputs.push_back(b.input(numbered("x", i)));
    c.build(b, inputs);
    const std::vector<Op> built = b.graph().ops;
    const auto op = std::find_if(built.begin(), built.end(), [&](const Op& o) { return o.name == c.op; });
    try {
      ops.gradient(b, *op, op->outputs);
      ADD_FAILURE() << c.op << ": no error";
    } catch (const Error& e) {
      EXPECT_EQ(e.what(), fmt::format("trunk.stem: {}: this op has no gradient", c.op));
      refused.insert(c.op);
    }
  }
  std::string names;
  for (const std::string& name : refused) names += name + " ";
  RecordProperty("refused", names);
  for (const std::string& name : ops.names()) EXPECT_NE(ops.has_gradient(name), refused.contains(name)) << name;
}

TEST(Gradient, ThroughAnOpWithoutOneNamesOpAndLayer) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::train, {{"x0", {CLQ_F64, {2}}}}, CLQ_F64);
  const Value x = b.input("x0");
  const Value wrt[] = {x};
  const Value y = [&] {
    const GraphBuilder::Scope scope(b, "trunk.stem");
    return b.op("sum_squares/1", {x});
  }();
  try {
    differentiate(b, b.op("reduce_sum/1", {y}), wrt);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_UNSUPPORTED);
    EXPECT_STREQ(e.what(), "trunk.stem: sum_squares/1: this op has no gradient");
  }
}

}  // namespace
}  // namespace clq::test

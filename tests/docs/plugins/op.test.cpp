// tests/docs/plugins/op.test.cpp -- the op of docs/writing-a-plugin.md: its closed form and its gradient.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <dlfcn.h>

#include "compile/autodiff.hpp"
#include "docs/plugins/examples.hpp"
#include "graph/host_graph.hpp"

namespace clq::test {
namespace {

constexpr const char* kAsinh = "org.example.asinh/1";

struct Pair {
  Tensor x, s;
};

// loss = sum c y with fixed c, so that no element's gradient cancels another's.
Graph asinh_graph(const OpTable& ops, const Pair& in, bool with_gradient) {
  const DType dtype = in.x.desc().dtype;
  GraphBuilder b(ops, Mode::train, {{"x", in.x.desc()}, {"s", in.s.desc()}}, dtype);
  const Value wrt[] = {b.input("x"), b.input("s")};
  const Value y = b.op(kAsinh, {wrt[0], wrt[1]});
  const Value c = b.constant(uniform(b.shape(y), 0.5, 1.5, 77, dtype));
  const Value loss = b.op("reduce_sum/1", {b.op("mul/1", {y, c})});
  b.output("loss", loss);
  b.output("y", y);
  if (!with_gradient) return b.graph();
  const std::vector<Value> diffs = differentiate(b, loss, wrt);
  b.output("dx", b.op("identity/1", {diffs[0]}));
  b.output("ds", b.op("identity/1", {diffs[1]}));
  return b.graph();
}

double loss_at(Runner& runner, const Pair& in) { return numbers(runner.run({{"x", in.x}, {"s", in.s}}).at("loss"))[0]; }

// Truncation ~ h^2, rounding ~ 1e-16 / h: 1e-5 leaves both near 1e-10.
Tensor central_differences(Runner& runner, Pair in, Tensor Pair::*which) {
  constexpr double kStep = 1e-5;
  Tensor out((in.*which).desc());
  for (size_t i = 0; i < out.as<double>().size(); ++i) {
    double& element = (in.*which).as<double>()[i];
    const double at = element;
    element = at + kStep;
    const double above = loss_at(runner, in);
    element = at - kStep;
    out.as<double>()[i] = (above - loss_at(runner, in)) / (2 * kStep);
    element = at;
  }
  return out;
}

// How far the gradient is from differences, in units of its largest entry.
double worst_gradient(const OpTable& ops, const Shape& dims) {
  const Pair in = {uniform(dims, -3, 3, 5), uniform({dims[1]}, 0.3, 2, 6)};
  Runner plain = on("cpu_ref", asinh_graph(ops, in, false));
  const Tensors got = on("cpu_ref", asinh_graph(ops, in, true)).run({{"x", in.x}, {"s", in.s}});
  return std::max(distance(got.at("dx"), central_differences(plain, in, &Pair::x)),
                  distance(got.at("ds"), central_differences(plain, in, &Pair::s)));
}

TEST(ExampleOp, HasTheGradientOfCentralDifferences) {
  for (const Shape& dims : {Shape{5, 3}, Shape{2, 3, 4}, Shape{2, 1, 3, 2}})
    EXPECT_LT(worst_gradient(examples().ops(), dims), 1e-8) << to_string(dims);
}

const clq_op_def* right_def = nullptr;

clq_status CLQ_CALL wrong_gradient(const clq_op_def*, clq_graph* graph, const clq_op* op, const uint32_t* diff_outputs,
                                   uint32_t* diff_inputs) {
  const clq_status status = right_def->gradient(right_def, graph, op, diff_outputs, diff_inputs);
  const uint32_t twice[] = {diff_inputs[1], diff_inputs[1]};
  return status < 0 ? status : host_graph_table().op(graph, "add/1", twice, 2, nullptr, 0, &diff_inputs[1], 1);
}

TEST(ExampleOp, IsSeenWhenItsGradientIsWrong) {
  examples();
  void* library = dlopen((example_dir() + "/clq_asinh.so").c_str(), RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(library, nullptr);
  const auto* entry = static_cast<const clq_plugin_entry*>(dlsym(library, CLQ_PLUGIN_SYMBOL));
  right_def = static_cast<const clq_op_list*>(entry->get_factory(CLQ_OPS_ID))->ops[0];
  clq_op_def wrong = *right_def;
  wrong.gradient = wrong_gradient;
  OpTable ops;
  ops.add(wrong);
  EXPECT_GT(worst_gradient(ops, {5, 3}), 0.1);
  dlclose(library);
}

// |u| from 1e-6 to 10, in F32: what is faint keeps its digits.
TEST(ExampleOp, HasItsClosedFormAlsoWhereItIsFaint) {
  const Pair in = {uniform({64, 3}, -1, 1, 7, CLQ_F32), tensor({3}, {0.1, 1, 1000}, CLQ_F32)};
  const Tensor y = on("cpu_ref", asinh_graph(examples().ops(), in, false)).run({{"x", in.x}, {"s", in.s}}).at("y");
  const auto x = in.x.as<float>(), s = in.s.as<float>(), got = y.as<float>();
  for (size_t i = 0; i < got.size(); ++i) {
    const double want = std::asinh(static_cast<double>(x[i]) / static_cast<double>(s[i % 3]));
    EXPECT_NEAR(got[i] / want, 1, 5e-7) << x[i] << " / " << s[i % 3];
  }
}

TEST(ExampleOp, RefusesOtherShapes) {
  const OpTable ops = examples().ops();
  GraphBuilder b(ops, Mode::infer, {{"x", {CLQ_F32, {4, 3}}}, {"s", {CLQ_F32, {4}}}});
  const auto build = [&] { b.op(kAsinh, {b.input("x"), b.input("s")}); };
  EXPECT_EQ(error_of(build), std::string(kAsinh) + ": x must be [N, C, ...], and s [C] of its dtype");
}

}  // namespace
}  // namespace clq::test

// tests/core/compile/passes.test.cpp -- passes change what is computed twice or in vain, never a result.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "compile/passes/passes.hpp"
#include "core/compile/models.hpp"

namespace clq::test {
namespace {

struct Pass : ::testing::Test {
  OpTable ops;
  GraphBuilder b{ops, Mode::train, {{"x", {CLQ_F64, {3}}}, {"unread", {CLQ_F64, {2}}}}, CLQ_F64};
  Value x = b.input("x");
  const Tensors inputs = {{"x", tensor({3}, {1, 2, 3})}, {"unread", filled({2}, 0)}};
};

TEST_F(Pass, RemovesWhatReachesNoResult) {
  b.op("exp", {b.constant(Tensor({CLQ_F64, {100}}))});
  b.output("y", b.op("neg", {x}));
  b.op("square", {x});
  const Graph lean = remove_dead(b.graph());
  EXPECT_EQ(lean.ops.size(), 1U);
  EXPECT_EQ(lean.values.size(), 2U);
  EXPECT_TRUE(lean.constants.empty());
  EXPECT_EQ(numbers(run_graph(lean, inputs).at("y")), (std::vector<double>{-1, -2, -3}));
}

TEST_F(Pass, KeepsInputsScalarsAndStatesWhichHostsBindByPlace) {
  b.input("unread");
  b.scalar("seed");
  b.state("count", {CLQ_I64, {}}, Json{{"use", "zeros"}});
  const Graph lean = remove_dead(b.graph());
  EXPECT_EQ(lean.inputs.size(), 2U);
  EXPECT_EQ(lean.scalars.size(), 1U);
  EXPECT_EQ(lean.states.size(), 1U);
}

TEST_F(Pass, KeepsWhatOnlyAStateOrItsConditionReads) {
  const Value count = b.state("count", {CLQ_F64, {}}, Json{{"use", "zeros"}});
  b.assign(count, b.op("reduce_sum", {x}), b.op("all_finite", {x}));
  Runner runner(remove_dead(b.graph()));
  runner.run(inputs);
  EXPECT_EQ(numbers(runner.state("count"))[0], 6);
}

TEST_F(Pass, ComputesEqualOpsOnce) {
  const Value a = b.op("mul", {x, b.constant(2, CLQ_F64)}), same = b.op("mul", {x, b.constant(2, CLQ_F64)});
  const Value other = b.op("mul", {x, b.constant(3, CLQ_F64)});
  b.output("y", b.op("add", {b.op("exp", {a}), b.op("exp", {same})}));
  b.output("z", other);
  const Graph merged = remove_dead(merge_equal(b.graph()));
  EXPECT_EQ(merged.ops.size(), 4U);  // two products, one exponential, the sum
  EXPECT_EQ(merged.constants.size(), 2U);
  const Tensors before = run_graph(b.graph(), inputs), after = run_graph(merged, inputs);
  EXPECT_EQ(numbers(after.at("y")), numbers(before.at("y")));
  EXPECT_EQ(numbers(after.at("z")), numbers(before.at("z")));
}

TEST_F(Pass, TellsAttributesApart) {
  b.output("y", b.op("leaky_relu", {x}, {{"alpha", attr(0.1)}}));
  b.output("z", b.op("leaky_relu", {x}, {{"alpha", attr(0.1 + 1e-18)}}));  // the same double
  b.output("w", b.op("leaky_relu", {x}, {{"alpha", attr(0.2)}}));
  EXPECT_EQ(merge_equal(b.graph()).ops.size(), 2U);
}

TEST_F(Pass, DrawsRandomNumbersOnceAStream) {
  const auto draw = [&](int64_t stream) {
    const std::vector<int64_t> dims = {3};
    return b.op(
        "random", {b.scalar("seed"), b.scalar("step"), b.scalar("first_sample")},
        {{"shape", attr(dims)}, {"dtype", attr(CLQ_F64)}, {"stream", attr(stream)}, {"distribution", attr("uniform")}});
  };
  b.output("a", draw(1));
  b.output("b", draw(2));
  EXPECT_EQ(merge_equal(b.graph()).ops.size(), 2U);
}

clq_status CLQ_CALL infer_like_input(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values,
                                     clq_tensor_desc* outputs) {
  for (uint32_t i = 0; i < op->n_outputs; ++i) outputs[i] = values[op->inputs[0]];
  return CLQ_OK;
}

TEST(Passes, TellApartOpsThatGiveMoreOutputs) {
  clq_op_def def{};
  def.struct_size = sizeof def;
  def.flags = CLQ_OP_NO_GRADIENT;
  def.name = "test.split/1";
  def.infer = infer_like_input;
  OpTable ops;
  ops.add(def);
  GraphBuilder b(ops, Mode::train, {{"x", {CLQ_F64, {3}}}}, CLQ_F64);
  const Value x = b.input("x");
  b.output("one", b.multi_op("test.split/1", {x}, {}, 1)[0]);
  b.output("two", b.multi_op("test.split/1", {x}, {}, 2)[1]);
  const Graph merged = merge_equal(b.graph());
  EXPECT_EQ(merged.ops.size(), 2U);
  EXPECT_EQ(merged.outputs[1].value, b.graph().outputs[1].value);
}

TEST(Passes, LeaveATrainingStepsResultsAsTheyAre) {
  const Program p = program(
      ProgramKind::step,
      regression_model(R"([{"use": "dense", "units": 5, "activation": "gelu"}, {"use": "dense", "units": 1}])"));
  EXPECT_EQ(merge_equal(p.graph).ops.size(), p.graph.ops.size());
  EXPECT_EQ(remove_dead(p.graph).values.size(), p.graph.values.size());
}

}  // namespace
}  // namespace clq::test

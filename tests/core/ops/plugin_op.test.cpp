// tests/core/ops/plugin_op.test.cpp -- an op of a plugin: its shape rule and its gradient through the C tables.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "base/thread_error.hpp"
#include "compile/autodiff.hpp"
#include "graph/host_graph.hpp"
#include "ops/op_table.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

// "test.twice/1": dst = 2 src, of rank 1 at least.
clq_status CLQ_CALL infer(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values,
                          clq_tensor_desc* outputs) {
  if (op->n_inputs != 1 || op->n_outputs != 1 || values[op->inputs[0]].rank == 0) {
    set_thread_error("a scalar cannot be doubled");
    return CLQ_E_INVALID;
  }
  outputs[0] = values[op->inputs[0]];
  return CLQ_OK;
}

clq_status CLQ_CALL gradient(const clq_op_def*, clq_graph* graph, const clq_op*, const uint32_t* diff_outputs,
                             uint32_t* diff_inputs) {
  const uint32_t sum[] = {diff_outputs[0], diff_outputs[0]};
  return host_graph_table().op(graph, "add/1", sum, 2, nullptr, 0, diff_inputs, 1);
}

clq_op_def twice() {
  clq_op_def def{};
  def.struct_size = sizeof def;
  def.name = "test.twice/1";
  def.infer = infer;
  def.gradient = gradient;
  return def;
}

TEST(PluginOp, InfersAndDifferentiatesThroughItsTable) {
  const clq_op_def def = twice();
  OpTable ops;
  ops.add(def);
  GraphBuilder b(ops, Mode::train, {{"x", {CLQ_F64, {3}}}}, CLQ_F64);
  const Value x = b.input("x");
  const Value wrt[] = {x};
  const Value y = b.op("test.twice/1", {x});
  EXPECT_EQ(b.shape(y), (Shape{3}));
  const Value d = differentiate(b, b.op("reduce_sum/1", {y}), wrt)[0];
  EXPECT_EQ(b.shape(d), (Shape{3}));
  EXPECT_EQ(b.graph().ops.back().name, "add/1");
  EXPECT_EQ(b.graph().ops.back().scope, ":grad");
}

TEST(PluginOp, SaysWhyItRefuses) {
  const clq_op_def def = twice();
  OpTable ops;
  ops.add(def);
  GraphBuilder b(ops, Mode::train, {});
  try {
    b.op("test.twice/1", {b.constant(1)});
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "test.twice/1: a scalar cannot be doubled");
  }
}

TEST(PluginOp, GivesOneOutputAtLeast) {
  clq_op_def def = twice();
  def.infer = [](const clq_op_def*, const clq_op*, const clq_tensor_desc*, clq_tensor_desc*) -> clq_status {
    return CLQ_OK;
  };
  OpTable ops;
  ops.add(def);
  GraphBuilder b(ops, Mode::train, {});
  EXPECT_THROW(b.multi_op("test.twice/1", {b.constant(1)}, {}, 0), Error);
}

TEST(PluginOp, WhoseGradientIsNoValueIsNamed) {
  clq_op_def def = twice();
  def.gradient = [](const clq_op_def*, clq_graph*, const clq_op*, const uint32_t*, uint32_t* diff) -> clq_status {
    diff[0] = 4000;
    return CLQ_OK;
  };
  OpTable ops;
  ops.add(def);
  GraphBuilder b(ops, Mode::train, {{"x", {CLQ_F64, {3}}}}, CLQ_F64);
  const Value wrt[] = {b.input("x")};
  const Value loss = b.op("reduce_sum/1", {b.op("test.twice/1", {wrt[0]})});
  try {
    differentiate(b, loss, wrt);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "test.twice/1: gradient: value 4000 is not of this graph");
  }
}

TEST(PluginOp, IsRefusedWithoutAGradientUnlessItSaysSo) {
  clq_op_def def = twice();
  def.gradient = nullptr;
  OpTable ops;
  EXPECT_THROW(ops.add(def), Error);
  def.flags = CLQ_OP_NO_GRADIENT;
  ops.add(def);
  EXPECT_FALSE(ops.has_gradient("test.twice/1"));
  EXPECT_THROW(ops.add(def), Error);  // twice
}

}  // namespace
}  // namespace clq::test

// tests/core/graph/host_graph.test.cpp -- a plugin's builder writes into a graph through its C table alone.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "graph/host_graph.hpp"
#include "ops/op_table.hpp"

namespace clq::test {
namespace {

const clq_host_graph& host = host_graph_table();

// weights * x, with a misspelt op when the configuration says so.
clq_status CLQ_CALL build(const clq_builder*, clq_graph* graph, const char* config_json, const uint32_t* inputs,
                          uint32_t, uint32_t* outputs, uint32_t, uint32_t* n_outputs) {
  const Json config = Json::parse(config_json);
  clq_tensor_desc desc{};
  uint32_t weights = 0;
  clq_status status = host.shape(graph, inputs[0], &desc);
  if (status == CLQ_OK)
    status = host.state(graph, "weights", &desc, R"({"use": "constant", "value": 2})", CLQ_STATE_TRAINABLE, &weights);
  const uint32_t operands[] = {weights, inputs[0]};
  const char* op = config.value("misspelt", false) ? "mull/1" : "mul/1";
  if (status == CLQ_OK) status = host.op(graph, op, operands, 2, nullptr, 0, outputs, 1);
  *n_outputs = 1;
  return status;
}

clq_builder scale() {
  clq_builder builder{};
  builder.struct_size = sizeof builder;
  builder.kind = "layer";
  builder.name = "test.scale";
  builder.build = build;
  return builder;
}

struct HostGraph : ::testing::Test {
  OpTable ops;
  GraphBuilder b{ops, Mode::infer, {{"x", {CLQ_F32, {3}}}}};
  clq_builder plugin = scale();
  Value x = b.input("x");
};

TEST_F(HostGraph, LetsAPluginAddOpsAndStates) {
  const GraphBuilder::Scope scope(b, "trunk");
  const std::vector<Value> out = run_builder(plugin, b, Json::object(), std::span(&x, 1));
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(b.shape(out[0]), (Shape{3}));
  EXPECT_EQ(b.graph().states.at(0).name, "trunk.weights");
  EXPECT_EQ(b.graph().states.at(0).init["value"], 2);
  EXPECT_EQ(host.mode(to_c(b)), static_cast<uint32_t>(CLQ_MODE_INFER));
}

TEST_F(HostGraph, BringsTheWordsOfAnErrorBackToTheCaller) {
  try {
    run_builder(plugin, b, Json{{"misspelt", true}}, std::span(&x, 1));
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_INVALID);
    EXPECT_STREQ(e.what(), "test.scale: mull/1: unknown op, did you mean 'mul/1'?");
  }
}

TEST_F(HostGraph, StopsWhatAPluginsShapeRuleThrows) {
  clq_op_def def{};
  def.struct_size = sizeof def;
  def.flags = CLQ_OP_NO_GRADIENT;
  def.name = "test.throws/1";
  def.infer = [](const clq_op_def*, const clq_op*, const clq_tensor_desc*, clq_tensor_desc*) -> clq_status { throw 7; };
  ops.add(def);
  uint32_t out = 0;
  EXPECT_EQ(host.op(to_c(b), "test.throws/1", &x.index, 1, nullptr, 0, &out, 1), CLQ_E_INTERNAL);
}

TEST_F(HostGraph, RefusesValuesOfNoGraphAndTextThatIsNotJson) {
  clq_tensor_desc desc{};
  uint32_t out = 0;
  EXPECT_EQ(host.shape(to_c(b), 99, &desc), CLQ_E_INVALID);
  ASSERT_EQ(host.shape(to_c(b), x.index, &desc), CLQ_OK);
  EXPECT_EQ(host.state(to_c(b), "w", &desc, "{zeros", 0, &out), CLQ_E_INVALID);
}

}  // namespace
}  // namespace clq::test

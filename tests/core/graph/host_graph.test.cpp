// tests/core/graph/host_graph.test.cpp -- a plugin's builder writes into a graph through its C table alone.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdexcept>

#include <gtest/gtest.h>

#include "base/thread_error.hpp"
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

clq_status CLQ_CALL throws_words(const clq_builder*, clq_graph*, const char*, const uint32_t*, uint32_t, uint32_t*,
                                 uint32_t, uint32_t*) {
  throw std::runtime_error("I throw");
}

clq_status CLQ_CALL throws_number(const clq_builder*, clq_graph*, const char*, const uint32_t*, uint32_t, uint32_t*,
                                  uint32_t, uint32_t*) {
  throw 7;
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

TEST_F(HostGraph, NamesTheScopeOnceWhereAnOpNamesIt) {
  const GraphBuilder::Scope scope(b, "trunk");
  try {
    run_builder(plugin, b, Json{{"misspelt", true}}, std::span(&x, 1));
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "trunk: mull/1: unknown op, did you mean 'mul/1'?");
  }
}

TEST_F(HostGraph, NamesThePluginThatThrowsOutOfItsBuilder) {
  const auto words_of = [&](decltype(plugin.build) thrown) {
    plugin.build = thrown;
    try {
      run_builder(plugin, b, Json::object(), std::span(&x, 1), "org.test");
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_INTERNAL);
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(words_of(throws_words), "layer test.scale of the plugin org.test threw out of a C function: I throw");
  EXPECT_EQ(words_of(throws_number), "layer test.scale of the plugin org.test threw out of a C function");
}

TEST_F(HostGraph, RefusesWhatIsNull) {
  clq_graph* graph = to_c(b);
  const clq_tensor_desc desc = to_c(TensorDesc{CLQ_F32, {3}});
  const float data[3] = {};
  uint32_t out = 0;
  const auto refuses = [](clq_status status, const char* words) {
    EXPECT_EQ(status, CLQ_E_INVALID) << words;
    EXPECT_EQ(take_thread_error(), words);
  };
  refuses(host.shape(nullptr, 0, nullptr), "shape of the host's graph: graph is NULL");
  refuses(host.shape(graph, x.index, nullptr), "shape of the host's graph: out is NULL");
  refuses(host.constant(graph, nullptr, data, &out), "constant of the host's graph: desc is NULL");
  refuses(host.constant(graph, &desc, nullptr, &out), "constant of the host's graph: data is NULL");
  refuses(host.constant(graph, &desc, data, nullptr), "constant of the host's graph: out is NULL");
  refuses(host.scalar(graph, nullptr, &out), "scalar of the host's graph: name is NULL");
  refuses(host.scalar(graph, "step", nullptr), "scalar of the host's graph: out is NULL");
  refuses(host.state(graph, nullptr, &desc, "{}", 0, &out), "state of the host's graph: name is NULL");
  refuses(host.state(graph, "w", nullptr, "{}", 0, &out), "state of the host's graph: desc is NULL");
  refuses(host.state(graph, "w", &desc, "{}", 0, nullptr), "state of the host's graph: out is NULL");
  refuses(host.assign(nullptr, 0, 0), "assign of the host's graph: graph is NULL");
  refuses(host.op(nullptr, "relu/1", &x.index, 1, nullptr, 0, &out, 1), "op of the host's graph: graph is NULL");
  refuses(host.op(graph, nullptr, &x.index, 1, nullptr, 0, &out, 1), "op of the host's graph: name is NULL");
  refuses(host.op(graph, "relu/1", nullptr, 1, nullptr, 0, &out, 1), "op of the host's graph: inputs is NULL");
  refuses(host.op(graph, "relu/1", &x.index, 1, nullptr, 1, &out, 1), "op of the host's graph: attrs is NULL");
  refuses(host.op(graph, "relu/1", &x.index, 1, nullptr, 0, nullptr, 1), "op of the host's graph: outputs is NULL");
  refuses(host.input(graph, nullptr, &out), "input of the host's graph: field is NULL");
  refuses(host.input(graph, "x", nullptr), "input of the host's graph: out is NULL");
  refuses(host.output(graph, nullptr, x.index), "output of the host's graph: name is NULL");
  refuses(host.metric(graph, nullptr, x.index, "{}"), "metric of the host's graph: name is NULL");
  EXPECT_EQ(host.mode(nullptr), 0U);
  EXPECT_TRUE(b.graph().ops.empty() && b.graph().states.empty() && b.graph().constants.empty());
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

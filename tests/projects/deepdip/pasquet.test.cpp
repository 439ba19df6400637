// tests/projects/deepdip/pasquet.test.cpp -- the shipped network of Pasquet et al. 2019: its shapes and parameters.
// SPDX-License-Identifier: BSD-3-Clause
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <calanque/plugin/builder.h>

#include "config/toml.hpp"
#include "photoz.hpp"

namespace clq::test {
namespace {

ModelSpec pasquet(int64_t bands = 5) {
  std::ifstream file(CLQ_PROJECT_DIR "/models/pasquet2019.toml");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ModelSpec model;
  model.inputs = {{"images", {CLQ_F32, {bands, 64, 64}}}, {"scalars", {CLQ_F32, {1}}}};
  model.layers = read_toml(text, "pasquet2019.toml").values.at("model").at("layer");
  model.layers.back()["units"] = 180;
  model.loss = Json{{"use", "softmax_cross_entropy"}};
  model.task = "photoz";
  model.task_options = Json{{"bins", {{"min", 0.0}, {"max", 0.4}, {"n", 180}}}};
  return model;
}

// The last value that each layer makes.
std::map<std::string, Shape> shapes_of(const Graph& graph) {
  std::map<std::string, Shape> shapes;
  for (const Op& op : graph.ops) shapes[op.scope] = graph.desc(op.outputs.front()).dims;
  return shapes;
}

TEST(Pasquet, HasTheShapesAndParametersOfThePaper) {
  const OpTable ops;
  const Program program = build_program(ProgramKind::forward, pasquet(), {}, 2, ops, plugins());
  const std::map<std::string, Shape> shapes = shapes_of(program.graph);
  const std::map<std::string, Shape> wanted = {{"conv", {2, 64, 64, 64}},
                                               {"avg_pool1", {2, 64, 32, 32}},
                                               {"inception1", {2, 240, 32, 32}},
                                               {"inception2", {2, 340, 32, 32}},
                                               {"avg_pool2", {2, 340, 16, 16}},
                                               {"inception3", {2, 476, 16, 16}},
                                               {"inception4", {2, 476, 16, 16}},
                                               {"avg_pool3", {2, 476, 8, 8}},
                                               {"inception5", {2, 348, 8, 8}},
                                               {"features", {2, 22272}},
                                               {"join", {2, 22273}},
                                               {"dense1", {2, 1096}},
                                               {"dense2", {2, 1096}},
                                               {"bins", {2, 180}}};
  for (const auto& [layer, shape] : wanted) {
    ASSERT_TRUE(shapes.contains(layer)) << layer;
    EXPECT_EQ(shapes.at(layer), shape) << layer;
  }
  int64_t parameters = 0;
  for (const State& state : program.graph.states)
    if (state.flags & CLQ_STATE_TRAINABLE) parameters += program.graph.desc(state.before).count();
  EXPECT_EQ(parameters, 27'596'372);
}

TEST(Pasquet, StartsAsTheAuthorsProgramDoes) {
  const OpTable ops;
  const Graph graph = build_program(ProgramKind::forward, pasquet(), {}, 1, ops, plugins()).graph;
  std::map<std::string, Json> inits;
  for (const State& state : graph.states) inits[state.name] = state.init;
  const Json& five = inits.at("inception1.five.weights");
  EXPECT_EQ(five["use"], "glorot_uniform");
  EXPECT_EQ(five["fan_in"], 48 * 25);
  EXPECT_EQ(five["fan_out"], 64 * 25);
  for (const char* bias : {"conv.bias", "inception1.five.bias", "dense1.bias", "bins.bias"})
    EXPECT_EQ(inits.at(bias).value("value", 0.0), 0.1) << bias;
  for (const char* slope : {"prelu1.slope", "inception5.pool_reduce.slope"})
    EXPECT_EQ(inits.at(slope).value("value", -1.0), 0.0) << slope;
}

std::string refusal(const Json& options) {
  ModelSpec model = pasquet();
  model.layers[3].update(options);
  try {
    const OpTable ops;
    build_program(ProgramKind::forward, model, {}, 1, ops, plugins());
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Inception, SaysWhatIsWrong) {
  EXPECT_EQ(
      refusal(Json{{"chanels", 3}}),
      "inception1: deepdip.inception: chanels = 3 is unknown or no value for it; there are reduce, channels, five, "
      "bias_init, slope");
  EXPECT_EQ(refusal(Json{{"reduce", 0}}),
            "inception1: deepdip.inception: reduce must be an integer from 1 to 2^20, got 0");
  EXPECT_EQ(refusal(Json{{"from", "input.scalars"}}), "inception1: deepdip.inception: src must be [N, C, H, W]");
}

}  // namespace
}  // namespace clq::test

// tests/projects/deepdip/small_images.test.cpp -- the shipped small network: its size, and what a forward pass costs.
// SPDX-License-Identifier: BSD-3-Clause
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <calanque/plugin/builder.h>

#include "config/toml.hpp"
#include "photoz.hpp"

namespace clq::test {
namespace {

ModelSpec small_images() {
  std::ifstream file(CLQ_PROJECT_DIR "/models/small_images.toml");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ModelSpec model;
  model.inputs = {{"images", {CLQ_F32, {5, 32, 32}}}, {"scalars", {CLQ_F32, {1}}}};
  model.layers = read_toml(text, "small_images.toml").values.at("model").at("layer");
  model.layers.back()["units"] = 180;
  model.loss = Json{{"use", "crps"}};
  model.task = "photoz";
  model.task_options = Json{{"bins", {{"min", 0.0}, {"max", 0.4}, {"n", 180}}}};
  return model;
}

// Products that are added: of convolutions and matrices, which are nearly all of a network's arithmetic.
int64_t multiply_adds(const Graph& graph) {
  int64_t n = 0;
  for (const Op& op : graph.ops) {
    const int64_t elements = graph.desc(op.outputs.front()).count();
    const Shape& weights = op.inputs.size() > 1 ? graph.desc(op.inputs[1]).dims : Shape{};
    if (op.name == "conv/1") n += elements * element_count(weights) / weights[0];
    if (op.name == "matmul/1") n += elements * graph.desc(op.inputs[0]).dims[1];
  }
  return n;
}

TEST(SmallImages, TakesAtMost60MillionOperationsAForwardPass) {
  const OpTable ops;
  const Graph graph = build_program(ProgramKind::forward, small_images(), {}, 1, ops, plugins()).graph;
  const int64_t n = multiply_adds(graph);
  // 5x5 over 5 bands, 3x3 over 24 and 48 channels at half and a quarter of the size, the dense layers.
  EXPECT_EQ(n, 24 * 125 * 1024 + 48 * 216 * 256 + 64 * 432 * 64 + 128 * 1025 + 180 * 128);
  EXPECT_LE(2 * n, 60'000'000);
  int64_t parameters = 0;
  for (const State& state : graph.states)
    if (state.flags & CLQ_STATE_TRAINABLE) parameters += graph.desc(state.before).count();
  RecordProperty("operations", std::to_string(2 * n));
  RecordProperty("parameters", std::to_string(parameters));
  EXPECT_EQ(parameters, 24 * 126 + 48 * 217 + 64 * 433 + 128 * 1026 + 180 * 129);
  std::printf("small_images: %lld operations a forward pass, %lld parameters\n", static_cast<long long>(2 * n),
              static_cast<long long>(parameters));
}

}  // namespace
}  // namespace clq::test

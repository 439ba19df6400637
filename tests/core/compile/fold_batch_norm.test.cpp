// tests/core/compile/fold_batch_norm.test.cpp -- batch norms in prediction are taken into the layers before them.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/passes/fold_batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/compile/models.hpp"

namespace clq::test {
namespace {

ModelSpec network(const char* layers, Shape input = {3, 6, 6}, DType dtype = CLQ_F32) {
  ModelSpec model = regression_model(layers, dtype);
  model.inputs = {{input.size() == 3 ? "images" : "scalars", {CLQ_F32, input}}};
  return model;
}

// Weights about 0, scales and variances from 0.5 to 2: none is what it starts as.
std::map<std::string, Tensor> states_of(const Graph& graph) {
  std::map<std::string, Tensor> states;
  uint64_t seed = 20;
  for (const State& state : graph.states) {
    const TensorDesc& desc = graph.desc(state.before);
    const bool positive = state.name.ends_with("gamma") || state.name.ends_with("variance");
    states[state.name] = uniform(desc.dims, positive ? 0.5 : -1, positive ? 2 : 1, ++seed, desc.dtype);
  }
  return states;
}

std::vector<double> answer(const Graph& graph, const std::map<std::string, Tensor>& states, const Tensors& inputs) {
  Runner runner(graph);
  for (const auto& [name, value] : states) runner.set_state(name, value);
  return numbers(runner.run(inputs).at("prediction"));
}

int64_t norms_in(const Graph& graph) {
  return std::count_if(graph.ops.begin(), graph.ops.end(),
                       [](const Op& op) { return op.name == "batch_norm_inference/1"; });
}

// Sums of some 30 products: 1e-5 of the largest number is far above F32's rounding.
void expect_folded(const ModelSpec& model, int64_t folded, int64_t left) {
  const Program plain = program(ProgramKind::forward, model);
  Graph graph = plain.graph;
  const std::vector<Fold> folds = fold_batch_norm(graph);
  EXPECT_EQ(static_cast<int64_t>(folds.size()), folded);
  EXPECT_EQ(norms_in(graph), left);
  std::map<std::string, Tensor> states = states_of(plain.graph);
  Shape dims = model.inputs[0].desc.dims;
  dims.insert(dims.begin(), 4);
  const Tensors inputs = {{model.inputs[0].name, uniform(dims, -1, 1, 9, CLQ_F32)}};
  const std::vector<double> before = answer(plain.graph, states, inputs);
  fold_states(folds, states);
  const std::vector<double> after = answer(graph, states, inputs);
  ASSERT_EQ(after.size(), before.size());
  double largest = 0;
  for (const double v : before) largest = std::max(largest, std::abs(v));
  for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(after[i], before[i], 1e-5 * largest) << i;
}

TEST(FoldBatchNorm, TakesThemIntoConvolutionsWithAndWithoutBias) {
  expect_folded(network(R"([{"use": "conv", "channels": 4, "kernel": 3, "bias": false}, {"use": "batch_norm"},
                            {"use": "relu"}, {"use": "conv", "channels": 6, "kernel": 3, "groups": 2},
                            {"use": "batch_norm", "eps": 0.01}, {"use": "flatten"}, {"use": "dense", "units": 1}])"),
                2, 0);
}

TEST(FoldBatchNorm, TakesThemIntoDenseLayers) {
  expect_folded(network(R"([{"use": "dense", "units": 5}, {"use": "batch_norm"}, {"use": "relu"},
                            {"use": "dense", "units": 1}])",
                        {8}),
                1, 0);
}

TEST(FoldBatchNorm, LeavesWhatOthersSeeOrShare) {
  const char* seen = R"([{"use": "conv", "name": "c", "channels": 3, "kernel": 3}, {"use": "batch_norm", "name": "n"},
                         {"use": "add", "from": ["c", "n"]}, {"use": "flatten"}, {"use": "dense", "units": 1}])";
  expect_folded(network(seen), 0, 1);
  const char* shared = R"([{"use": "conv", "name": "a", "channels": 3, "kernel": 3}, {"use": "batch_norm"},
                           {"use": "conv", "shares": "a", "channels": 3, "kernel": 3}, {"use": "batch_norm"},
                           {"use": "flatten"}, {"use": "dense", "units": 1}])";
  expect_folded(network(shared), 0, 2);
  const char* bent = R"([{"use": "conv", "channels": 3, "kernel": 3, "activation": "relu"}, {"use": "batch_norm"},
                         {"use": "flatten"}, {"use": "dense", "units": 1}])";
  expect_folded(network(bent), 0, 1);
  const char* first = R"([{"use": "batch_norm"}, {"use": "flatten"}, {"use": "dense", "units": 1}])";
  expect_folded(network(first), 0, 1);
}

TEST(FoldBatchNorm, LeavesOraclesInF64Alone) {
  const char* layers = R"([{"use": "conv", "channels": 3, "kernel": 3}, {"use": "batch_norm"}, {"use": "flatten"},
                           {"use": "dense", "units": 1}])";
  Graph graph = program(ProgramKind::forward, network(layers, {3, 6, 6}, CLQ_F64)).graph;
  EXPECT_TRUE(fold_batch_norm(graph).empty());
}

TEST(FoldBatchNorm, LeavesALayerThatIsShown) {
  ModelSpec model = network(R"([{"use": "conv", "name": "c", "channels": 3, "kernel": 3}, {"use": "batch_norm"},
                                {"use": "flatten"}, {"use": "dense", "units": 1}])");
  model.shown = {"c"};
  expect_folded(model, 0, 1);
}

}  // namespace
}  // namespace clq::test

// tests/core/compile/heads.test.cpp -- networks with several outputs: their losses, predictions and metrics.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/compile/models.hpp"

namespace clq::test {
namespace {

const char* const kTwoLayers = R"([{"use": "dense", "units": 1, "bias": false, "name": "a"},
    {"use": "dense", "units": 3, "bias": false, "name": "b", "from": "input"}])";
const char* const kTwoOutputs = R"([
  {"name": "z", "from": "a", "loss": {"use": "mse"}, "weight": 1.0, "task": "regression", "places": [1]},
  {"name": "kind", "from": "b", "loss": {"use": "softmax_cross_entropy"}, "weight": 0.5, "task": "classification",
   "places": [0]}])";

ModelSpec two_outputs() {
  ModelSpec model = regression_model(kTwoLayers);
  model.loss = Json::object();
  model.outputs = Json::parse(kTwoOutputs);
  model.target = {2};
  return model;
}

Tensors two_rows() {
  return {{"scalars", tensor({2, 2}, {1, 2, 3, 4}, CLQ_F32)},
          {"target", tensor({2, 2}, {2, 10, 0, 20})},  // a class, a number
          {"weight", tensor({2}, {1, 1})}};
}

void set_weights(Runner& runner) {
  runner.set_state("a.weights", tensor({1, 2}, {1, 1}));
  runner.set_state("b.weights", tensor({3, 2}, {0, 0, 0, 0, 0, 0}));
}

TEST(Heads, PredictionsStandSideBySide) {
  Runner runner(program(ProgramKind::forward, two_outputs(), 2).graph);
  set_weights(runner);
  const Tensor y = runner.run({{"scalars", two_rows().at("scalars")}}).at("prediction");
  EXPECT_EQ(y.desc().dims, (Shape{2, 4}));
  const std::vector<double> got = numbers(y);
  for (const size_t i : {1, 2, 3, 5, 6, 7}) EXPECT_NEAR(got[i], 1.0 / 3, 1e-12);
  EXPECT_EQ(got[0], 3);
  EXPECT_EQ(got[4], 7);
}

TEST(Heads, LossesAreAddedWithTheirWeights) {
  Runner runner(program(ProgramKind::evaluate, two_outputs(), 2).graph);
  set_weights(runner);
  runner.run(two_rows());
  const double squares = 7 * 7 + 13 * 13, entropy = 2 * std::log(3.0);
  EXPECT_NEAR(numbers(runner.state("metric.loss.sum"))[0], squares + 0.5 * entropy, 1e-9);
  EXPECT_NEAR(numbers(runner.state("metric.z_mae.sum"))[0], 7 + 13, 1e-12);
  EXPECT_NEAR(numbers(runner.state("metric.kind_accuracy.sum"))[0], 1, 1e-12);  // the first of equals: class 0
}

TEST(Heads, EachMovesItsOwnLayer) {
  Runner runner(program(ProgramKind::step, two_outputs(), 2).graph);
  set_weights(runner);
  runner.run(two_rows(), {{"learning_rate", 0.01}, {"batch_count", 2}});
  // d/dw of the mean of (y - t)^2 with errors -7 and -13
  const std::vector<double> a = numbers(runner.state("a.weights"));
  EXPECT_NEAR(a[0], 1 + 0.01 * (7 * 1 + 13 * 3), 1e-12);
  EXPECT_NEAR(a[1], 1 + 0.01 * (7 * 2 + 13 * 4), 1e-12);
  // half of the mean of (p - onehot) x, p = 1/3
  const std::vector<double> b = numbers(runner.state("b.weights"));
  EXPECT_NEAR(b[0], -0.01 * 0.25 * (1.0 / 3 * 1 - 2.0 / 3 * 3), 1e-12);
  EXPECT_NEAR(b[4], -0.01 * 0.25 * (-2.0 / 3 * 1 + 1.0 / 3 * 3), 1e-12);
}

TEST(Heads, ThePredictionComesApartAgain) {
  const Program post = program(ProgramKind::post, two_outputs(), 2);
  const Tensors out = run_graph(post.graph, {{"prediction", tensor({2, 4}, {3, 0.1, 0.2, 0.7, 7, 0.5, 0.3, 0.2})}});
  EXPECT_EQ(numbers(out.at("z")), (std::vector<double>{3, 7}));
  EXPECT_EQ(out.at("kind").desc().dims, (Shape{2, 3}));
  EXPECT_EQ(numbers(out.at("kind_class")), (std::vector<double>{2, 0}));
}

TEST(Heads, SayWhichOutputIsWrong) {
  ModelSpec model = two_outputs();
  model.outputs[0]["places"] = {0, 1};
  const auto refused = [&] {
    try {
      program(ProgramKind::step, model, 2);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused(), "output 'z': mse: the network gives [2, 1] and the target is [2, 2]");
  model = two_outputs();
  model.outputs[1]["from"] = "c";
  EXPECT_EQ(refused(), "model.output[1].from: no layer 'c' before this one, did you mean 'a'?");
  model.outputs[1] = Json::parse(kTwoOutputs)[1];
  model.outputs[1]["places"] = {2};
  EXPECT_EQ(refused(), "output 'kind': there is no target 2 of 2");
}

}  // namespace
}  // namespace clq::test

// tests/core/optimizers/given_gradients.test.cpp -- twenty steps on given gradients, against PyTorch and NumPy.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include <calanque/core/optimizer.hpp>

#include "compile/parts.hpp"
#include "graph/init.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

constexpr int kSize = 6, kSteps = 20;
constexpr double kRate = 0.05;

struct Walk {
  const char* optimizer;
  double start;                 // what the first weights are scaled by
  std::vector<double> weights;  // at its end
};
const std::vector<Walk> kWalks = {
#include "core/optimizers/given_gradients.inc"
};

// One parameter "w" [kSize] with its gradient as an input.
Graph optimizer_graph(const std::string& optimizer, DType dtype) {
  static const OpTable ops;
  GraphBuilder builder(ops, Mode::train, {{"gradient", {dtype, {kSize}}}}, dtype);
  const Value gradient = builder.input("gradient"), w = builder.param("w", {kSize}, init::zeros());
  const Value always = builder.constant(1, CLQ_U8);
  const auto made = find_optimizer(Json::parse(optimizer), NoBuilders());
  builder.assign(w, made->build(builder, w, gradient, builder.scalar("learning_rate"), builder.scalar("step"), always));
  return builder.graph();
}

Tensor start_of(double scale, DType dtype) {
  std::vector<double> values;
  for (int i = 1; i <= kSize; ++i) values.push_back(scale * std::sin(0.9 * i));
  return tensor({kSize}, values, dtype);
}

Tensor gradient_of(int step, DType dtype) {
  std::vector<double> values;
  for (int i = 1; i <= kSize; ++i) values.push_back(std::cos(0.7 * (kSize * step + i)));
  return tensor({kSize}, values, dtype);
}

std::vector<double> walk(const Walk& of, DType dtype) {
  Runner runner(optimizer_graph(of.optimizer, dtype));
  runner.set_state("w", start_of(of.start, dtype));
  for (int step = 0; step < kSteps; ++step)
    runner.run({{"gradient", gradient_of(step, dtype)}}, {{"learning_rate", kRate}, {"step", step}});
  return numbers(runner.state("w"));
}

class GivenGradients : public ::testing::TestWithParam<size_t> {};

// Weights and moves are of order 1, and each of the twenty steps rounds some ten times: 1e-14 at most.
TEST_P(GivenGradients, TakeTwentySteps) {
  const Walk& of = kWalks[GetParam()];
  const std::vector<double> found = walk(of, CLQ_F64);
  for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], of.weights[i], 1e-12) << of.optimizer;
}

// The same in F32, whose rounding the small denominators of the first steps magnify.
TEST_P(GivenGradients, TakeTheSameStepsInF32) {
  const Walk& of = kWalks[GetParam()];
  const std::vector<double> found = walk(of, CLQ_F32);
  for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], of.weights[i], 1e-4) << of.optimizer;
}

INSTANTIATE_TEST_SUITE_P(All, GivenGradients, ::testing::Range<size_t>(0, kWalks.size()));

TEST(GivenGradients, AreTakenByEveryOptimizer) {
  for (const OptimizerEntry& entry : optimizer_table()) {
    const auto steps = [&](const Walk& of) { return Json::parse(of.optimizer).at("name") == entry.name; };
    EXPECT_TRUE(std::any_of(kWalks.begin(), kWalks.end(), steps)) << entry.name;
  }
}

// A gradient that is the same at every step has no spread: what rounding makes of it must not be NaN.
TEST(Rmsprop, CenteredStaysFiniteOnAnEvenGradient) {
  Runner runner(optimizer_graph(R"({"name": "rmsprop", "centered": true, "alpha": 0.5})", CLQ_F32));
  for (int step = 0; step < 200; ++step)
    runner.run({{"gradient", filled({kSize}, 0.3, CLQ_F32)}}, {{"learning_rate", 1e-9}, {"step", step}});
  for (const double w : numbers(runner.state("w"))) EXPECT_TRUE(std::isfinite(w)) << w;
}

TEST(Lamb, LeavesWeightsThatNothingMoves) {
  Runner runner(optimizer_graph(R"({"name": "lamb", "weight_decay": 0})", CLQ_F64));
  runner.set_state("w", start_of(1, CLQ_F64));
  runner.run({{"gradient", filled({kSize}, 0)}}, {{"learning_rate", kRate}});
  EXPECT_EQ(numbers(runner.state("w")), numbers(start_of(1, CLQ_F64)));
}

TEST(GivenGradientsErrors, SayWhichNumberIsWrong) {
  for (const auto& [optimizer, words] : std::vector<std::pair<std::string, std::string>>{
           {R"({"name": "rmsprop", "alpha": 1})", "train.optimizer.alpha must be in [0, 1), got 1"},
           {R"({"name": "rmsprop", "momentum": -0.5})", "train.optimizer.momentum must be in [0, 1), got -0.5"},
           {R"({"name": "rmsprop", "eps": 0})", "train.optimizer.eps must be positive, got 0"},
           {R"({"name": "lamb", "beta1": 1, "beta2": 0.9})",
            "train.optimizer.beta1 and beta2 must be in [0, 1), got 1 and 0.9"},
           {R"({"name": "lamb", "eps": -1})", "train.optimizer.eps must be positive, got -1"}}) {
    try {
      optimizer_graph(optimizer, CLQ_F64);
      FAIL() << optimizer;
    } catch (const Error& e) {
      EXPECT_EQ(e.what(), words);
    }
  }
}

}  // namespace
}  // namespace clq::test

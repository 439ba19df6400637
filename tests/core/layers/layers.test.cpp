// tests/core/layers/layers.test.cpp -- what each layer computes, and what it refuses.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/layers/one_layer.hpp"
#include "graph/init.hpp"

namespace clq::test {
namespace {

TEST(Dense, MultipliesByItsWeightsAndAddsItsBiasOncePerUnit) {
  Runner runner(build_layer("dense", Json{{"units", 2}}, filled({3, 2}, 0), Mode::infer).graph);
  runner.set_state("dense.weights", tensor({2, 2}, {1, 2, 3, 4}));
  runner.set_state("dense.bias", tensor({2}, {10, 20}));
  const Tensor y = runner.run({{"x", tensor({3, 2}, {1, 0, 0, 1, 1, 1})}}).at("y");
  EXPECT_EQ(numbers(y), (std::vector<double>{11, 23, 12, 24, 13, 27}));
}

TEST(Dense, StartsWithHeUniformWeightsAndNoBias) {
  Runner runner(build_layer("dense", Json{{"units", 50}}, filled({1, 40}, 0), Mode::infer).graph);
  const double limit = std::sqrt(6.0 / 40);
  double largest = 0, squares = 0;
  for (const double w : numbers(runner.state("dense.weights"))) {
    largest = std::max(largest, std::fabs(w));
    squares += w * w;
  }
  EXPECT_LE(largest, limit);
  EXPECT_GT(largest, 0.99 * limit);
  EXPECT_NEAR(squares / 2000, limit * limit / 3, 0.05 * limit * limit / 3);  // 2000 draws: 2 % at one sigma
  EXPECT_EQ(numbers(runner.state("dense.bias")), std::vector<double>(50, 0.0));
}

TEST(Dense, TakesAnActivation) {
  const Tensor x = tensor({1, 2}, {-3, 1});
  const Tensor plain = run_layer("dense", Json{{"units", 4}}, x),
               bent = run_layer("dense", Json{{"units", 4}, {"activation", "relu"}}, x);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(numbers(bent)[i], std::max(0.0, numbers(plain)[i]));
}

TEST(Dense, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("dense", Json{{"units", 0}}, filled({1, 2}, 0)), "dense: units must be positive, got 0");
  EXPECT_EQ(refusal("dense", Json{{"units", 1}, {"activation", "rleu"}}, filled({1, 2}, 0)),
            "activation 'rleu' is unknown, did you mean 'relu'?");
  EXPECT_EQ(refusal("dense", Json{{"units", 1}}, filled({1, 2, 2, 2}, 0)),
            "dense: src must be [N, features] or [N, T, features], got [1, 2, 2, 2]; put a flatten layer before it");
}

TEST(Activation, LayersApplyTheirFunction) {
  const Tensor x = tensor({1, 2}, {-1, 2});
  EXPECT_EQ(numbers(run_layer("relu", {}, x)), (std::vector<double>{0, 2}));
  EXPECT_EQ(numbers(run_layer("leaky_relu", Json{{"alpha", 0.5}}, x)), (std::vector<double>{-0.5, 2}));
  EXPECT_NEAR(numbers(run_layer("elu", {}, x))[0], std::expm1(-1.0), 1e-15);
  for (const char* use : {"gelu", "silu", "sigmoid", "tanh", "softplus"})
    EXPECT_EQ(run_layer(use, {}, x).desc(), x.desc()) << use;
}

TEST(Dropout, KeepsItsInputWhenInferring) {
  const Tensor x = uniform({4, 5}, -1, 1, 3);
  EXPECT_EQ(numbers(run_layer("dropout", Json{{"rate", 0.5}}, x)), numbers(x));
}

TEST(Dropout, ZeroesItsRateOfElementsAndScalesTheOthers) {
  const Tensor y = run_layer("dropout", Json{{"rate", 0.25}}, filled({100, 100}, 3), Mode::train, {{"seed", 5}});
  int zeros = 0;
  for (const double v : numbers(y)) {
    zeros += v == 0;
    EXPECT_TRUE(v == 0 || std::fabs(v - 4) < 1e-12);
  }
  EXPECT_NEAR(zeros, 2500, 180);  // four sigma of a binomial
}

TEST(Dropout, DrawsBySampleNotByBatch) {
  const Scalars first = {{"seed", 5}, {"step", 2}, {"first_sample", 0}},
                later = {{"seed", 5}, {"step", 2}, {"first_sample", 6}};
  const std::vector<double> whole =
      numbers(run_layer("dropout", Json{{"rate", 0.5}}, filled({8, 7}, 1), Mode::train, first));
  const std::vector<double> tail =
      numbers(run_layer("dropout", Json{{"rate", 0.5}}, filled({2, 7}, 1), Mode::train, later));
  EXPECT_EQ(tail, std::vector<double>(whole.begin() + 42, whole.end()));
}

TEST(BatchNorm, NormalisesABatchAndRemembersItsStatistics) {
  const Tensor x = tensor({2, 2}, {1, 10, 3, 14});
  Runner runner(build_layer("batch_norm", Json{{"momentum", 0.5}, {"eps", 1e-12}}, x, Mode::train).graph);
  EXPECT_LE(distance(runner.run({{"x", x}}).at("y"), tensor({2, 2}, {-1, -1, 1, 1})), 1e-9);
  EXPECT_EQ(numbers(runner.state("batch_norm.running_mean")), (std::vector<double>{1, 6}));
  EXPECT_EQ(numbers(runner.state("batch_norm.running_variance")),
            (std::vector<double>{1.5, 4.5}));  // unbiased: 2 and 8
}

TEST(BatchNorm, UsesItsRunningStatisticsWhenInferring) {
  const Tensor x = tensor({1, 2}, {3, 5});
  Runner runner(build_layer("batch_norm", Json{{"eps", 1e-12}}, x, Mode::infer).graph);
  runner.set_state("batch_norm.running_mean", tensor({2}, {1, 1}));
  runner.set_state("batch_norm.running_variance", tensor({2}, {4, 16}));
  EXPECT_LE(distance(runner.run({{"x", x}}).at("y"), tensor({1, 2}, {1, 1})), 1e-9);
}

TEST(BatchNorm, WantsChannels) {
  EXPECT_EQ(refusal("batch_norm", {}, Tensor({CLQ_F64, {4, 0}})), "batch_norm: src must be [N, C, ...], got [4, 0]");
}

TEST(Flatten, JoinsAllAxesButTheSamples) {
  EXPECT_EQ(build_layer("flatten", {}, filled({2, 3, 4}, 0), Mode::infer).desc.dims, (Shape{2, 12}));
}

TEST(Init, DependsOnSeedAndNameAloneAndFollowsItsFormula) {
  const TensorDesc desc{CLQ_F32, {6, 4}};
  for (const char* name :
       {"he_uniform", "he_normal", "glorot_uniform", "glorot_normal", "orthogonal", "uniform", "normal"}) {
    const Init how = init::named(name, 4, 6);
    EXPECT_EQ(numbers(make_initial(how, desc, 1, "a")), numbers(make_initial(how, desc, 1, "a"))) << name;
    EXPECT_NE(numbers(make_initial(how, desc, 1, "a")), numbers(make_initial(how, desc, 1, "b"))) << name;
    EXPECT_NE(numbers(make_initial(how, desc, 1, "a")), numbers(make_initial(how, desc, 2, "a"))) << name;
  }
}

TEST(Init, OrthogonalColumnsAreOrthonormal) {
  const std::vector<double> m = numbers(make_initial(init::named("orthogonal", 0, 0), {CLQ_F64, {6, 4}}, 1, "w"));
  for (size_t i = 0; i < 4; ++i)
    for (size_t j = 0; j < 4; ++j) {
      double dot = 0;
      for (size_t k = 0; k < 6; ++k) dot += m[k * 4 + i] * m[k * 4 + j];
      EXPECT_NEAR(dot, i == j, 1e-14);
    }
}

TEST(Init, VariancesAreThePublishedOnes) {
  for (const auto& [name, variance] : std::vector<std::pair<std::string, double>>{{"he_normal", 2.0 / 50},
                                                                                  {"he_uniform", 2.0 / 50},
                                                                                  {"glorot_normal", 2.0 / 150},
                                                                                  {"glorot_uniform", 2.0 / 150}}) {
    double squares = 0;
    for (const double w : numbers(make_initial(init::named(name, 50, 100), {CLQ_F64, {100, 50}}, 3, "w")))
      squares += w * w;
    EXPECT_NEAR(squares / 5000 / variance, 1, 0.08) << name;  // four sigma of 5000 normal draws
  }
}

TEST(Init, RefusesAnUnknownName) {
  EXPECT_THROW(make_initial(Init{{"use", "he_unifrom"}}, {CLQ_F32, {2}}, 1, "w"), Error);
}

}  // namespace
}  // namespace clq::test

// tests/core/metrics/densities.test.cpp -- scores of predicted densities, and whether they see a bad sigma.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "core/metrics/metric_values.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

const Json kGaussian = {{"density", "gaussian"}}, kMixture = {{"density", "mixture"}};

double normal_cdf(double y) { return 0.5 * std::erfc(-y / std::numbers::sqrt2); }
double normal_density(double y) { return std::exp(-y * y / 2) / std::sqrt(2 * std::numbers::pi); }

struct Simulation {
  Tensor prediction, target;  // [N, 2] means and sigmas, [N]
};

// Targets drawn from the Gaussians that are predicted, but for sigmas that are said `factor` times too large and means
// `shift` sigmas too large.
Simulation simulate(int64_t n, double factor, double shift) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  D prediction, target;
  for (int64_t i = 0; i < n; ++i) {
    const double mean = 3 * normal(random), sigma = std::exp(normal(random));
    target.push_back(mean + sigma * normal(random));
    prediction.insert(prediction.end(), {mean + shift * sigma, factor * sigma});
  }
  return {tensor({n, 2}, prediction), tensor({n}, target)};
}

std::map<std::string, double> metrics_of(const Simulation& s) {
  return finished_metrics("regression", s.prediction, s.target, {}, kGaussian);
}

// The KS distance of n uniform numbers is above 1.63 / sqrt(n) once in a hundred times, and a coverage c off by more
// than 3 sqrt(c (1 - c) / n) once in four hundred.
TEST(Densities, ThatAreCalibratedHaveAUniformPit) {
  constexpr int64_t kRows = 20000;
  const auto metrics = metrics_of(simulate(kRows, 1, 0));
  EXPECT_LT(metrics.at("pit_ks"), 1.63 / std::sqrt(kRows));
  EXPECT_NEAR(metrics.at("coverage_68"), 0.68, 3 * std::sqrt(0.68 * 0.32 / kRows));
  EXPECT_NEAR(metrics.at("coverage_95"), 0.95, 3 * std::sqrt(0.95 * 0.05 / kRows));
}

// sup |Phi(f y) - Phi(y)| of sigmas said f times too small or large, and sup |Phi(y + s) - Phi(y)| of shifted means.
double distance_by_search(double factor, double shift) {
  double largest = 0;
  for (double y = -6; y <= 6; y += 1e-3)
    largest = std::max(largest, std::abs(normal_cdf((y - shift) / factor) - normal_cdf(y)));
  return largest;
}

TEST(Densities, ThatAreNotCalibratedHaveThePitOfTheirError) {
  constexpr int64_t kRows = 20000;
  for (const auto& [factor, shift] : {std::pair{0.7, 0.0}, {1.4, 0.0}, {1.0, 0.3}}) {
    const auto metrics = metrics_of(simulate(kRows, factor, shift));
    const double expected = distance_by_search(factor, shift);
    EXPECT_GT(expected, 5 * 1.63 / std::sqrt(kRows)) << factor << " " << shift;
    EXPECT_NEAR(metrics.at("pit_ks"), expected, 1.63 / std::sqrt(kRows)) << factor << " " << shift;
  }
  EXPECT_LT(metrics_of(simulate(kRows, 0.7, 0)).at("coverage_68"), 0.55);
  EXPECT_GT(metrics_of(simulate(kRows, 1.4, 0)).at("coverage_68"), 0.8);
}

TEST(Densities, ThatAreTrueHaveTheBestScores) {
  const auto best = metrics_of(simulate(20000, 1, 0));
  for (const auto& [factor, shift] : {std::pair{0.8, 0.0}, {1.25, 0.0}, {1.0, 0.3}})
    for (const char* score : {"nll", "crps"})
      EXPECT_LT(best.at(score), metrics_of(simulate(20000, factor, shift)).at(score)) << score << " " << factor;
}

// A row that says N(1, 0.5) of 1.25 and one that says N(-2, 3) of 4.
TEST(Densities, OfGaussiansAreTheirClosedForms) {
  const auto got =
      finished_metrics("regression", tensor({2, 2}, {1, 0.5, -2, 3}), tensor({2}, {1.25, 4}), {1, 3}, kGaussian);
  const auto crps = [](double y, double sigma) {
    return sigma * (y * (2 * normal_cdf(y) - 1) + 2 * normal_density(y) - 1 / std::sqrt(std::numbers::pi));
  };
  const auto nll = [](double y, double sigma) { return -std::log(normal_density(y) / sigma); };
  EXPECT_NEAR(got.at("nll"), (nll(0.5, 0.5) + 3 * nll(2, 3)) / 4, 1e-14);
  EXPECT_NEAR(got.at("crps"), (crps(0.5, 0.5) + 3 * crps(2, 3)) / 4, 1e-14);
  EXPECT_NEAR(got.at("bias"), (-0.25 + 3 * -6) / 4, 1e-14);
  EXPECT_DOUBLE_EQ(got.at("coverage_68"), 0.25);
  EXPECT_DOUBLE_EQ(got.at("coverage_95"), 0.25);  // 2 sigma lie outside 0.025 to 0.975
}

TEST(Densities, OfSeveralNumbersAreNamedOneByOne) {
  const auto got =
      finished_metrics("regression", tensor({1, 4}, {1, -2, 0.5, 3}), tensor({1, 2}, {1.25, 4}), {}, kGaussian);
  EXPECT_NEAR(got.at("nll_1"), -std::log(normal_density(0.5) / 0.5), 1e-14);
  EXPECT_NEAR(got.at("nll_2"), -std::log(normal_density(2) / 3), 1e-14);
  EXPECT_DOUBLE_EQ(got.at("bias_2"), -6);
}

TEST(Densities, OfMixturesAreSumsOfTheirComponents) {
  const auto got = finished_metrics("regression", tensor({1, 6}, {0.25, 0.75, -1, 2, 0.5, 1}, CLQ_F32),
                                    tensor({1}, {1}), {}, kMixture);
  EXPECT_DOUBLE_EQ(got.at("bias"), 0.25 * -1 + 0.75 * 2 - 1);
  EXPECT_NEAR(got.at("nll"), -std::log(0.25 * normal_density(4) / 0.5 + 0.75 * normal_density(-1)), 1e-14);
  const Tensor pit =
      metric_values("regression", tensor({1, 6}, {0.25, 0.75, -1, 2, 0.5, 1}), tensor({1}, {1}), kMixture).at("pit_ks");
  EXPECT_NEAR(numbers(pit)[0], 0.25 * normal_cdf(4) + 0.75 * normal_cdf(-1), 1e-15);
}

// (F - [x >= z])^2 from -30 to 30 by the midpoint rule, z on an edge of its cells.
TEST(Densities, HaveTheCrpsOfItsDefinition) {
  constexpr double kStep = 1e-3;
  double sum = 0;
  for (int i = -30000; i < 30000; ++i) {
    const double x = (i + 0.5) * kStep;
    const double cdf = 0.25 * normal_cdf((x + 1) / 0.5) + 0.75 * normal_cdf(x - 2);
    sum += std::pow(cdf - (x >= 1 ? 1 : 0), 2) * kStep;
  }
  const auto got =
      finished_metrics("regression", tensor({1, 6}, {0.25, 0.75, -1, 2, 0.5, 1}), tensor({1}, {1}), {}, kMixture);
  EXPECT_NEAR(got.at("crps"), sum, 1e-6);
}

TEST(Densities, AreNotGuessed) {
  EXPECT_THROW(metric_values("regression", filled({2, 2}, 1), filled({2}, 1)), Error);
  EXPECT_THROW(metric_values("regression", filled({2, 4}, 1), filled({2}, 1), kGaussian), Error);
  EXPECT_THROW(metric_values("regression", filled({2, 6}, 1), filled({2, 2}, 1), kMixture), Error);
}

}  // namespace
}  // namespace clq::test

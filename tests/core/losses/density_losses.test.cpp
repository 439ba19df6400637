// tests/core/losses/density_losses.test.cpp -- Gaussians and mixtures: closed forms, integrals, PyTorch.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

struct Component {
  double weight, mean, sigma;
};
using Mixture = std::vector<Component>;

double density(const Mixture& mixture, double x) {
  double sum = 0;
  for (const auto& [w, m, s] : mixture) {
    const double y = (x - m) / s;
    sum += w * std::exp(-y * y / 2) / (s * std::sqrt(2 * std::numbers::pi));
  }
  return sum;
}

double cdf(const Mixture& mixture, double x) {
  double sum = 0;
  for (const auto& [w, m, s] : mixture) sum += w * 0.5 * std::erfc((m - x) / (s * std::numbers::sqrt2));
  return sum;
}

// The integral of (F(x) - [x >= z])^2 from z - 40 to z + 40 by the midpoint rule: z is an edge of its cells, so that
// the error is step^2 / 24 times what the slope of the rest changes by, below 1e-6.
double crps_by_quadrature(const Mixture& mixture, double z) {
  constexpr int kCells = 40000;
  constexpr double kStep = 40.0 / kCells;
  double sum = 0;
  for (int i = 0; i < kCells; ++i) {
    sum += std::pow(cdf(mixture, z - (i + 0.5) * kStep), 2) * kStep;
    sum += std::pow(cdf(mixture, z + (i + 0.5) * kStep) - 1, 2) * kStep;
  }
  return sum;
}

// The network's outputs for a mixture: logits that are off by a number, means, log sigmas.
Tensor outputs_of(const std::vector<Mixture>& rows) {
  D values;
  for (const Mixture& mixture : rows) {
    for (const Component& c : mixture) values.push_back(std::log(c.weight) + 3);
    for (const Component& c : mixture) values.push_back(c.mean);
    for (const Component& c : mixture) values.push_back(std::log(c.sigma));
  }
  const auto n = static_cast<int64_t>(rows.size());
  return tensor({n, static_cast<int64_t>(values.size()) / n}, values);
}

const std::vector<Mixture> kMixtures = {{{0.2, -1, 0.3}, {0.5, 0.4, 1}, {0.3, 2, 0.1}},
                                        {{0.6, 0, 2}, {0.3, 0.1, 0.05}, {0.1, -3, 0.7}}};
const D kTargets = {0.7, -1.2};

TEST(GaussianNll, IsMinusTheLogDensityAveragedOverTheNumbers) {
  const Tensor output = tensor({2, 4}, {1, -2, 2 * std::log(0.5), 2 * std::log(3.0), 0, 0, 0, 0});
  const Tensors out = run_loss("gaussian_nll", Json::object(), output, tensor({2, 2}, {1.25, 4, 0, 0}));
  const double first = -std::log(density({{1, 1, 0.5}}, 1.25)), second = -std::log(density({{1, -2, 3}}, 4));
  EXPECT_LE(distance(out.at("loss"), tensor({2}, {(first + second) / 2, 0.5 * std::log(2 * std::numbers::pi)})), 1e-14);
  EXPECT_LE(distance(out.at("prediction"), tensor({2, 4}, {1, -2, 0.5, 3, 0, 0, 1, 1})), 1e-14);
}

// torch.nn.functional.gaussian_nll_loss(mean, z, s.exp(), full=True, eps=0) and its autograd, in F64.
TEST(GaussianNll, EqualsPyTorch) {
  const Tensors out =
      run_loss("gaussian_nll", Json::object(), tensor({2, 2}, {0.3, -1.2, -2, 0.7}), tensor({2}, {1, -1}));
  EXPECT_LE(distance(out.at("loss"), tensor({2}, {1.1323671792751266, 1.5172311851003775})), 1e-14);
  EXPECT_LE(distance(out.at("gradient"), tensor({2, 2}, {-2.324081845915583, -0.3134286460704539, -0.49658530379140947,
                                                         0.25170734810429524})),
            1e-14);
}

TEST(GaussianCrps, IsTheIntegralOfItsDefinition) {
  const Tensor output = tensor({3, 2}, {0.3, 2 * std::log(0.5), -1, 2 * std::log(2.0), 0, 0});
  const Tensor loss = run_loss("gaussian_crps", Json::object(), output, tensor({3}, {1, -1.5, 0})).at("loss");
  EXPECT_NEAR(numbers(loss)[0], crps_by_quadrature({{1, 0.3, 0.5}}, 1), 1e-6);
  EXPECT_NEAR(numbers(loss)[1], crps_by_quadrature({{1, -1, 2}}, -1.5), 1e-6);
  EXPECT_NEAR(numbers(loss)[2], (std::numbers::sqrt2 - 1) / std::sqrt(std::numbers::pi), 1e-15);
}

// What is far off costs its distance, and pulls with a slope of 1.
TEST(GaussianCrps, OfATargetFarAwayIsItsDistance) {
  const Tensors out = run_loss("gaussian_crps", Json::object(), tensor({1, 2}, {0, 0}, CLQ_F32), tensor({1}, {1e6}));
  EXPECT_NEAR(numbers(out.at("loss"))[0], 1e6, 1);
  EXPECT_EQ(numbers(out.at("gradient"))[0], -1);
}

TEST(MixtureNll, IsMinusTheLogOfTheDensity) {
  const Tensors out = run_loss("mixture_nll", Json::object(), outputs_of(kMixtures), tensor({2}, kTargets));
  for (size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(numbers(out.at("loss"))[i], -std::log(density(kMixtures[i], kTargets[i])), 1e-14);
  EXPECT_LE(distance(out.at("prediction"),
                     tensor({2, 9}, {0.2, 0.5, 0.3, -1, 0.4, 2, 0.3, 1, 0.1, 0.6, 0.3, 0.1, 0, 0.1, -3, 2, 0.05, 0.7})),
            1e-14);
}

// 1000 sigma away the density is e^-500000, which no float holds.
TEST(MixtureNll, StaysFiniteWhereTheDensityIsZero) {
  const Tensor output = tensor({1, 6}, {0, 0, 0, 0, 0, 0}, CLQ_F32);
  const Tensors out = run_loss("mixture_nll", Json::object(), output, tensor({1}, {1000}));
  EXPECT_NEAR(numbers(out.at("loss"))[0], 500000 + 0.5 * std::log(2 * std::numbers::pi), 0.05);
  EXPECT_EQ(numbers(out.at("gradient")), (D{0, 0, -500, -500, -499999.5, -499999.5}));
}

TEST(MixtureCrps, IsTheIntegralOfItsDefinition) {
  const Tensors out = run_loss("mixture_crps", Json::object(), outputs_of(kMixtures), tensor({2}, kTargets));
  for (size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(numbers(out.at("loss"))[i], crps_by_quadrature(kMixtures[i], kTargets[i]), 1e-6);
  EXPECT_NEAR(numbers(out.at("prediction"))[7], 1, 1e-14);
}

TEST(Mixtures, OfOneGaussianAreThatGaussian) {
  const Tensor one = outputs_of({{{1, 0.3, 0.5}}, {{1, -1, 2}}}), z = tensor({2}, {1, 0});
  const Tensor gaussian = tensor({2, 2}, {0.3, 2 * std::log(0.5), -1, 2 * std::log(2.0)});
  for (const char* score : {"nll", "crps"})
    EXPECT_LE(distance(run_loss(fmt::format("mixture_{}", score), Json::object(), one, z).at("loss"),
                       run_loss(fmt::format("gaussian_{}", score), Json::object(), gaussian, z).at("loss")),
              1e-14)
        << score;
}

// The best of all densities is the true one, in the mean over many draws: here the draws are the quantiles of N(0, 1).
TEST(DensityLosses, AreSmallestForTheSigmaThatTheDataHave) {
  constexpr int64_t kDraws = 999;
  D z;
  for (int64_t i = 0; i < kDraws; ++i) {
    double low = -10, high = 10;
    for (int step = 0; step < 60; ++step) {
      const double middle = (low + high) / 2;
      (cdf({{1, 0, 1}}, middle) < (static_cast<double>(i) + 0.5) / kDraws ? low : high) = middle;
    }
    z.push_back(low);
  }
  for (const char* use : {"gaussian_nll", "gaussian_crps"}) {
    const auto loss_of = [&](double sigma) {
      D outputs;
      for (int64_t i = 0; i < kDraws; ++i) outputs.insert(outputs.end(), {0, 2 * std::log(sigma)});
      return numbers(run_loss(use, Json::object(), tensor({kDraws, 2}, outputs), tensor({kDraws}, z)).at("total"))[0];
    };
    EXPECT_LT(loss_of(1), loss_of(0.9)) << use;
    EXPECT_LT(loss_of(1), loss_of(1.1)) << use;
  }
}

TEST(DensityLosses, LeaveOutATargetThatIsNaNWhereTheyAreToldTo) {
  const Json mask = {{"mask_nan", true}};
  for (const char* use : {"gaussian_nll", "gaussian_crps"}) {
    const Tensors out = run_loss(use, mask, tensor({1, 4}, {0.3, 5, -1, 1}), tensor({1, 2}, {1, NAN}));
    EXPECT_LE(distance(out.at("loss"), run_loss(use, mask, tensor({1, 2}, {0.3, -1}), tensor({1}, {1})).at("loss")),
              1e-14);
    EXPECT_EQ(numbers(out.at("gradient"))[1], 0) << use;
    EXPECT_EQ(numbers(out.at("gradient"))[3], 0) << use;
  }
  for (const char* use : {"mixture_nll", "mixture_crps"}) {
    const Tensors out = run_loss(use, mask, outputs_of(kMixtures), tensor({2}, {NAN, -1.2}));
    EXPECT_EQ(numbers(out.at("loss"))[0], 0) << use;
    EXPECT_GT(numbers(out.at("loss"))[1], 0) << use;
    for (size_t i = 0; i < 9; ++i) EXPECT_EQ(numbers(out.at("gradient"))[i], 0) << use;
  }
}

TEST(DensityLosses, SayWhatTheyWantOfTheNetwork) {
  const Json none = Json::object();
  EXPECT_EQ(loss_error({"gaussian_nll", none, filled({2, 3}, 0), filled({2}, 0)}),
            "gaussian_nll: the network must give a mean and a log variance for each number, got [2, 3]");
  EXPECT_EQ(loss_error({"gaussian_crps", none, filled({2, 4}, 0), filled({2}, 0)}),
            "gaussian_crps: the network gives [2, 2] and the target is [2]");
  EXPECT_EQ(loss_error({"mixture_nll", none, filled({2, 4}, 0), filled({2}, 0)}),
            "mixture_nll: the network must give a logit, a mean and a log sigma for each component, got [2, 4]");
  EXPECT_EQ(loss_error({"mixture_crps", none, filled({2, 6}, 0), filled({2, 2}, 0)}),
            "mixture_crps: the target must be one number a sample, got [2, 2]");
}

}  // namespace
}  // namespace clq::test

// tests/core/losses/losses.test.cpp -- each loss against its closed form.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

const Json kBins = Json::parse(R"({"bins": {"min": 0, "max": 0.4, "n": 4}})");

TEST(Mse, IsTheMeanOfASamplesSquaredErrors) {
  const Tensors out = run_loss("mse", {}, tensor({2, 2}, {1, 2, 3, 4}), tensor({2, 2}, {0, 0, 3, 2}));
  EXPECT_EQ(numbers(out.at("loss")), (std::vector<double>{2.5, 2}));
  EXPECT_EQ(numbers(out.at("prediction")), (std::vector<double>{1, 2, 3, 4}));
}

TEST(Mse, TakesOneOutputForANumber) {
  EXPECT_EQ(numbers(run_loss("mse", {}, tensor({2, 1}, {1, 2}), tensor({2}, {3, 2})).at("loss")),
            (std::vector<double>{4, 0}));
  EXPECT_EQ(numbers(run_loss("mse", {}, tensor({2, 1}, {1, 2}, CLQ_F32), tensor({2}, {3, 2})).at("loss")),
            (std::vector<double>{4, 0}));
  EXPECT_THROW(run_loss("mse", {}, tensor({2, 2}, {1, 2, 3, 4}), tensor({2}, {3, 2})), Error);
}

TEST(SoftmaxCrossEntropy, OfAClassIsMinusItsLogProbability) {
  const Tensors out =
      run_loss("softmax_cross_entropy", {}, tensor({2, 2}, {0, std::log(3.0), 0, std::log(3.0)}), tensor({2}, {0, 1}));
  EXPECT_LE(distance(out.at("loss"), tensor({2}, {std::log(4.0), -std::log(0.75)})), 1e-14);
  EXPECT_LE(distance(out.at("prediction"), tensor({2, 2}, {0.25, 0.75, 0.25, 0.75})), 1e-14);
}

// Bins [0, 0.1) [0.1, 0.2) ...; numbers outside belong to the end bins.
TEST(SoftmaxCrossEntropy, PutsANumberIntoItsBin) {
  const Tensor logits =
      tensor({6, 4}, std::vector<double>{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4});
  const Tensor loss =
      run_loss("softmax_cross_entropy", kBins, logits, tensor({6}, {0.05, 0.15, 0.25, 0.35, -1, 9})).at("loss");
  const double norm = std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0) + std::exp(4.0));
  EXPECT_LE(distance(loss, tensor({6}, {norm - 1, norm - 2, norm - 3, norm - 4, norm - 1, norm - 4})), 1e-14);
}

// torch.nn.functional.cross_entropy of probabilities, in F64; the second row sums to 0.5 and is taken as it is.
TEST(SoftmaxCrossEntropy, TakesAProbabilityOfEachClass) {
  const Tensor logits = tensor({2, 3}, {0.5, -1, 2, 3, -2, 0}), labels = tensor({2, 3}, {0.2, 0.3, 0.5, 0, 0.5, 0});
  const Tensors out = run_loss("softmax_cross_entropy", Json::object(), logits, labels);
  EXPECT_LE(distance(out.at("loss"), tensor({2}, {1.441311296657157, 2.5274926176885737})), 1e-14);
  const std::vector<double> gradient = {-0.024709607859963317, -0.26088742672931253, 0.2855970345892759,
                                        0.47324956127644685,   -0.49681126953877885, 0.023561708262332073};
  EXPECT_LE(distance(out.at("gradient"), tensor({2, 3}, gradient)), 1e-14);
  const Json smoothing = {{"label_smoothing", 0.1}};
  const Tensor smoothed = run_loss("softmax_cross_entropy", smoothing, logits, labels).at("loss");
  EXPECT_LE(distance(smoothed, tensor({2}, {1.471311296657157, 2.5469085461240977})), 1e-14);
}

TEST(SoftmaxCrossEntropy, OfSureProbabilitiesIsThatOfTheClasses) {
  const Tensor logits = tensor({2, 3}, {0.5, -1, 2, 3, -2, 0}, CLQ_F32);
  EXPECT_EQ(
      numbers(run_loss("softmax_cross_entropy", Json::object(), logits, tensor({2, 3}, {0, 0, 1, 0, 1, 0})).at("loss")),
      numbers(run_loss("softmax_cross_entropy", Json::object(), logits, tensor({2}, {2, 1})).at("loss")));
}

TEST(SoftmaxCrossEntropy, WantsAProbabilityForEachClass) {
  EXPECT_EQ(loss_error({"softmax_cross_entropy", Json::object(), filled({2, 3}, 0), filled({2, 2}, 0)}),
            "softmax_cross_entropy: the network gives [2, 3] and the target is [2, 2]");
}

TEST(SoftmaxCrossEntropy, SmoothsLabels) {
  const Json smoothing = {{"label_smoothing", 0.2}};
  const Tensor loss =
      run_loss("softmax_cross_entropy", smoothing, tensor({1, 2}, {0, std::log(3.0)}), tensor({1}, {0})).at("loss");
  EXPECT_LE(distance(loss, tensor({1}, {-0.9 * std::log(0.25) - 0.1 * std::log(0.75)})), 1e-14);
}

TEST(SoftmaxCrossEntropy, OfAClassThatIsNotThereIsNaNSmoothedOrNot) {
  for (const double smoothing : {0.0, 0.2})
    for (const double label : {-1.0, 2.0}) {
      const Json config = {{"label_smoothing", smoothing}};
      const Tensor loss =
          run_loss("softmax_cross_entropy", config, tensor({2, 2}, {0, 1, 0, 1}), tensor({2}, {label, 1})).at("loss");
      EXPECT_TRUE(std::isnan(numbers(loss)[0]) && std::isfinite(numbers(loss)[1])) << smoothing << " " << label;
    }
}

// The mass of N(z, sigma) in [a, b].
double gaussian_mass(double a, double b, double z, double sigma) {
  return 0.5 * (std::erf((b - z) / sigma / std::sqrt(2.0)) - std::erf((a - z) / sigma / std::sqrt(2.0)));
}

TEST(SoftmaxCrossEntropy, SpreadsANumberOverBinsAsAGaussianWould) {
  Json config = kBins;
  config["label_sigma"] = 0.07;
  const std::vector<double> logits = {0.3, 1, -1, 0.2}, z = {0.17, 0.0, 5.0};
  std::vector<double> rows;
  for (size_t i = 0; i < z.size(); ++i) rows.insert(rows.end(), logits.begin(), logits.end());
  const Tensor loss = run_loss("softmax_cross_entropy", config, tensor({3, 4}, rows), tensor({3}, z)).at("loss");
  double norm = 0;
  for (const double logit : logits) norm += std::exp(logit);
  std::vector<double> expected;
  for (const double where : {0.17, 0.0, 0.4}) {  // a z outside counts as the edge
    double sum = 0;
    for (size_t k = 0; k < 4; ++k)
      sum -= gaussian_mass(0.1 * static_cast<double>(k), 0.1 * static_cast<double>(k + 1), where, 0.07) /
             gaussian_mass(0, 0.4, where, 0.07) * (logits[k] - std::log(norm));
    expected.push_back(sum);
  }
  EXPECT_LE(distance(loss, tensor({3}, expected)), 1e-13);
}

TEST(SoftmaxCrossEntropy, OfANarrowGaussianIsThatOfTheBin) {
  Json config = kBins;
  config["label_sigma"] = 1e-6;
  const Tensor logits = tensor({2, 4}, {0.3, 1, -1, 0.2, 0.3, 1, -1, 0.2}), z = tensor({2}, {0.15, 0.35});
  EXPECT_LE(distance(run_loss("softmax_cross_entropy", config, logits, z).at("loss"),
                     run_loss("softmax_cross_entropy", kBins, logits, z).at("loss")),
            1e-14);
}

TEST(SoftmaxCrossEntropy, RefusesASigmaThatItCannotUse) {
  EXPECT_THROW(run_loss("softmax_cross_entropy", {{"label_sigma", 0.1}}, filled({2, 4}, 0), filled({2}, 0)), Error);
  Json wrong = kBins;
  wrong["label_sigma"] = -0.1;
  EXPECT_THROW(run_loss("softmax_cross_entropy", wrong, filled({2, 4}, 0), filled({2}, 0)), Error);
  wrong["label_sigma"] = 1e-310;  // the bins over it are infinite
  EXPECT_THROW(run_loss("softmax_cross_entropy", wrong, filled({2, 4}, 0), filled({2}, 0)), Error);
}

TEST(SoftmaxCrossEntropy, RefusesAnOutputThatDoesNotFitTheBins) {
  try {
    run_loss("softmax_cross_entropy", kBins, filled({2, 5}, 0), filled({2}, 0));
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "softmax_cross_entropy: the network gives [2, 5], and there are 4 bins");
  }
}

// The integral of (F(x) - [x >= z])^2 by the midpoint rule on a grid that has the bin edges and z among its edges.
double crps_by_quadrature(const std::vector<double>& p, double width, double z) {
  constexpr int kCells = 40000;
  const double step = width * static_cast<double>(p.size()) / kCells;
  double sum = 0;
  for (int i = 0; i < kCells; ++i) {
    const double x = (i + 0.5) * step;
    const auto k = static_cast<size_t>(x / width);
    double cdf = 0;
    for (size_t j = 0; j < k; ++j) cdf += p[j];
    cdf += p[k] * (x / width - static_cast<double>(k));
    sum += std::pow(cdf - (x >= z ? 1 : 0), 2) * step;
  }
  return sum;
}

TEST(Crps, IsTheExactIntegralForAPiecewiseConstantPdf) {
  const Tensor logits = tensor({3, 4}, {0.3, 1, -1, 0.2, 0.3, 1, -1, 0.2, 0.3, 1, -1, 0.2});
  const std::vector<double> z = {0.05, 0.17, 0.31};
  const Tensors out = run_loss("crps", kBins, logits, tensor({3}, z));
  const std::vector<double> p = numbers(out.at("prediction"));
  for (size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(numbers(out.at("loss"))[i], crps_by_quadrature({p.begin(), p.begin() + 4}, 0.1, z[i]), 1e-9);
}

TEST(Crps, OfAllMassInTheRightBinIsAThirdToATwelfthOfItsWidth) {
  const Tensor logits = tensor({2, 4}, {0, 500, 0, 0, 0, 500, 0, 0});
  const Tensor loss = run_loss("crps", kBins, logits, tensor({2}, {0.1, 0.15})).at("loss");
  EXPECT_LE(distance(loss, tensor({2}, {0.1 / 3, 0.1 / 12})), 1e-12);
}

TEST(Crps, HasTheGradientOfItsDifferences) {
  const std::vector<double> logits = {0.3, 1, -1, 0.2};
  const Tensor z = tensor({1}, {0.17});
  const Tensor gradient = run_loss("crps", kBins, tensor({1, 4}, logits), z).at("gradient");
  std::vector<double> expected;
  for (size_t i = 0; i < 4; ++i) {
    std::vector<double> up = logits, down = logits;
    up[i] += 1e-5;
    down[i] -= 1e-5;
    const double above = numbers(run_loss("crps", kBins, tensor({1, 4}, up), z).at("loss"))[0];
    const double below = numbers(run_loss("crps", kBins, tensor({1, 4}, down), z).at("loss"))[0];
    expected.push_back((above - below) / 2e-5);
  }
  EXPECT_LE(distance(gradient, tensor({1, 4}, expected)), 1e-6);
}

}  // namespace
}  // namespace clq::test

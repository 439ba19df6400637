// tests/core/metrics/segmentation.test.cpp -- ratios of pixels, counted over all samples, against loops over them.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/metrics/metric_values.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

struct PixelCounts {
  double right = 0, both = 0, predicted = 0, truth = 0, pixels = 0;
};

// Of the pixels begin ... end - 1 of each sample of `size` pixels.
PixelCounts count(const D& p, const D& y, const D& weights, size_t size, size_t begin, size_t end) {
  PixelCounts sums;
  for (size_t i = 0; i < weights.size(); ++i)
    for (size_t k = i * size + begin; k < i * size + end; ++k) {
      if (std::isnan(y[k])) continue;
      const bool said = p[k] >= 0.5, is = y[k] >= 0.5;
      sums.pixels += weights[i];
      sums.right += weights[i] * (said == is);
      sums.both += weights[i] * (said && is);
      sums.predicted += weights[i] * said;
      sums.truth += weights[i] * is;
    }
  return sums;
}

void expect_ratios(const std::map<std::string, double>& got, const PixelCounts& n, const std::string& suffix) {
  EXPECT_DOUBLE_EQ(got.at("pixel_accuracy" + suffix), n.right / n.pixels);
  EXPECT_DOUBLE_EQ(got.at("iou" + suffix), n.both / (n.predicted + n.truth - n.both));
  EXPECT_DOUBLE_EQ(got.at("dice" + suffix), 2 * n.both / (n.predicted + n.truth));
  EXPECT_DOUBLE_EQ(got.at("precision" + suffix), n.both / n.predicted);
  EXPECT_DOUBLE_EQ(got.at("recall" + suffix), n.both / n.truth);
}

D labels_for(size_t n) {
  D y(n);
  for (size_t i = 0; i < n; ++i) y[i] = i % 3 == 0 || i % 7 == 1;
  return y;
}

TEST(Segmentation, CountsThePixelsOfAllSamplesWithTheirWeights) {
  const Tensor p = uniform({5, 1, 4, 6}, 0, 1, 1, CLQ_F32);
  D y = labels_for(5 * 24);
  y[3] = y[40] = y[41] = NAN;
  const D weights = {1, 0.5, 0, 2, 1};
  const auto got = finished_metrics("segmentation", p, tensor({5, 4, 6}, y), weights);
  EXPECT_EQ(got.size(), 5U);
  expect_ratios(got, count(numbers(p), y, weights, 24, 0, 24), "");
}

TEST(Segmentation, MeasuresEachOfSeveralChannels) {
  const Tensor p = uniform({3, 2, 5, 5}, 0, 1, 2);
  const D y = labels_for(3 * 50);
  const auto got = finished_metrics("segmentation", p, tensor({3, 50}, y));
  EXPECT_EQ(got.size(), 10U);
  expect_ratios(got, count(numbers(p), y, D(3, 1), 50, 0, 25), "_1");
  expect_ratios(got, count(numbers(p), y, D(3, 1), 50, 25, 50), "_2");
}

// One pixel right of one, and none of nine: 1/10, where the mean of the samples' ratios would be 1/2.
TEST(Segmentation, IsPooledAndNoMeanOfRatios) {
  D p(20, 0), y(20, 0);
  p[0] = y[0] = 1;
  std::fill(y.begin() + 10, y.begin() + 19, 1.0);
  const auto got = finished_metrics("segmentation", tensor({2, 10}, p), tensor({2, 10}, y));
  EXPECT_DOUBLE_EQ(got.at("recall"), 0.1);
  EXPECT_DOUBLE_EQ(got.at("precision"), 1);
  EXPECT_DOUBLE_EQ(got.at("iou"), 0.1);
}

TEST(Segmentation, OfNothingSaidHasNoPrecision) {
  const auto got = finished_metrics("segmentation", filled({2, 4}, 0.1), filled({2, 4}, 1));
  EXPECT_TRUE(std::isnan(got.at("precision")));
  EXPECT_EQ(got.at("recall"), 0);
}

TEST(Segmentation, WantsATargetAPixel) {
  EXPECT_THROW(metric_values("segmentation", filled({2, 1, 3, 3}, 0), filled({2}, 0)), Error);
}

}  // namespace
}  // namespace clq::test

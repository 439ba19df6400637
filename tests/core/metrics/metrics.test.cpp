// tests/core/metrics/metrics.test.cpp -- how per-sample values become one number, and the core's metrics.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "core/metrics/metric_values.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

double finish(const char* json, const D& values, D weights = {}, const D& by = {}) {
  if (weights.empty()) weights.assign(values.size(), 1);
  return finish_metric(Json::parse(json), values, weights, by);
}

TEST(Finish, MeanAndRmsAreWeighted) {
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "mean"})", {1, 2, 6}, {1, 2, 1}), 2.75);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "rms"})", {3, -4, 9}, {1, 1, 0}), std::sqrt(12.5));
}

TEST(Finish, MedianIsTheMiddleOrTheMeanOfTheTwo) {
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "median"})", {5, 1, 3}), 3);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "median"})", {5, 1, 3, 4}), 3.5);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "median"})", {5, 1, 3, 99}, {1, 1, 1, 0}), 3);  // no weight: no row
}

TEST(Finish, QuantileIsLinearBetweenRows) {
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "quantile", "q": 0.9})", {0, 1, 2, 3, 4}), 3.6);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "quantile", "q": 0})", {7, 5}), 5);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "quantile", "q": 1})", {7, 5}), 7);
}

TEST(Finish, SpreadsAndUniformity) {
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "sigma_mad"})", {0, 1, 2, 3, 100}), 1.4826);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "std"})", {1, 3}), 1);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "ks_uniform"})", {0.25, 0.75}), 0.25);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "ks_uniform"})", {0, 0, 0}), 1);
}

TEST(Finish, TakesOnePartOfTheRowsSortedByAnotherMetric) {
  const D values = {1, 2, 3, 4}, by = {40, 30, 20, 10};
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "mean", "by": "z", "part": 0, "parts": 2})", values, {}, by), 3.5);
  EXPECT_DOUBLE_EQ(finish(R"({"finish": "median", "by": "z", "part": 1, "parts": 2})", values, {}, by), 1.5);
  EXPECT_THROW(finish(R"({"finish": "mean", "by": "z", "part": 2, "parts": 2})", values, {}, by), Error);
}

TEST(Finish, RatioIsOfWeightedSums) {
  const char* ratio = R"({"finish": "ratio", "over": "u"})";
  EXPECT_DOUBLE_EQ(finish(ratio, {1, 2, 9}, {1, 2, 0}, {4, 3, 1}), 5.0 / 10);
  EXPECT_TRUE(std::isnan(finish(ratio, {0, 0}, {}, {0, 0})));
}

// Far from 0 the sums of squares would cancel: the spread is 1 at 10^8.
TEST(Finish, R2IsOneMinusTheErrorsOverTheSpread) {
  const char* r2 = R"({"finish": "r2", "over": "z"})";
  EXPECT_DOUBLE_EQ(finish(r2, {0, 0, 0}, {}, {1, 2, 4}), 1);
  EXPECT_DOUBLE_EQ(finish(r2, {1, -1, 1, 7}, {1, 1, 2, 0}, {1e8 - 1, 1e8, 1e8 + 1, 0}), 1 - 4 / 2.75);
}

double auc_of_pairs(const D& scores, const D& yes, const D& weights) {
  double won = 0, pairs = 0;
  for (size_t i = 0; i < scores.size(); ++i)
    for (size_t j = 0; j < scores.size(); ++j) {
      const double w = weights[i] * yes[i] * weights[j] * (1 - yes[j]);
      won += w * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
      pairs += w;
    }
  return won / pairs;
}

// sum over the thresholds of the gain in recall times the precision.
double precision_of_thresholds(const D& scores, const D& yes, const D& weights) {
  const auto counts = [&](double threshold) {
    std::pair<double, double> sums;  // of yes, of all
    for (size_t i = 0; i < scores.size(); ++i) {
      if (scores[i] < threshold) continue;
      sums.first += weights[i] * yes[i];
      sums.second += weights[i];
    }
    return sums;
  };
  const std::set<double, std::greater<>> thresholds(scores.begin(), scores.end());
  double sum = 0, before = 0;
  for (const double threshold : thresholds) {
    const auto [right, said] = counts(threshold);
    if (said > 0) sum += (right - before) * right / said;
    before = right;
  }
  return sum / before;
}

TEST(Finish, AreasEqualTheirDefinitions) {
  const char* auc = R"({"finish": "auc", "over": "y"})";
  const char* precision = R"({"finish": "average_precision", "over": "y"})";
  const D scores = {0.9, 0.1, 0.4, 0.4, 0.4, 0.8, 0.2, 0.9, 0.05}, yes = {1, 0, 1, 0, 0, 1, 0, 0, 1};
  for (const D& weights : {D(9, 1), D{1, 2, 0.5, 1, 3, 0, 1, 0.25, 2}}) {
    EXPECT_NEAR(finish(auc, scores, weights, yes), auc_of_pairs(scores, yes, weights), 1e-15);
    EXPECT_NEAR(finish(precision, scores, weights, yes), precision_of_thresholds(scores, yes, weights), 1e-15);
  }
  EXPECT_EQ(finish(auc, {1, 2, 3, 4}, {}, {0, 0, 1, 1}), 1);
  EXPECT_EQ(finish(precision, {1, 2, 3, 4}, {}, {0, 0, 1, 1}), 1);
  EXPECT_EQ(finish(auc, {1, 2, 3, 4}, {}, {1, 1, 0, 0}), 0);
  EXPECT_EQ(finish(auc, {5, 5, 5}, {}, {1, 0, 0}), 0.5);
  EXPECT_NEAR(finish(precision, {5, 5, 5}, {}, {1, 0, 0}), 1 / 3.0, 1e-15);
  EXPECT_TRUE(std::isnan(finish(auc, {1, 2}, {}, {1, 1})));  // nothing to tell apart
}

TEST(Finish, OfNothingOrOfNaNIsNaN) {
  EXPECT_TRUE(std::isnan(finish(R"({"finish": "mean"})", {1}, {0})));
  EXPECT_TRUE(std::isnan(finish(R"({"finish": "median"})", {1, NAN})));
}

TEST(Finish, SaysWhatIsBest) {
  EXPECT_EQ(shortfall({{"finish", "mean"}}, -3), -3);
  EXPECT_EQ(shortfall({{"finish", "mean"}, {"best", "smallest"}}, -3), -3);
  EXPECT_EQ(shortfall({{"finish", "mean"}, {"best", "largest"}}, 0.9), -0.9);
  EXPECT_EQ(shortfall({{"finish", "mean"}, {"best", 0}}, -3), 3);
  EXPECT_DOUBLE_EQ(shortfall({{"finish", "mean"}, {"best", 0.75}}, 0.5), 0.25);
  EXPECT_THROW(finish_needs_rows({{"finish", "mean"}, {"best", "biggest"}}), Error);
}

TEST(Finish, NeedsRowsUnlessSumsAreEnough) {
  EXPECT_FALSE(finish_needs_rows(Json::parse(R"({"finish": "mean"})")));
  EXPECT_FALSE(finish_needs_rows(Json::parse(R"({"finish": "rms"})")));
  EXPECT_TRUE(finish_needs_rows(Json::parse(R"({"finish": "median"})")));
  EXPECT_TRUE(finish_needs_rows(Json::parse(R"({"finish": "mean", "by": "z", "part": 0, "parts": 2})")));
  EXPECT_FALSE(finish_needs_rows(Json::parse(R"({"finish": "ratio", "over": "z"})")));
  EXPECT_FALSE(finish_needs_rows(Json::parse(R"({"finish": "none"})")));
  for (const char* how : {"r2", "auc", "average_precision"})
    EXPECT_TRUE(finish_needs_rows({{"finish", how}, {"over", "z"}})) << how;
  for (const char* wrong :
       {R"({"finish": "ratio"})", R"({"finish": "auc", "by": "z"})", R"({"finish": "mean", "over": "z"})",
        R"({"finish": "meen"})", R"({"finish": "quantile"})", R"({"finish": "quantile", "q": 90})",
        R"({"finish": "mean", "by": "z", "part": 0})", R"({"finish": "mean", "by": "z", "part": 2, "parts": 2})"})
    EXPECT_THROW(finish_needs_rows(Json::parse(wrong)), Error) << wrong;
}

TEST(Regression, MeasuresPredictionMinusTarget) {
  const Tensors out = metric_values("regression", tensor({2, 1}, {1.5, 2}, CLQ_F32), tensor({2}, {1, 3}));
  EXPECT_EQ(numbers(out.at("bias")), (D{0.5, -1}));
  EXPECT_EQ(numbers(out.at("mae")), (D{0.5, 1}));
  EXPECT_TRUE(out.contains("rmse") && out.contains("sigma_mad"));
}

TEST(Regression, NamesEachOfSeveralOutputs) {
  const Tensors out = metric_values("regression", tensor({2, 2}, {1, 2, 3, 4}), tensor({2, 2}, {0, 0, 0, 0}));
  EXPECT_EQ(numbers(out.at("bias_2")), (D{2, 4}));
}

TEST(Regression, ExplainsTheSpreadOfTheTarget) {
  const auto got = finished_metrics("regression", tensor({3, 1}, {1.5, 2, 4}, CLQ_F32), tensor({3}, {1, 2, 6}));
  EXPECT_DOUBLE_EQ(got.at("r2"), 1 - (0.25 + 0 + 4) / (4 + 1 + 9));
  EXPECT_FALSE(got.contains("target"));
}

// Each target by the rows that have it, as if the others were not there.
TEST(Regression, LeavesOutTargetsThatMissWhereTheLossDoes) {
  const Tensor p = tensor({4, 2}, {1, 5, 2, 3, 4, 1, 0.5, 2});
  const Tensor z = tensor({4, 2}, {1.5, NAN, 2, 4, NAN, 1, 0, NAN});
  const D weights = {1, 2, 3, 0.5};
  const auto got = finished_metrics("regression", p, z, weights, {{"mask_nan", true}});
  const auto first = finished_metrics("regression", tensor({3}, {1, 2, 0.5}), tensor({3}, {1.5, 2, 0}), {1, 2, 0.5});
  const auto second = finished_metrics("regression", tensor({2}, {3, 1}), tensor({2}, {4, 1}), {2, 3});
  ASSERT_EQ(got.size(), 2 * first.size());
  for (const auto& [name, value] : first) EXPECT_DOUBLE_EQ(got.at(name + "_1"), value) << name;
  for (const auto& [name, value] : second) EXPECT_DOUBLE_EQ(got.at(name + "_2"), value) << name;
  EXPECT_TRUE(std::isnan(finished_metrics("regression", p, z, weights).at("bias_1")));  // nobody said so
}

TEST(Classification, CountsHitsAndLogsTheLabelsProbability) {
  const Tensors out = metric_values("classification", tensor({2, 2}, {0.25, 0.75, 0.5, 0.5}), tensor({2}, {1, 1}));
  EXPECT_EQ(numbers(out.at("accuracy")), (D{1, 0}));  // the first of equals wins
  EXPECT_LE(distance(out.at("log_loss"), tensor({2}, {-std::log(0.75), std::log(2.0)})), 1e-14);
}

TEST(Classification, OfYesAndNoIsAsThatOfTwoClasses) {
  const D p = {0.9, 0.2, 0.6, 0.4, 0.7, 0.1}, y = {1, 0, 0, 1, 1, 0}, weights = {1, 2, 1, 0.5, 0, 1};
  D both;
  for (const double yes : p) both.insert(both.end(), {1 - yes, yes});
  const auto one = finished_metrics("classification", tensor({6, 1}, p), tensor({6}, y), weights);
  const auto two = finished_metrics("classification", tensor({6, 2}, both), tensor({6}, y), weights);
  ASSERT_EQ(one.size(), two.size());
  for (const auto& [name, value] : one) EXPECT_NEAR(value, two.at(name), 1e-15) << name;
  EXPECT_DOUBLE_EQ(one.at("accuracy"), 4 / 5.5);
  EXPECT_DOUBLE_EQ(one.at("f1"), 2 * 1 / (2 * 1 + 1 + 0.5));  // one is right, one is no yes, half a yes is missed
  EXPECT_NEAR(one.at("log_loss"),
              -(std::log(0.9) + 2 * std::log(0.8) + std::log(0.4) + 0.5 * std::log(0.4) + std::log(0.9)) / 5.5, 1e-15);
  EXPECT_DOUBLE_EQ(one.at("auc"), (4 + 0.5 * 3) / (1.5 * 4));
  EXPECT_DOUBLE_EQ(one.at("average_precision"), (1 * 1 + 0.5 * 1.5 / 2.5) / 1.5);
}

TEST(Classification, OfMoreClassesHasNoYes) {
  EXPECT_EQ(finished_metrics("classification", filled({2, 3}, 1 / 3.0), tensor({2}, {0, 1})).size(), 2U);
}

TEST(Classification, TakesAProbabilityOfEachClassAsTarget) {
  const Tensor p = tensor({2, 3}, {0.2, 0.3, 0.5, 0.6, 0.4, 0}), y = tensor({2, 3}, {0.1, 0.2, 0.7, 0.5, 0, 0.5});
  const Tensors out = metric_values("classification", p, y);
  EXPECT_EQ(numbers(out.at("accuracy")), (D{1, 1}));
  const double first = -0.1 * std::log(0.2) - 0.2 * std::log(0.3) - 0.7 * std::log(0.5);
  EXPECT_LE(distance(out.at("log_loss"), tensor({2}, {first, -0.5 * std::log(0.6) - 0.5 * std::log(1e-15)})), 1e-14);
}

}  // namespace
}  // namespace clq::test

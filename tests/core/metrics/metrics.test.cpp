// tests/core/metrics/metrics.test.cpp -- how per-sample values become one number, and the core's metrics.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "support/run_graph.hpp"

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
  for (const char* wrong :
       {R"({"finish": "meen"})", R"({"finish": "quantile"})", R"({"finish": "quantile", "q": 90})",
        R"({"finish": "mean", "by": "z", "part": 0})", R"({"finish": "mean", "by": "z", "part": 2, "parts": 2})"})
    EXPECT_THROW(finish_needs_rows(Json::parse(wrong)), Error) << wrong;
}

Tensors metric_values(const std::string& task, const Tensor& prediction, const Tensor& target) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::infer, {{"prediction", prediction.desc()}, {"target", target.desc()}});
  for (const MetricEntry& entry : metric_table())
    if (entry.name == task) entry.make(Config(Json::object()))->build(b, b.input("prediction"), b.input("target"));
  const std::vector<Metric> metrics = b.graph().metrics;
  for (const Metric& metric : metrics) b.output(metric.name, b.op("identity/1", {metric.value}));
  return run_graph(b.graph(), {{"prediction", prediction}, {"target", target}});
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

TEST(Classification, CountsHitsAndLogsTheLabelsProbability) {
  const Tensors out = metric_values("classification", tensor({2, 2}, {0.25, 0.75, 0.5, 0.5}), tensor({2}, {1, 1}));
  EXPECT_EQ(numbers(out.at("accuracy")), (D{1, 0}));  // the first of equals wins
  EXPECT_LE(distance(out.at("log_loss"), tensor({2}, {-std::log(0.75), std::log(2.0)})), 1e-14);
}

}  // namespace
}  // namespace clq::test

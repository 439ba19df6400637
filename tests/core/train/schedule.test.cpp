// tests/core/train/schedule.test.cpp -- learning rates against their closed forms.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/schedule.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace clq {
namespace {

Schedule make(const Json& config, double rate, int64_t steps, int64_t per_epoch = 10) {
  return Schedule(Config(config), rate, steps, per_epoch);
}

TEST(Schedule, IsConstantByDefault) {
  const auto s = make(Json::object(), 0.1, 100);
  for (const int64_t step : {0, 1, 50, 99, 1000}) EXPECT_EQ(s.at(step), 0.1);
}

TEST(Schedule, WarmsUpLinearly) {
  const auto s = make({{"name", "constant"}, {"warmup", 10}}, 0.5, 100);
  for (int64_t step = 0; step < 10; ++step) EXPECT_DOUBLE_EQ(s.at(step), 0.5 * static_cast<double>(step + 1) / 10);
  EXPECT_EQ(s.at(10), 0.5);
}

TEST(Schedule, WarmupBelowOneIsAFraction) {
  const auto steps = make({{"name", "cosine"}, {"warmup", 20}}, 1, 200);
  const auto fraction = make({{"name", "cosine"}, {"warmup", 0.1}}, 1, 200);
  for (int64_t step = 0; step < 200; ++step) EXPECT_EQ(steps.at(step), fraction.at(step));
}

TEST(Schedule, CosineHasItsClosedForm) {
  const auto s = make({{"name", "cosine"}, {"warmup", 0.0}, {"final", 0.1}}, 2.0, 80);
  EXPECT_DOUBLE_EQ(s.at(0), 2.0);
  EXPECT_DOUBLE_EQ(s.at(40), 2.0 * (0.1 + 0.9 * 0.5));
  EXPECT_DOUBLE_EQ(s.at(80), 0.2);
  EXPECT_DOUBLE_EQ(s.at(1000), 0.2);
  for (int64_t step = 0; step < 80; ++step) {
    const double t = static_cast<double>(step) / 80;
    EXPECT_NEAR(s.at(step), 2.0 * (0.1 + 0.9 * (1 + std::cos(3.14159265358979323846 * t)) / 2), 1e-15);
    EXPECT_GT(s.at(step), s.at(step + 1));
  }
}

TEST(Schedule, StepsBehindItsEpochs) {
  const auto s = make({{"name", "step"}, {"every", 2}, {"gamma", 0.5}}, 1, 100, 5);
  for (const auto& [step, rate] :
       std::vector<std::pair<int64_t, double>>{{0, 1}, {9, 1}, {10, 0.5}, {19, 0.5}, {20, 0.25}})
    EXPECT_EQ(s.at(step), rate) << step;
}

TEST(Schedule, StepsBehindItsMilestones) {
  const auto s = make({{"name", "multistep"}, {"milestones", {3, 4}}, {"gamma", 0.5}, {"unit", "step"}}, 1, 100, 5);
  for (const auto& [step, rate] :
       std::vector<std::pair<int64_t, double>>{{0, 1}, {2, 1}, {3, 0.5}, {4, 0.25}, {99, 0.25}})
    EXPECT_EQ(s.at(step), rate) << step;
}

TEST(Schedule, WarmsUpAlongAnyCurve) {
  const auto s = make({{"name", "exponential"}, {"gamma", 0.5}, {"unit", "step"}, {"warmup", 4}}, 8, 100);
  EXPECT_EQ(s.at(0), 2);
  EXPECT_EQ(s.at(1), 2);
  EXPECT_EQ(s.at(2), 1.5);
  EXPECT_EQ(s.at(4), 0.5);
}

TEST(Schedule, OfOneCycleRisesToItsPeakAndEndsLow) {
  const auto s = make({{"name", "one_cycle"}, {"warmup", 21}, {"start", 0.1}, {"final", 0.01}}, 2, 101);
  EXPECT_DOUBLE_EQ(s.at(0), 0.2);
  EXPECT_DOUBLE_EQ(s.at(10), 1.1);  // half of the way up
  EXPECT_DOUBLE_EQ(s.at(20), 2);
  EXPECT_DOUBLE_EQ(s.at(60), 1.01);  // and down
  EXPECT_DOUBLE_EQ(s.at(100), 0.02);
  EXPECT_DOUBLE_EQ(s.at(5000), 0.02);
  for (const double warmup : {0.0, 1.0}) {  // no rise
    EXPECT_DOUBLE_EQ(make({{"name", "one_cycle"}, {"warmup", warmup}}, 2, 101).at(0), 2) << warmup;
    EXPECT_DOUBLE_EQ(make({{"name", "one_cycle"}, {"warmup", warmup}}, 2, 1).at(0), 2) << warmup;
  }
}

TEST(Schedule, IsAFunctionOfTheStepAloneButForPlateaus) {
  Plateau plateau;
  for (int epoch = 0; epoch < 50; ++epoch) EXPECT_FALSE(make({{"name", "cosine"}}, 1, 100).judge(1, plateau));
  EXPECT_EQ(plateau.scale, 1);
  EXPECT_FALSE(plateau.has_best);
}

TEST(Schedule, NeverReducesBelowItsLeastRate) {
  const auto s = make({{"name", "reduce_on_plateau"}, {"factor", 0.5}, {"patience", 0}, {"min_lr", 0.3}}, 1, 100);
  Plateau plateau;
  s.judge(1, plateau);
  EXPECT_TRUE(s.judge(1, plateau));
  EXPECT_EQ(s.at(7, plateau), 0.5);
  EXPECT_TRUE(s.judge(1, plateau));
  EXPECT_EQ(s.at(7, plateau), 0.3);
  EXPECT_FALSE(s.judge(1, plateau));  // there is nothing to tell
  EXPECT_EQ(s.at(7, plateau), 0.3);
}

// A loss that is minus the log of a likelihood has either sign: less is better all the same.
TEST(Schedule, MeasuresImprovementByTheSizeOfTheBest) {
  const auto s = make({{"name", "reduce_on_plateau"}, {"patience", 0}, {"threshold", 0.1}}, 1, 100);
  Plateau plateau;
  s.judge(-1, plateau);
  EXPECT_TRUE(s.judge(-1.05, plateau));
  EXPECT_FALSE(s.judge(-1.2, plateau));
  EXPECT_EQ(plateau.best, -1.2);
}

TEST(Schedule, RefusesNonsense) {
  EXPECT_THROW(make({{"name", "cosin"}}, 1, 10), Error);
  EXPECT_THROW(make({{"name", "cosine"}, {"final", 2.0}}, 1, 10), Error);
  EXPECT_THROW(make({{"name", "cosine"}, {"warmup", -1.0}}, 1, 10), Error);
  EXPECT_THROW(make(Json::object(), 0, 10), Error);
  EXPECT_THROW(make(Json::object(), NAN, 10), Error);
}

TEST(Schedule, SaysWhatItsTableLacksOrHasTooMuch) {
  for (const auto& [config, words] : std::vector<std::pair<const char*, std::string>>{
           {R"({"name": "step"})", "train.schedule.every is missing"},
           {R"({"name": "exponential"})", "train.schedule.gamma is missing"},
           {R"({"name": "exponential", "gamma": 0})", "train.schedule.gamma must be positive, got 0"},
           {R"({"name": "multistep", "milestones": [4, 4]})",
            "train.schedule.milestones must be positive and rise, got [4, 4]"},
           {R"({"name": "multistep", "milestones": [0]})",
            "train.schedule.milestones must be positive and rise, got [0]"},
           {R"({"name": "cosine", "gamma": 0.1})",
            "train.schedule.gamma: the schedule cosine has no such key, it has warmup, final"},
           {R"({"name": "reduce_on_plateau", "factor": 1})", "train.schedule.factor must be in (0, 1), got 1"},
           {R"({"name": "reduce_on_plateau", "min_lr": 2})",
            "train.schedule.min_lr must be from 0 to train.optimizer.lr 1, got 2"},
           {R"({"name": "stpe"})",
            "train.schedule.name must be one of constant, cosine, step, multistep, exponential, one_cycle, "
            "reduce_on_plateau, got 'stpe', did you mean 'step'?"}}) {
    try {
      make(Json::parse(config), 1, 10);
      FAIL() << config;
    } catch (const Error& e) {
      EXPECT_EQ(e.what(), words);
    }
  }
}

}  // namespace
}  // namespace clq

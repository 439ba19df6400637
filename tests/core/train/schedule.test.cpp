// tests/core/train/schedule.test.cpp -- learning rates against their closed forms.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/schedule.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace clq {
namespace {

Schedule make(const Json& config, double rate, int64_t steps) { return Schedule(Config(config), rate, steps); }

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

TEST(Schedule, RefusesNonsense) {
  EXPECT_THROW(make({{"name", "cosin"}}, 1, 10), Error);
  EXPECT_THROW(make({{"name", "cosine"}, {"final", 2.0}}, 1, 10), Error);
  EXPECT_THROW(make({{"name", "cosine"}, {"warmup", -1.0}}, 1, 10), Error);
  EXPECT_THROW(make(Json::object(), 0, 10), Error);
  EXPECT_THROW(make(Json::object(), NAN, 10), Error);
}

}  // namespace
}  // namespace clq

// tests/core/train/schedule_reference.test.cpp -- learning rates against those of PyTorch's schedulers.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include <gtest/gtest.h>

#include "train/schedule.hpp"

namespace clq {
namespace {

constexpr double kPeak = 0.3, kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kSteps = 30, kPerEpoch = 3;
constexpr double kRounding = 1e-13;  // PyTorch multiplies again and again, thirty times at most

struct Follows {
  const char* config;
  std::vector<double> losses;
  std::vector<double> rates;
};
#include "core/train/schedule_reference.inc"

TEST(Schedule, GivesPyTorchsRatesOfEveryStep) {
  for (const Follows& of : kSchedules) {
    const Schedule schedule(Config(Json::parse(of.config)), kPeak, kSteps, kPerEpoch);
    ASSERT_EQ(of.rates.size(), static_cast<size_t>(kSteps));
    for (int64_t s = 0; s < kSteps; ++s) {
      const double wanted = of.rates[static_cast<size_t>(s)];
      EXPECT_NEAR(schedule.at(s), wanted, kRounding * wanted) << of.config << " step " << s;
    }
  }
}

TEST(Schedule, ReducesOnAPlateauWherePyTorchDoes) {
  for (const Follows& of : kPlateaus) {
    const Schedule schedule(Config(Json::parse(of.config)), kPeak, kSteps, kPerEpoch);
    Plateau plateau;
    int reductions = 0;
    for (size_t epoch = 0; epoch < of.losses.size(); ++epoch) {
      EXPECT_NEAR(schedule.at(0, plateau), of.rates[epoch], kRounding * of.rates[epoch]) << of.config << " " << epoch;
      const double before = plateau.scale;
      const bool reduced = schedule.judge(of.losses[epoch], plateau);
      EXPECT_EQ(reduced, plateau.scale < before) << of.config << " " << epoch;
      reductions += reduced;
    }
    EXPECT_GE(reductions, 2) << of.config;
  }
}

}  // namespace
}  // namespace clq

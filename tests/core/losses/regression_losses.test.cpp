// tests/core/losses/regression_losses.test.cpp -- losses of numbers against their closed forms, and targets that miss.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;
const Json kMask = {{"mask_nan", true}};

TEST(Mae, IsTheMeanOfASamplesAbsoluteErrors) {
  const Tensors out = run_loss("mae", Json::object(), tensor({2, 2}, {1, 2, 3, 4}), tensor({2, 2}, {0, 5, 3, 2}));
  EXPECT_EQ(numbers(out.at("loss")), (D{2, 1}));
  EXPECT_EQ(numbers(out.at("gradient")), (D{0.5, -0.5, 0, 0.5}));
  EXPECT_EQ(numbers(out.at("prediction")), (D{1, 2, 3, 4}));
}

TEST(Huber, IsASquareUpToDeltaAndALineAboveIt) {
  const Tensor output = tensor({5}, {0.5, -1, 3, -3, 0});
  const Tensors out = run_loss("huber", Json::object(), output, filled({5}, 0));
  EXPECT_EQ(numbers(out.at("loss")), (D{0.125, 0.5, 2.5, 2.5, 0}));
  EXPECT_EQ(numbers(out.at("gradient")), (D{0.5, -1, 1, -1, 0}));
  // torch.nn.HuberLoss(reduction="none", delta=2) of the same.
  EXPECT_EQ(numbers(run_loss("huber", {{"delta", 2}}, output, filled({5}, 0)).at("loss")), (D{0.125, 0.5, 4, 4, 0}));
}

TEST(Huber, StaysFiniteWhereTheSquareWouldNot) {
  const Tensors out = run_loss("huber", Json::object(), tensor({1}, {1e30}, CLQ_F32), tensor({1}, {-1e30}));
  EXPECT_FLOAT_EQ(out.at("loss").as<float>()[0], 2e30f);
  EXPECT_EQ(numbers(out.at("gradient")), D{1});
}

TEST(Huber, RefusesADeltaThatIsNotPositive) {
  EXPECT_EQ(loss_error({"huber", {{"delta", 0}}, filled({1}, 0), filled({1}, 0)}),
            "huber: delta must be positive, got 0");
}

// The errors are 1, 2 and 3; the mean is over those whose target is there.
TEST(RegressionLosses, LeaveOutATargetThatIsNaNWhereTheyAreToldTo) {
  const Tensor output = tensor({3, 3}, {1, 2, 3, 1, 2, 3, 1, 2, 3});
  const Tensor target = tensor({3, 3}, {0, 0, 0, 0, NAN, 0, NAN, NAN, NAN});
  const auto losses = [&](const char* use, DType dtype) {
    return numbers(run_loss(use, kMask, tensor({3, 3}, numbers(output), dtype), target).at("loss"));
  };
  for (const DType dtype : {CLQ_F32, CLQ_F64}) {
    EXPECT_EQ(losses("mae", dtype), (D{2, 2, 0}));
    EXPECT_EQ(losses("huber", dtype), (D{1.5, 1.5, 0}));
    EXPECT_EQ(losses("mse", dtype)[1], 5);
  }
  for (const char* use : {"mse", "mae", "huber"}) {
    const D gradient = numbers(run_loss(use, kMask, output, target).at("gradient"));
    EXPECT_EQ(gradient[4], 0) << use;
    for (size_t i = 6; i < 9; ++i) EXPECT_EQ(gradient[i], 0) << use;
    EXPECT_NE(gradient[3], 0) << use;
  }
}

TEST(RegressionLosses, OfATargetThatIsNaNAreNaNWhereNobodySaidOtherwise) {
  for (const char* use : {"mse", "mae", "huber"}) {
    const Tensors out = run_loss(use, Json::object(), tensor({2, 2}, {1, 2, 3, 4}), tensor({2, 2}, {0, NAN, 0, 0}));
    EXPECT_TRUE(std::isnan(numbers(out.at("loss"))[0])) << use;
    EXPECT_TRUE(std::isfinite(numbers(out.at("loss"))[1])) << use;
  }
}

TEST(RegressionLosses, MaskASingleNumberToo) {
  for (const char* use : {"mse", "mae", "huber"})
    EXPECT_EQ(numbers(run_loss(use, kMask, tensor({2}, {1, 1}), tensor({2}, {NAN, 1})).at("loss")), (D{0, 0})) << use;
}

}  // namespace
}  // namespace clq::test

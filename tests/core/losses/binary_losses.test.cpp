// tests/core/losses/binary_losses.test.cpp -- losses of yes and no against their closed forms and PyTorch.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

double logit(double p) { return std::log(p / (1 - p)); }

TEST(Bce, IsTheMeanOfMinusTheLogProbabilities) {
  const Tensor output = tensor({2, 2}, {logit(0.75), logit(0.5), logit(0.2), logit(0.9)});
  const Tensors out = run_loss("bce", Json::object(), output, tensor({2, 2}, {1, 0, 0.5, 1}));
  const double soft = -0.5 * std::log(0.2) - 0.5 * std::log(0.8);
  const D expected = {(-std::log(0.75) - std::log(0.5)) / 2, (soft - std::log(0.9)) / 2};
  EXPECT_LE(distance(out.at("loss"), tensor({2}, expected)), 1e-14);
  EXPECT_LE(distance(out.at("prediction"), tensor({2, 2}, {0.75, 0.5, 0.2, 0.9})), 1e-14);
}

// torch.nn.functional.binary_cross_entropy_with_logits(pos_weight=3) and its autograd, in F64.
TEST(Bce, WeighsWhatIsThereAsPyTorchDoes) {
  const Tensor output = tensor({2, 3}, {0.5, -1, 2, 3, -2, 0}), target = tensor({2, 3}, {1, 0.25, 0, 0.9, 0, 1});
  const Tensors out = run_loss("bce", {{"positive_weight", 3}}, output, target);
  EXPECT_LE(distance(out.at("loss"), tensor({2}, {1.5896838316202089, 0.8808047123764285})), 1e-14);
  const D gradient = {-0.37754066879814535,  -0.11552928931500245, 0.29359902599262744,
                      -0.010930814965728786, 0.03973430734070585,  -0.5};
  EXPECT_LE(distance(out.at("gradient"), tensor({2, 3}, gradient)), 1e-14);
}

TEST(Bce, StaysFiniteWhereTheSigmoidIsOneOrZero) {
  const Tensors out = run_loss("bce", Json::object(), tensor({2}, {200, -200}, CLQ_F32), tensor({2}, {0, 1}));
  EXPECT_EQ(numbers(out.at("loss")), (D{200, 200}));
  EXPECT_EQ(numbers(out.at("gradient")), (D{1, -1}));
}

TEST(Bce, TakesATargetOfAnotherShapeAndNoOtherCount) {
  EXPECT_EQ(numbers(run_loss("bce", Json::object(), filled({2, 1, 2, 2}, 0), filled({2, 4}, 1)).at("loss")).size(), 2);
  EXPECT_EQ(loss_error({"bce", Json::object(), filled({2, 2}, 0), filled({2}, 0)}),
            "bce: the network gives [2, 2] and the target is [2]");
}

TEST(Bce, RefusesAWeightThatIsNotPositive) {
  EXPECT_EQ(loss_error({"bce", {{"positive_weight", 0}}, filled({1}, 0), filled({1}, 0)}),
            "bce: positive_weight must be positive, got 0");
}

// Two channels: p = 1/2 everywhere against four ones, and against a single one.
TEST(Dice, IsOneMinusTheCoefficientOfEachChannel) {
  const Tensor target = tensor({1, 2, 2, 2}, {1, 1, 1, 1, 1, 0, 0, 0});
  const Tensors out = run_loss("dice", Json::object(), filled({1, 2, 2, 2}, 0), target);
  const double all = 1 - (2 * 2 + 1) / (1.0 + 4 + 1), one = 1 - (2 * 0.5 + 1) / (1.0 + 1 + 1);
  EXPECT_LE(distance(out.at("loss"), tensor({1}, {(all + one) / 2})), 1e-14);
  EXPECT_EQ(numbers(out.at("prediction")), D(8, 0.5));
}

TEST(Dice, TakesOutputsWithoutChannelsAsOne) {
  const Tensor loss =
      run_loss("dice", {{"smooth", 0.5}}, filled({1, 8}, 0), tensor({1, 8}, {1, 1, 1, 1, 1, 0, 0, 0})).at("loss");
  EXPECT_LE(distance(loss, tensor({1}, {1 - (2 * 2.5 + 0.5) / (2 + 5 + 0.5)})), 1e-14);
}

TEST(Dice, IsZeroForTheTruthAndForNothingWhereThereIsNothing) {
  const Tensor sure = tensor({2, 2}, {60, -800, -800, -800});
  const D loss = numbers(run_loss("dice", Json::object(), sure, tensor({2, 2}, {1, 0, 0, 0})).at("loss"));
  EXPECT_EQ(loss, (D{0, 0}));
}

TEST(Dice, RefusesWhatItCannotUse) {
  EXPECT_EQ(loss_error({"dice", {{"smooth", 0}}, filled({1, 2}, 0), filled({1, 2}, 0)}),
            "dice: smooth must be positive, got 0");
  EXPECT_EQ(loss_error({"dice", Json::object(), filled({2}, 0), filled({2}, 0)}),
            "dice: the network must give several elements a sample, got [2]");
}

TEST(BinaryLosses, LeaveOutATargetThatIsNaNWhereTheyAreToldTo) {
  for (const char* use : {"bce", "dice"}) {
    const Tensors out = run_loss(use, {{"mask_nan", true}}, tensor({2, 3}, {0.3, 5, -1, 1, 2, 3}),
                                 tensor({2, 3}, {1, NAN, 0, NAN, NAN, NAN}));
    const Tensor without = run_loss(use, Json::object(), tensor({1, 2}, {0.3, -1}), tensor({1, 2}, {1, 0})).at("loss");
    EXPECT_LE(distance(out.at("loss"), tensor({2}, {numbers(without)[0], 0})), 1e-14) << use;
    const D gradient = numbers(out.at("gradient"));
    for (const size_t i : {1, 3, 4, 5}) EXPECT_EQ(gradient[i], 0) << use;
    EXPECT_LT(gradient[0], 0) << use;
  }
}

// -99 would be the best thing to predict infinitely much of.
TEST(BinaryLosses, OfATargetThatIsNoProbabilityAreNaN) {
  for (const char* use : {"bce", "dice"})
    for (const bool mask : {false, true})
      for (const double wrong : {-99.0, 1.5}) {
        const D loss = numbers(
            run_loss(use, {{"mask_nan", mask}}, filled({2, 2}, 0), tensor({2, 2}, {wrong, 1, 0, 1})).at("loss"));
        EXPECT_TRUE(std::isnan(loss[0]) && std::isfinite(loss[1])) << use << " " << wrong;
      }
}

}  // namespace
}  // namespace clq::test

// tests/core/losses/expression_loss.test.cpp -- a loss that is written down, against closed forms.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "config/expression.hpp"
#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

LossCase of(const std::string& formula, Tensor output, Tensor target) {
  return {"expression", {{"formula", formula}}, std::move(output), std::move(target)};
}

D losses(const std::string& formula, const Tensor& output, const Tensor& target) {
  return numbers(run_loss(of(formula, output, target)).at("loss"));
}

// Every function and operator, with values on both sides of where it bends; none at a bend.
const char* const kFormulas[] = {"square(y - z)",
                                 "abs(y - z) ** 1.5",
                                 "huber((y - z) / (1 + abs(z)), 0.05)",
                                 "huber(y - z, 0.5 + abs(z))",
                                 "softplus(-z * y)",
                                 "-log(sigmoid(y)) + log10(2 + tanh(y * z))",
                                 "sqrt(1 + square(y - z)) - 1",
                                 "exp(-y) * erf(z) + y",
                                 "min(square(y - z), 0.5) + max(y, z)",
                                 "where(y > z, 0.9 * (y - z), 0.1 * (z - y))",
                                 "where(z > 0 && y < z || !(y >= 1), square(y), 2 * y)",
                                 "(y != z) * square(y) + (y == z) + (z <= 0) * y",
                                 "where(isnan(y), 0, y) * floor(10 * z)",
                                 "+y / 2 - -y * 1e-3"};

TEST(ExpressionLoss, HasTheValuesThatExpressionComputes) {
  const Tensor y = uniform({64}, -2, 2, 11), z = uniform({64}, -2, 2, 12);
  for (const char* formula : kFormulas) {
    const Expression expression = Expression::parse(formula, "loss");
    std::vector<const double*> columns;
    for (const std::string& name : expression.names())
      columns.push_back(name == "y" ? y.as<double>().data() : z.as<double>().data());
    D wanted(64);
    expression.evaluate(columns, 64, wanted.data());
    const D given = losses(formula, y, z);
    for (size_t i = 0; i < 64; ++i)  // the two differ in the last bits of a logarithm
      EXPECT_NEAR(given[i], wanted[i], 1e-14 * (1 + std::fabs(wanted[i]))) << formula;
  }
}

TEST(ExpressionLoss, HasTheGradientOfItsDifferences) {
  for (const char* formula : kFormulas) {
    LossCase c = of(formula, uniform({6, 2}, -2, 2, 5), uniform({6, 2}, -2, 2, 6));
    c.weights = {1, 0.5, 2, 1, 0, 3};
    EXPECT_LE(distance(run_loss(c).at("gradient"), loss_differences(c)), 1e-6) << formula;
  }
}

TEST(ExpressionLoss, IsTheLossThatTheCoreHasByName) {
  const Tensor y = uniform({5, 3}, -2, 2, 1), z = uniform({5, 3}, -2, 2, 2);
  const auto same = [&](const std::string& formula, const char* use, const Json& config) {
    const Tensors mine = run_loss(of(formula, y, z)), theirs = run_loss(use, config, y, z);
    for (const char* what : {"loss", "gradient", "prediction"})
      EXPECT_LE(distance(mine.at(what), theirs.at(what)), 1e-15) << formula << what;
  };
  same("square(y - z)", "mse", Json::object());
  same("abs(y - z)", "mae", Json::object());
  same("huber(y - z, 0.3)", "huber", {{"delta", 0.3}});
}

// -log of a Gaussian, written down: y_1 the mean and y_2 the logarithm of the variance, as gaussian_nll takes them.
TEST(ExpressionLoss, TakesOutputsAndTargetsByTheirNumber) {
  const Tensor y = uniform({5, 2}, -2, 2, 3), z = uniform({5}, -2, 2, 4);
  const char* formula = "(square(z - y_1) * exp(-y_2) + y_2 + log(2 * 3.141592653589793)) / 2";
  const Tensors mine = run_loss(of(formula, y, z)), theirs = run_loss("gaussian_nll", Json::object(), y, z);
  for (const char* what : {"loss", "gradient"}) EXPECT_LE(distance(mine.at(what), theirs.at(what)), 1e-14) << what;
  EXPECT_EQ(numbers(mine.at("prediction")), numbers(y));
  EXPECT_EQ(losses("y_2 - z_1 * z_3", tensor({2, 2}, {0, 1, 0, 2}), tensor({2, 3}, {3, 0, 5, 7, 0, 11})),
            (D{1 - 15, 2 - 77}));
}

// Where the target is 0, as that of a row that only fills up a batch is, (y - z) / z has no finite slope.
TEST(ExpressionLoss, LearnsNothingFromARowWithoutWeight) {
  LossCase c = of("square((y - z) / z)", tensor({2}, {1, 1}), tensor({2}, {2, 0}));
  c.weights = {1, 0};
  EXPECT_EQ(numbers(run_loss(c).at("gradient")), (D{-0.5, 0}));
  EXPECT_EQ(numbers(run_loss(c).at("total")), D{0.25});
}

TEST(ExpressionLoss, LeavesOutATargetThatIsNaNWhereItIsToldTo) {
  LossCase c = of("square((y - z) / z)", tensor({2, 2}, {1, 3, 1, 1}), tensor({2, 2}, {2, NAN, NAN, NAN}));
  c.config["mask_nan"] = true;
  EXPECT_EQ(numbers(run_loss(c).at("loss")), (D{0.25, 0}));
  EXPECT_EQ(numbers(run_loss(c).at("gradient")), (D{-0.5, 0, 0, 0}));
  c.config["formula"] = "square((y_1 - z_1) / z_1) + y_2";
  EXPECT_EQ(numbers(run_loss(c).at("loss")), (D{3.25, 0}));
  EXPECT_EQ(numbers(run_loss(c).at("gradient")), (D{-0.5, 1, 0, 0}));
}

TEST(ExpressionLoss, IsComputedInTheOutputsOwnType) {
  const Tensors out = run_loss(of("huber((y - z) / (1 + z), 0.05)", tensor({1}, {0.5}, CLQ_F32), tensor({1}, {0.25})));
  EXPECT_EQ(out.at("loss").desc().dtype, CLQ_F32);
  EXPECT_NEAR(numbers(out.at("loss"))[0], 0.05 * (0.2 - 0.025), 1e-8);  // f32, four operations
}

TEST(ExpressionLoss, GivesNaNOutsideOfALogarithmsDomain) {
  EXPECT_TRUE(std::isnan(losses("log(y)", tensor({1}, {-1}), tensor({1}, {0}))[0]));
}

TEST(ExpressionLoss, SaysWhatIsWrongAndWhere) {
  const auto error = [](const std::string& formula, const Shape& y = {2}, const Shape& z = {2}) {
    return loss_error(of(formula, filled(y, 0), filled(z, 0)));
  };
  EXPECT_EQ(error("square(y - MAG_R)"),
            "model.loss: 'MAG_R' is none of y, y_1, y_2 ..., z, z_1, z_2 ... at column 12: square(y - ^MAG_R)");
  EXPECT_EQ(error("hubr(y - z, 1)"),
            "model.loss: there is no function 'hubr', did you mean 'huber'? at column 1: ^hubr(y - z, 1)");
  EXPECT_EQ(error("where(y > z, y)"), "model.loss: where takes 3, got 2 at column 1: ^where(y > z, y)");
  EXPECT_EQ(error("y_0 - z"), "model.loss: 'y_0' is none of y, y_1, y_2 ..., z, z_1, z_2 ... at column 1: ^y_0 - z");
  EXPECT_EQ(error("square(z)"), "model.loss: y, what the network gives, is not in it: square(z)");
  EXPECT_EQ(error("floor(y) - (y > z)"),
            "model.loss: y is in comparisons and floor alone, which have no slope to learn by: floor(y) - (y > z)");
  EXPECT_EQ(error("huber(y - z, -0.1)"), "model.loss: the delta of huber must be positive, got -0.1");
  EXPECT_EQ(error("y_2 - z", {2, 1}), "model.loss: there is no y_2, the network gives 1");
  EXPECT_EQ(error("y_1 - z", {2, 2}, {2, 3}),
            "model.loss: z stands beside names with a number, and the target has 3 of them");
  EXPECT_EQ(error("y - z", {2, 2}), "model.loss: the network gives [2, 2] and the target is [2]");
}

}  // namespace
}  // namespace clq::test

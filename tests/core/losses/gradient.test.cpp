// tests/core/losses/gradient.test.cpp -- every loss's gradient against central differences, in F64 on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#include <set>

#include <gtest/gtest.h>

#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

Tensor x(const Shape& dims, uint64_t seed = 1) { return uniform(dims, -2, 2, seed); }

std::vector<LossCase> loss_cases() {
  const Json bins = Json::parse(R"({"bins": {"min": -2, "max": 2, "n": 4}})");
  std::vector<LossCase> out;
  for (const char* use : {"mse", "mae", "huber"}) {
    out.push_back({use, Json::object(), x({4, 3}, 1), x({4, 3}, 2)});
    out.push_back({use, Json::object(), x({4, 1}, 3), x({4}, 4)});
    out.push_back({use, {{"mask_nan", true}}, x({4, 3}, 5), x({4, 3}, 6)});
    out.back().target.as<double>()[4] = NAN;
  }
  for (const char* use : {"bce", "dice"}) {
    out.push_back({use, Json::object(), x({4, 2, 3}, 1), uniform({4, 2, 3}, 0, 1, 2)});
    out.push_back({use, {{"mask_nan", true}}, x({4, 3}, 3), uniform({4, 3}, 0, 1, 4)});
    out.back().target.as<double>()[4] = NAN;
  }
  out.push_back({"bce", {{"positive_weight", 3}}, x({4}, 5), tensor({4}, {0, 1, 0, 1})});
  for (const char* use : {"gaussian_nll", "gaussian_crps"}) {
    out.push_back({use, Json::object(), x({4, 4}, 1), x({4, 2}, 2)});
    out.push_back({use, {{"mask_nan", true}}, x({4, 4}, 3), x({4, 2}, 4)});
    out.back().target.as<double>()[3] = NAN;
  }
  for (const char* use : {"mixture_nll", "mixture_crps"}) {
    out.push_back({use, Json::object(), x({4, 9}, 1), x({4}, 2)});
    out.push_back({use, {{"mask_nan", true}}, x({4, 6}, 3), x({4, 1}, 4)});
    out.back().target.as<double>()[1] = NAN;
  }
  out.push_back({"softmax_cross_entropy", {{"label_smoothing", 0.1}}, x({4, 3}), tensor({4}, {0, 2, 1, 1})});
  out.push_back({"softmax_cross_entropy", {{"label_smoothing", 0.1}}, x({4, 3}), uniform({4, 3}, 0, 1, 2)});
  out.push_back({"softmax_cross_entropy", bins, x({4, 4}), x({4}, 2)});
  out.push_back({"crps", bins, x({4, 4}), x({4}, 2)});
  out.push_back({"nt_xent", Json::object(), x({4, 3}), x({4})});
  out.push_back({"expression", {{"formula", "huber((y - z) / (3 + z), 0.1)"}}, x({4, 3}, 1), x({4, 3}, 2)});
  out.push_back({"expression", {{"formula", "y_1 * y_2 - z"}, {"mask_nan", true}}, x({4, 2}, 1), x({4}, 2)});
  out.back().target.as<double>()[1] = NAN;
  for (LossCase& c : out) c.weights = {0.5, 1.5, 0, 2};
  return out;
}

std::string name_of(const LossCase& c) { return fmt::format("{} {}", c.use, c.config.dump()); }

TEST(Loss, HasTheGradientOfItsDifferences) {
  for (const LossCase& c : loss_cases())
    EXPECT_LE(distance(run_loss(c).at("gradient"), loss_differences(c)), 1e-6) << name_of(c);
}

TEST(Loss, TakesNothingFromARowWithoutWeight) {
  for (LossCase c : loss_cases()) {
    const Tensors before = run_loss(c);
    const int64_t row = c.output.desc().count() / 4;
    c.output.as<double>()[static_cast<size_t>(2 * row)] += 0.25;  // one alone: a softmax forgets what all have
    const Tensors after = run_loss(c);
    EXPECT_NE(numbers(before.at("loss"))[2], numbers(after.at("loss"))[2]) << name_of(c);
    EXPECT_EQ(numbers(before.at("total")), numbers(after.at("total"))) << name_of(c);
    EXPECT_EQ(numbers(before.at("gradient")), numbers(after.at("gradient"))) << name_of(c);
    const std::vector<double> gradient = numbers(after.at("gradient"));
    for (int64_t i = 2 * row; i < 3 * row; ++i) EXPECT_EQ(gradient[static_cast<size_t>(i)], 0) << name_of(c);
  }
}

TEST(Loss, HasAGradientCaseWhicheverItIs) {
  std::set<std::string> covered;
  for (const LossCase& c : loss_cases()) covered.insert(c.use);
  for (const LossEntry& entry : loss_table()) EXPECT_TRUE(covered.contains(std::string(entry.name))) << entry.name;
}

}  // namespace
}  // namespace clq::test

// tests/core/losses/nt_xent.test.cpp -- the contrastive loss of pairs of views against its formula and PyTorch.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;
const Json kHalf = {{"temperature", 0.5}};

Tensors contrast(const Tensor& output, const Json& config = kHalf) {
  return run_loss("nt_xent", config, output, filled({output.desc().dims[0]}, NAN));  // no target is looked at
}

// cross_entropy of normalize(z) normalize(z)^T / 0.5, its diagonal masked, with labels 1 0 3 2, and autograd, in F64.
TEST(NtXent, EqualsPyTorch) {
  const Tensors out = contrast(tensor({4, 3}, {1, 0.5, -0.2, 0.8, 0.7, 0.1, -1, 0.3, 0.4, -0.5, 0.2, 1}));
  const D loss = {0.09261109189539331, 0.16623882803424833, 0.12987810705219574, 0.22817217748661053};
  const D gradient = {-0.010522812447520735, 0.05996856257325514, 0.09730734419553433,  -0.3662248625669022,
                      0.33133612778083066,   0.6104460060694028,  -0.02830790241827419, 0.284055072170914,
                      -0.28381106017387103,  0.7577790764604957,  0.3190755161619612,   0.3150744349978556};
  EXPECT_LE(distance(out.at("loss"), tensor({4}, loss)), 1e-13);
  EXPECT_LE(distance(out.at("gradient"), tensor({4, 3}, gradient)), 1e-13);
}

// Views that agree, objects at right angles: -log(e^(1/t) / (e^(1/t) + 2)).
TEST(NtXent, OfTwoObjectsAtRightAnglesIsItsClosedForm) {
  const Tensor output = tensor({4, 2}, {1, 0, 5, 0, 0, 2, 0, 0.1});
  for (const double t : {0.1, 0.5, 2.0}) {
    const D loss = numbers(contrast(output, {{"temperature", t}}).at("loss"));
    for (const double row : loss) EXPECT_NEAR(row, std::log1p(2 * std::exp(-1 / t)), 1e-14);
  }
}

TEST(NtXent, LooksAtDirectionsAlone) {
  const Tensor z = uniform({6, 4}, -1, 1, 1);
  D scaled = numbers(z);
  for (size_t i = 0; i < scaled.size(); ++i) scaled[i] *= static_cast<double>(1 + i / 4);
  EXPECT_LE(distance(contrast(tensor({6, 4}, scaled)).at("loss"), contrast(z).at("loss")), 1e-14);
}

TEST(NtXent, OfOnePairIsZeroAndOfRowsOfZerosIsFinite) {
  EXPECT_EQ(numbers(contrast(uniform({2, 3}, -1, 1, 1, CLQ_F32)).at("loss")), (D{0, 0}));
  const Tensors out = contrast(filled({4, 3}, 0, CLQ_F32));
  for (const double row : numbers(out.at("loss"))) EXPECT_NEAR(row, std::log(3.0), 1e-6);  // of F32
  EXPECT_EQ(numbers(out.at("gradient")), D(12, 0));
}

TEST(NtXent, GoesDownTheMoreTwoViewsAgree) {
  const auto first_loss = [](double second) {
    return numbers(contrast(tensor({4, 2}, {1, 0, 1, second, -1, 1, -1, 1.1})).at("loss"))[0];
  };
  EXPECT_LT(first_loss(0), first_loss(0.5));
  EXPECT_LT(first_loss(0.5), first_loss(2));
}

// Padding behind the rows, and a row that is bad: as if they were not there.
TEST(NtXent, AsksNobodyWithoutWeight) {
  const Tensor z = uniform({8, 3}, -1, 1, 1);
  const D all = numbers(z);
  const Tensors out = run_loss({"nt_xent", kHalf, z, filled({8}, 0), {1, 1, 1, 0, 1, 1, 0, 0}});
  const D loss = numbers(out.at("loss"));
  const auto similar = [&](size_t i, size_t j) {
    double product = 0, a = 0, b = 0;
    for (size_t k = 0; k < 3; ++k) {
      product += all[3 * i + k] * all[3 * j + k];
      a += all[3 * i + k] * all[3 * i + k];
      b += all[3 * j + k] * all[3 * j + k];
    }
    return std::exp(product / std::sqrt(a * b) / 0.5);
  };
  EXPECT_NEAR(loss[0], -std::log(similar(0, 1) / (similar(0, 1) + similar(0, 2) + similar(0, 4) + similar(0, 5))),
              1e-14);
  EXPECT_EQ(loss[2], 0);  // its other view is the bad row
  for (size_t i = 9; i < 12; ++i) EXPECT_EQ(numbers(out.at("gradient"))[i], 0);
}

TEST(NtXent, WantsPairsAndATemperature) {
  EXPECT_EQ(loss_error({"nt_xent", kHalf, filled({7, 2}, 0), filled({7}, 0)}),
            "nt_xent: a batch holds two views of each object, it cannot have 7 rows");
  EXPECT_EQ(loss_error({"nt_xent", kHalf, filled({2, 2, 2}, 0), filled({2}, 0)}),
            "nt_xent: the network must give [N, features], got [2, 2, 2]");
  EXPECT_EQ(loss_error({"nt_xent", {{"temperature", 0}}, filled({2, 2}, 0), filled({2}, 0)}),
            "nt_xent: temperature must be positive, got 0");
}

}  // namespace
}  // namespace clq::test

// tests/projects/deepdip/metrics.test.cpp -- the metrics of the task "photoz" for PDFs whose answers are known.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "photoz.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

// Sums of at most 100 doubles below 1.
constexpr double kRounding = 1e-13;

double value(const Grid& grid, const D& bins, double z, const char* name) {
  return numbers(photoz_values(grid, one_pdf(bins), tensor({1}, {z})).at(name)).front();
}

// The same PDF for every redshift of `z`.
std::map<std::string, double> metrics(const Grid& grid, const D& bins, const D& z) {
  D rows;
  for (size_t i = 0; i < z.size(); ++i) rows.insert(rows.end(), bins.begin(), bins.end());
  const auto n = static_cast<int64_t>(z.size());
  return photoz_metrics(grid, tensor({n, grid.n}, rows), tensor({n}, z));
}

TEST(PhotozMetrics, AreAllThere) {
  const Grid grid{.n = 4};
  std::vector<std::string> names;
  for (const auto& [name, number] : metrics(grid, uniform_pdf(grid), {0.5})) names.push_back(name);
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("zphot", "bias", "median_dz", "sigma_mad", "eta_005", "eta_015", "bias_q1",
                                            "bias_q2", "bias_q3", "bias_q4", "crps", "pit_ks", "coverage_68",
                                            "coverage_95", "pit_outliers", "cde_loss", "outside_grid"));
}

// F = z on [0, 1]: z^3/3 below the truth, (1 - z)^3/3 above it, 1 for every z between the grid and the truth.
TEST(PhotozMetrics, CrpsOfAUniformPdfIsItsIntegralOverTheWholeLine) {
  const Grid grid{.n = 100};
  const D bins = uniform_pdf(grid);
  for (const double z : {0.0, 0.3, 0.123456, 0.5, 1.0})
    EXPECT_NEAR(value(grid, bins, z, "crps"), (z * z * z + (1 - z) * (1 - z) * (1 - z)) / 3, kRounding) << z;
  EXPECT_NEAR(value(grid, bins, 1.7, "crps"), 1.0 / 3 + 0.7, kRounding);
  EXPECT_NEAR(value(grid, bins, -0.2, "crps"), 1.0 / 3 + 0.2, kRounding);
}

// Within a bin of width w the CDF climbs from 0 to 1: w/3 on its side of the truth, and 1 for all z up to the truth.
TEST(PhotozMetrics, CrpsOfADeltaPdfIsADistance) {
  const Grid grid{.n = 10};
  const D bins = delta_pdf(grid, 3);
  EXPECT_NEAR(value(grid, bins, 0.35, "crps"), 0.1 / 12, kRounding);
  EXPECT_NEAR(value(grid, bins, 0.4, "crps"), 0.1 / 3, kRounding);
  EXPECT_NEAR(value(grid, bins, 0.85, "crps"), 0.1 / 3 + 0.45, kRounding);
  EXPECT_NEAR(value(grid, bins, 0.05, "crps"), 0.1 / 3 + 0.25, kRounding);
  EXPECT_NEAR(value(grid, bins, 2.0, "crps"), 0.1 / 3 + 1.6, kRounding);
}

TEST(PhotozMetrics, ScoreTheMedianByItsScaledDistance) {
  const Grid grid{.n = 10};
  const D bins = delta_pdf(grid, 3);  // zphot = 0.35
  const D z = {0.25, 0.35, 0.34, 0.9, 0.1};
  D dz;
  for (const double t : z) dz.push_back((0.35 - t) / (1 + t));
  const auto got = metrics(grid, bins, z);
  EXPECT_NEAR(got.at("zphot"), 0.35, kRounding);
  EXPECT_NEAR(got.at("bias"), std::accumulate(dz.begin(), dz.end(), 0.0) / 5, kRounding);
  EXPECT_NEAR(got.at("median_dz"), 0.01 / 1.34, kRounding);
  // Distances to the median, in order: 0, 0.0075, 0.0725, 0.2198, 0.2969.
  EXPECT_NEAR(got.at("sigma_mad"), 1.4826 * (0.1 / 1.25 - 0.01 / 1.34), kRounding);
  EXPECT_NEAR(got.at("eta_005"), 3.0 / 5, kRounding);
  EXPECT_NEAR(got.at("eta_015"), 2.0 / 5, kRounding);
}

TEST(PhotozMetrics, TakeTheBiasOfEachQuarterByPhotometricRedshift) {
  const Grid grid{.n = 10};
  D rows, z;
  for (int64_t i = 0; i < 8; ++i) {
    const D bins = delta_pdf(grid, 7 - i);  // rows by falling zphot
    rows.insert(rows.end(), bins.begin(), bins.end());
    const double zphot = grid.edge(7 - i) + 0.05;
    z.push_back((zphot - 0.01 * static_cast<double>(i)) / (1 + 0.01 * static_cast<double>(i)));  // dz = i / 100
  }
  const auto got = photoz_metrics(grid, tensor({8, 10}, rows), tensor({8}, z));
  EXPECT_NEAR(got.at("bias_q1"), 0.065, kRounding);
  EXPECT_NEAR(got.at("bias_q2"), 0.045, kRounding);
  EXPECT_NEAR(got.at("bias_q3"), 0.025, kRounding);
  EXPECT_NEAR(got.at("bias_q4"), 0.005, kRounding);
}

TEST(PhotozMetrics, PitIsTheCdfAtTheTruth) {
  const Grid grid{.n = 8};
  const D bins = {0.25, 0, 0, 0.5, 0, 0.125, 0.125, 0};
  EXPECT_NEAR(value(grid, bins, 0.0625, "pit_ks"), 0.125, kRounding);
  EXPECT_NEAR(value(grid, bins, 0.25, "pit_ks"), 0.25, kRounding);  // in the gap
  EXPECT_NEAR(value(grid, bins, 0.40625, "pit_ks"), 0.375, kRounding);
  EXPECT_NEAR(value(grid, bins, 0.99, "pit_ks"), 1, kRounding);
  EXPECT_EQ(value(grid, bins, -0.1, "pit_ks"), 0);
  EXPECT_NEAR(value(grid, bins, 1.1, "pit_ks"), 1, kRounding);
}

// PITs at 1/8, 3/8, 5/8 and 7/8 are as even as four can be: the distance is half a step.
TEST(PhotozMetrics, PoolThePits) {
  const Grid grid{.n = 10};
  const auto even = metrics(grid, uniform_pdf(grid), {0.875, 0.125, 0.375, 0.625});
  EXPECT_NEAR(even.at("pit_ks"), 0.125, kRounding);
  EXPECT_NEAR(even.at("coverage_68"), 0.5, kRounding);
  EXPECT_NEAR(even.at("coverage_95"), 1, kRounding);
  EXPECT_EQ(even.at("pit_outliers"), 0);
  const auto tails = metrics(grid, uniform_pdf(grid), {0.005, 0.02, 0.5, 0.995});
  EXPECT_NEAR(tails.at("coverage_68"), 0.25, kRounding);
  EXPECT_NEAR(tails.at("coverage_95"), 0.25, kRounding);
  EXPECT_NEAR(tails.at("pit_outliers"), 0.5, kRounding);
}

TEST(PhotozMetrics, CdeLossIsTheSquaredDensityLessTwiceThatAtTheTruth) {
  const Grid grid{.min = 0, .max = 0.5, .n = 5};
  EXPECT_NEAR(value(grid, uniform_pdf(grid), 0.26, "cde_loss"), 2 - 2 * 2, kRounding);
  EXPECT_NEAR(value(grid, delta_pdf(grid, 2), 0.26, "cde_loss"), 10 - 2 * 10, 10 * kRounding);
  EXPECT_NEAR(value(grid, delta_pdf(grid, 2), 0.11, "cde_loss"), 10, 10 * kRounding);
  EXPECT_NEAR(value(grid, delta_pdf(grid, 4), 0.7, "cde_loss"), 10, 10 * kRounding);  // no density outside the grid
}

// A catalogue's redshifts are often round numbers, and so are the edges of bins.
TEST(PhotozMetrics, CountARedshiftOnAnEdgeInOneBinAlone) {
  const Grid grid{.min = 0, .max = 1, .n = 10};
  D bins, z;
  for (int64_t k = 0; k < grid.n; ++k) bins.push_back(static_cast<double>(k + 1) / 55);
  double squares = 0;
  for (const double p : bins) squares += p * p / grid.width();
  for (int64_t k = 0; k < grid.n; ++k) {
    const double density = (squares - value(grid, bins, grid.edge(k), "cde_loss")) / 2;
    EXPECT_NEAR(density, bins[static_cast<size_t>(k)] / grid.width(), 1e-12) << "edge " << k;
  }
}

TEST(PhotozMetrics, SayHowManyRedshiftsTheGridLeavesOut) {
  const Grid grid{.min = 0.1, .max = 0.9, .n = 7};
  const auto got = metrics(grid, uniform_pdf(grid), {0.0, 0.1, 0.5, 0.9, 1.2});  // the last edge is outside
  EXPECT_NEAR(got.at("outside_grid"), 3.0 / 5, kRounding);
  EXPECT_EQ(value(grid, uniform_pdf(grid), 0.1, "outside_grid"), 0);
  EXPECT_NEAR(value(grid, uniform_pdf(grid), 0.9, "cde_loss"), 1 / 0.8, 1e-12);
}

}  // namespace
}  // namespace clq::test

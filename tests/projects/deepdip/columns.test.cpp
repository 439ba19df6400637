// tests/projects/deepdip/columns.test.cpp -- the columns of the task "photoz" for PDFs whose answers are known.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "photoz.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

// Sums of at most 100 doubles below 1.
constexpr double kRounding = 1e-13;

double column(const Grid& grid, const D& bins, const char* name) {
  return numbers(photoz_columns(grid, one_pdf(bins)).at(name)).front();
}

TEST(PhotozColumns, AreThoseOfTheSchema) {
  const Grid grid{.n = 4};
  std::vector<std::string> named, built;
  const Json schema = photoz_schema();
  for (const auto& [name, about] : schema.at("task").at("columns").items()) named.push_back(name);
  for (const auto& [name, values] : photoz_columns(grid, one_pdf(uniform_pdf(grid)))) built.push_back(name);
  EXPECT_THAT(built, testing::UnorderedElementsAreArray(named));
}

TEST(PhotozColumns, OfAUniformPdfAreThoseOfTheUniformLaw) {
  const Grid grid{.min = 0.2, .max = 0.7, .n = 50};
  const Tensors out = photoz_columns(grid, one_pdf(uniform_pdf(grid)));
  const auto value = [&](const char* name) { return numbers(out.at(name)).front(); };
  EXPECT_NEAR(value("ZPHOT"), 0.45, kRounding);
  EXPECT_NEAR(value("ZPHOT_MEAN"), 0.45, kRounding);
  EXPECT_NEAR(value("ZPHOT_MODE"), 0.205, kRounding);  // the first of equals
  EXPECT_NEAR(value("ZPHOT_L68"), 0.2 + 0.16 * 0.5, kRounding);
  EXPECT_NEAR(value("ZPHOT_U68"), 0.2 + 0.84 * 0.5, kRounding);
  EXPECT_NEAR(value("ZPHOT_STD"), 0.5 / std::sqrt(12.0), kRounding);    // for any number of bins
  EXPECT_NEAR(value("ODDS"), (0.005 + 0.03 * 1.205) / 0.5, kRounding);  // the grid ends below the mode
}

TEST(PhotozColumns, OfADeltaPdfAreThoseOfItsBin) {
  const Grid grid{.n = 10};
  const Tensors out = photoz_columns(grid, one_pdf(delta_pdf(grid, 3)));
  const auto value = [&](const char* name) { return numbers(out.at(name)).front(); };
  EXPECT_NEAR(value("ZPHOT"), 0.35, kRounding);
  EXPECT_NEAR(value("ZPHOT_MEAN"), 0.35, kRounding);
  EXPECT_NEAR(value("ZPHOT_MODE"), 0.35, kRounding);
  EXPECT_NEAR(value("ZPHOT_L68"), 0.316, kRounding);
  EXPECT_NEAR(value("ZPHOT_U68"), 0.384, kRounding);
  EXPECT_NEAR(value("ZPHOT_STD"), 0.1 / std::sqrt(12.0), kRounding);
  EXPECT_NEAR(value("ODDS"), 2 * 0.03 * 1.35 / 0.1, kRounding);
}

TEST(PhotozColumns, OddsIsOneWhereTheReachHoldsTheBin) {
  const Grid grid{.n = 100};
  EXPECT_NEAR(column(grid, delta_pdf(grid, 50), "ODDS"), 1, kRounding);
  EXPECT_NEAR(column(grid, delta_pdf(grid, 0), "ODDS"), 1, kRounding);
  EXPECT_NEAR(column(grid, delta_pdf(grid, 99), "ODDS"), 1, kRounding);
}

TEST(PhotozColumns, OddsIsTheMassAroundTheModeNotAroundTheMedian) {
  const Grid grid{.n = 10};
  D bins(10, 0.0);
  bins[1] = 0.4, bins[7] = 0.3, bins[8] = 0.3;  // mode 0.15, median in bin 7
  EXPECT_NEAR(column(grid, bins, "ODDS"), 0.4 * 2 * 0.03 * 1.15 / 0.1, kRounding);
}

TEST(PhotozColumns, AQuantileOnAnEdgeIsThatEdge) {
  const Grid grid{.min = 1, .max = 3, .n = 4};
  EXPECT_EQ(column(grid, {0.25, 0.25, 0.25, 0.25}, "ZPHOT"), 2);
  EXPECT_EQ(column(grid, {0.5, 0.25, 0.25, 0}, "ZPHOT"), 1.5);
}

// Between two lumps every z has the same CDF; the lowest is taken.
TEST(PhotozColumns, AQuantileInAGapIsItsLowerEnd) {
  const Grid grid{.n = 8};
  const D bins = {0, 0.5, 0, 0, 0, 0.5, 0, 0};
  EXPECT_EQ(column(grid, bins, "ZPHOT"), 0.25);
  EXPECT_NEAR(column(grid, bins, "ZPHOT_L68"), 0.125 * (1 + 0.32), kRounding);
  EXPECT_NEAR(column(grid, bins, "ZPHOT_U68"), 0.125 * (5 + 0.68), kRounding);
  EXPECT_NEAR(column(grid, bins, "ZPHOT_MODE"), 0.1875, kRounding);
  EXPECT_NEAR(column(grid, bins, "ZPHOT_MEAN"), 0.4375, kRounding);
}

TEST(PhotozColumns, DoNotDependOnTheSumOfTheProbabilities) {
  const Grid grid{.n = 4};
  const D bins = {0.125, 0.5, 0.25, 0.125}, thrice = {0.375, 1.5, 0.75, 0.375};
  const Tensors one = photoz_columns(grid, one_pdf(bins)), three = photoz_columns(grid, one_pdf(thrice));
  for (const auto& [name, values] : one) {
    if (name == "PDF") continue;
    EXPECT_LE(distance(three.at(name), values), kRounding) << name;
  }
  EXPECT_EQ(numbers(three.at("PDF")), thrice);  // as the network gave it
}

TEST(PhotozColumns, TreatEachRowAlone) {
  const Grid grid{.n = 10};
  D both = delta_pdf(grid, 3);
  const D second = uniform_pdf(grid);
  both.insert(both.end(), second.begin(), second.end());
  const Tensors out = photoz_columns(grid, tensor({2, 10}, both, CLQ_F32));
  EXPECT_NEAR(numbers(out.at("ZPHOT"))[0], 0.35, kRounding);
  EXPECT_NEAR(numbers(out.at("ZPHOT"))[1], 0.5, 1e-7);  // a tenth in F32
}

TEST(PhotozColumns, RefuseBinsThatMakeNoGrid) {
  const Tensor pdf = one_pdf({0.5, 0.5});
  const Json bad[] = {Json::object(),
                      {{"bins", {{"min", 0}, {"max", 1}, {"n", 1}}}},
                      {{"bins", {{"min", 1}, {"max", 1}, {"n", 2}}}},
                      {{"bins", {{"min", 0}, {"max", 1}, {"n", 3}}}}};  // the network has 2 outputs
  for (const Json& options : bad) {
    try {
      photoz_columns(options, pdf);
      ADD_FAILURE() << options.dump();
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_INVALID) << options.dump();
      EXPECT_THAT(e.what(), testing::HasSubstr("photoz: ")) << options.dump();
    }
  }
}

}  // namespace
}  // namespace clq::test

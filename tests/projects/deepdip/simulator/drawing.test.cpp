// tests/projects/deepdip/simulator/drawing.test.cpp -- numbers, Gaussians, noise, measurements: closed forms.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>

#include "simulator/colours.hpp"
#include "simulator/noise.hpp"
#include "simulator/stamp.hpp"

namespace deepdip::sim {
namespace {

constexpr int kSize = 128;
constexpr double kMiddle = 63.3;  // not a pixel's centre

struct Drawn {
  std::vector<double> pixels = std::vector<double>(kSize * kSize);
  Plane plane() { return {pixels.data(), kSize}; }
  double at(int x, int y) const { return pixels[static_cast<size_t>(y * kSize + x)]; }
  double sum() const { return std::accumulate(pixels.begin(), pixels.end(), 0.0); }
};

// The known answer of Random123's own tests for counter and key 0, and one for all bits set.
TEST(SimulatorRandom, IsPhilox) {
  EXPECT_EQ(philox(0, {0, 0, 0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox(~uint64_t{0}, {~0u, ~0u, ~0u, ~0u}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(SimulatorRandom, DependsOnSeedGalaxyAndUse) {
  const double first = Random(1, 5, Use::galaxy).uniform();
  EXPECT_EQ(Random(1, 5, Use::galaxy).uniform(), first);
  EXPECT_NE(Random(2, 5, Use::galaxy).uniform(), first);
  EXPECT_NE(Random(1, 6, Use::galaxy).uniform(), first);
  EXPECT_NE(Random(1, 5, Use::noise).uniform(), first);
}

TEST(SimulatorNoise, HasItsWidth) {
  std::vector<double> pixels(200'001, 3.0);  // not a multiple of a block's four
  Random random(1, 0, Use::noise);
  add_noise(random, 0.5, pixels);
  const auto n = static_cast<double>(pixels.size());
  const double mean = std::accumulate(pixels.begin(), pixels.end(), 0.0) / n;
  double square = 0;
  for (const double pixel : pixels) square += (pixel - mean) * (pixel - mean);
  EXPECT_NEAR(mean, 3.0, 5 * 0.5 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(square / n), 0.5, 5 * 0.5 / std::sqrt(2 * n));
}

// A Gaussian behind a Moffat is the sum of Gaussians whose covariances add.
TEST(SimulatorDrawing, IsTheClosedFormAtEveryPixel) {
  Drawn drawn;
  const RoundGaussian one = {1.0, 1.0};
  const Spread shape = ellipse(6.0, 0.3, 0.7);
  add_profile(drawn.plane(), std::span(&one, 1), shape, 3.3, kMiddle, 60.0, 7.0);
  double worst = 0;
  for (int y = 0; y < kSize; ++y)
    for (int x = 0; x < kSize; ++x) {
      double expected = 0;
      for (const RoundGaussian& psf : moffat()) {
        const double blur = psf.variance * 3.3 * 3.3, xx = shape.xx + blur, yy = shape.yy + blur, xy = shape.xy;
        const double det = xx * yy - xy * xy, dx = x - kMiddle, dy = y - 60.0;
        const double form = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / det;
        expected += 7.0 * psf.light / (2 * std::numbers::pi * std::sqrt(det)) * std::exp(-0.5 * form);
      }
      worst = std::max(worst, std::abs(drawn.at(x, y) - expected));
    }
  EXPECT_LT(worst, 4e-6 * drawn.at(63, 60));  // beyond 5 sigma a Gaussian has exp(-12.5) = 3.7e-6 of its peak
}

TEST(SimulatorDrawing, KeepsTheFlux) {
  for (const auto& profile : {exponential(), de_vaucouleurs()}) {
    Drawn drawn;
    add_profile(drawn.plane(), profile, ellipse(4.0, 0.5, 2.0), 3.3, kMiddle, kMiddle, 5.0);
    EXPECT_NEAR(drawn.sum(), 5.0, 5.0 * 2e-5);  // 4e-6 beyond 5 sigma in each of two directions
  }
}

TEST(SimulatorDrawing, HasTheMomentsOfItsEllipse) {
  Drawn drawn;
  const RoundGaussian one = {1.0, 1.0}, round = {1.0, 1.0};
  const Spread shape = ellipse(5.0, 0.6, 0.4);
  add_profile(drawn.plane(), std::span(&one, 1), shape, 0.5, kMiddle, kMiddle, 1.0);
  double xx = 0, xy = 0, yy = 0, blur = 0;
  for (const RoundGaussian& psf : moffat()) blur += psf.light * psf.variance * 0.25 * round.light;
  for (int y = 0; y < kSize; ++y)
    for (int x = 0; x < kSize; ++x) {
      xx += drawn.at(x, y) * (x - kMiddle) * (x - kMiddle);
      xy += drawn.at(x, y) * (x - kMiddle) * (y - kMiddle);
      yy += drawn.at(x, y) * (y - kMiddle) * (y - kMiddle);
    }
  EXPECT_NEAR(xx, shape.xx + blur, 1e-3 * shape.xx);  // the tails beyond 5 sigma
  EXPECT_NEAR(yy, shape.yy + blur, 1e-3 * shape.yy);
  EXPECT_NEAR(xy, shape.xy, 1e-3 * shape.xx);
}

TEST(SimulatorDrawing, APointSourceIsAMoffat) {
  Drawn drawn;
  const RoundGaussian point = {1.0, 0.0};
  add_profile(drawn.plane(), std::span(&point, 1), {0, 0, 0}, 3.3, 64, 64, 1.0);
  const double alpha2 = 3.3 * 3.3 / 4 / (std::cbrt(2.0) - 1);
  const double peak = 2 / (std::numbers::pi * alpha2);  // (beta - 1) / (pi alpha^2)
  for (int x = 64; x < 76; ++x) {
    const double moffat_there = peak * std::pow(1 + (x - 64) * (x - 64) / alpha2, -3);
    EXPECT_NEAR(drawn.at(x, 64), moffat_there, 0.015 * peak)
        << x;  // four Gaussians are not a Moffat to better than that
  }
}

// The profiles end at 8 radii: of n = 4 5 % of the light would lie beyond, so that more than half is within 1.
TEST(SimulatorDrawing, HalfOfTheLightLiesWithinTheRadius) {
  for (const auto& profile : {exponential(), de_vaucouleurs()}) {
    double within = 0;
    for (const RoundGaussian& g : profile) within += g.light * (1 - std::exp(-0.5 / g.variance));
    EXPECT_NEAR(within, 0.5, 0.03);
  }
}

TEST(SimulatorColours, AreInsideTheTableAndRedden) {
  Random random(3, 0, Use::galaxy);
  double mean = 0;
  for (int k = 0; k < 20'000; ++k) {
    const Place place = draw_place(random);
    ASSERT_TRUE(place.z >= 0 && place.z <= 0.8 && place.i >= 16.5 && place.i <= 22.0);
    mean += place.z / 20'000;
  }
  EXPECT_NEAR(mean, 0.4797, 0.0055);  // the mean of the 11,847 galaxies, whose scatter is 0.152: five sigma
  // The 4000 A break has passed through g at z = 0.35 and through r at 0.65.
  EXPECT_GT(magnitudes_at({0.35, 19.0})[1] - magnitudes_at({0.35, 19.0})[2], 1.3);
  EXPECT_GT(magnitudes_at({0.65, 20.5})[2] - magnitudes_at({0.65, 20.5})[3], 0.9);
}

// An optimal fit on noise alone: its scatter is the error that the catalogue promises.
TEST(SimulatorStamp, PromisesTheErrorOfAnOptimalFit) {
  Options options;
  const Galaxy galaxy = draw_galaxy(options, 7);
  Stamp stamp(options);
  stamp.draw(galaxy);
  const PerBand<double> errors = stamp.flux_errors(galaxy);
  const size_t plane = stamp.pixels().size() / kNBands;
  constexpr int kTrials = 1500;
  for (size_t b = 0; b < kNBands; ++b) {
    const auto drawn = stamp.pixels().subspan(b * plane, plane);
    double norm = 0, square = 0;
    for (const double p : drawn) norm += p * p / galaxy.flux[b];
    for (int k = 0; k < kTrials; ++k) {
      std::vector<double> noise(plane);
      Random random(9, k * 5 + static_cast<int64_t>(b), Use::noise);
      add_noise(random, kSkySigma[b], noise);
      const double fitted = std::inner_product(noise.begin(), noise.end(), drawn.begin(), 0.0) / norm;
      square += fitted * fitted / kTrials;
    }
    EXPECT_NEAR(std::sqrt(square), errors[b], 5 * errors[b] / std::sqrt(2.0 * kTrials)) << kBands[b];
  }
}

// Of a point source of flux 1 at the middle an aperture of 3" holds the Moffat's light within 1.5".
TEST(SimulatorStamp, MeasuresApertures) {
  Options options;
  Galaxy g{};
  g.flux.fill(1.0);
  g.disc_radius = g.bulge_radius = 1e-3;
  g.disc_axis_ratio = g.bulge_axis_ratio = 1.0;
  g.psf_fwhm.fill(1.3 / kPixel);
  Stamp stamp(options);
  stamp.draw(g);
  const double alpha2 = 1.3 * 1.3 / 4 / (std::cbrt(2.0) - 1);
  const double inside = 1 - std::pow(1 + 1.5 * 1.5 / alpha2, -2);
  for (const double flux : stamp.aperture_fluxes(g))
    EXPECT_NEAR(flux, inside, 0.01);  // pixels on the edge, four Gaussians
}

}  // namespace
}  // namespace deepdip::sim

// projects/deepdip/plugin/simulator/neighbours.cpp -- other stars and galaxies that happen to lie in a stamp.
// SPDX-License-Identifier: BSD-3-Clause
#include "neighbours.hpp"

#include <cmath>
#include <numbers>

#include "colours.hpp"

namespace deepdip::sim {
namespace {

constexpr double kDensity = 10.0 / 3600;                             // an arcsec^2
constexpr double kBrightest = 17.0, kFaintest = 22.0, kSlope = 0.3;  // counts ~ 10^(slope i)
constexpr double kClear = 2.5 / kPixel;
constexpr double kStars = 0.4;  // fraction

// By multiplication of uniform numbers (Knuth): the mean is about 1.
int draw_poisson(Random& random, double mean) {
  int n = 0;
  for (double product = random.uniform(); product > std::exp(-mean); product *= random.uniform()) ++n;
  return n;
}

double draw_magnitude(Random& random) {
  const double low = std::pow(10.0, kSlope * kBrightest), high = std::pow(10.0, kSlope * kFaintest);
  return std::log10(random.uniform(low, high)) / kSlope;
}

Neighbour draw_one(Random& random, double half) {
  Neighbour one{};
  one.x = random.uniform(-half, half);
  one.y = random.uniform(-half, half);
  // The colours of a galaxy of the table, whose redshift is nobody's here.
  const Place place = draw_place(random);
  const double brighter = draw_magnitude(random) - place.i;
  one.flux = magnitudes_at(place);
  for (double& value : one.flux) value = flux_of(value + brighter);
  const bool star = random.uniform() < kStars;
  const double radius = 0.8 / kPixel * std::exp(0.4 * random.normal()), axis_ratio = random.uniform(0.3, 1.0);
  const Spread disc = ellipse(radius, axis_ratio, random.uniform(0, std::numbers::pi));
  if (!star) one.shape = disc;
  return one;
}

}  // namespace

std::vector<Neighbour> draw_neighbours(const Options& options, int64_t index) {
  std::vector<Neighbour> neighbours;
  if (!options.neighbours) return neighbours;
  Random random(static_cast<uint64_t>(options.seed), index, Use::neighbours);
  const double side = static_cast<double>(options.size) * kPixel;
  const int n = draw_poisson(random, kDensity * side * side);
  for (int k = 0; k < n; ++k) {
    const Neighbour one = draw_one(random, 0.5 * static_cast<double>(options.size));
    if (std::hypot(one.x, one.y) > kClear) neighbours.push_back(one);
  }
  return neighbours;
}

}  // namespace deepdip::sim

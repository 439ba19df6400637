// projects/deepdip/plugin/simulator/galaxy.cpp -- one galaxy: redshift, fluxes, shape, the seeing it was seen through.
// SPDX-License-Identifier: BSD-3-Clause
#include "galaxy.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "colours.hpp"

namespace deepdip::sim {
namespace {

// The table's magnitudes are fibre-like (projects/deepdip/data/README.md): the whole galaxy is brighter than they say.
constexpr double kBrighter = 1.0;
constexpr double kIntrinsicScatter = 0.05;  // mag, in each band
constexpr double kMeanEbv = 0.03;
constexpr double kMedianSeeing = 1.3;  // arcsec, FWHM; u and g are 10 % wider
constexpr PerBand<double> kWider = {1.1, 1.1, 1.0, 1.0, 1.0};
// How much redder than its disc a bulge is in each band against i, for a gradient of 1 mag in g - i.
constexpr PerBand<double> kRedder = {1.8, 1.0, 0.4, 0.0, -0.2};

// `plain`: sizes and gradients do not know the redshift, so that an image tells no more than its five fluxes.
// `morphology`: both follow the redshift at given magnitudes, with a scatter.
struct Looks {
  double radius, gradient;  // arcsec; mag in g - i
};

Looks draw_looks(Random& random, Variant variant, double z) {
  const double size = random.normal(), reddening = random.normal();
  if (variant == Variant::plain) return {1.2 * std::pow(10.0, 0.12 * size), 0.3 + 0.1 * reddening};
  return {1.2 * std::pow(10.0, -1.5 * (z - 0.45) + 0.03 * size), 0.9 - 2.0 * (z - 0.45) + 0.1 * reddening};
}

PerBand<double> draw_fluxes(Random& random, const Place& place, double ebv) {
  PerBand<double> flux = magnitudes_at(place);
  for (size_t b = 0; b < kNBands; ++b)
    flux[b] = flux_of(flux[b] + random.normal(-kBrighter, kIntrinsicScatter) + kExtinction[b] * ebv);
  return flux;
}

PerBand<double> bulge_fractions(double in_i, double gradient) {
  PerBand<double> fractions{};
  for (size_t b = 0; b < kNBands; ++b) {
    const double ratio = in_i / (1 - in_i) * std::pow(10.0, -0.4 * gradient * kRedder[b]);
    fractions[b] = ratio / (1 + ratio);
  }
  return fractions;
}

}  // namespace

Galaxy draw_galaxy(const Options& options, int64_t index) {
  Random random(static_cast<uint64_t>(options.seed), index, Use::galaxy);
  const Place place = draw_place(random);
  Galaxy g{};
  g.z = place.z;
  g.ebv = -kMeanEbv * std::log(random.uniform());
  g.flux = draw_fluxes(random, place, g.ebv);
  const Looks looks = draw_looks(random, options.variant, place.z);
  g.bulge_fraction = bulge_fractions(random.uniform(0.2, 0.8), looks.gradient);
  g.disc_radius = std::clamp(looks.radius, 0.3, 5.0) / kPixel;
  g.bulge_radius = 0.7 * g.disc_radius;
  g.disc_axis_ratio = random.uniform(0.3, 1.0);
  g.bulge_axis_ratio = 0.5 + 0.5 * g.disc_axis_ratio;
  g.angle = random.uniform(0, std::numbers::pi);
  g.x = random.uniform(-0.5, 0.5);
  g.y = random.uniform(-0.5, 0.5);
  const double seeing = kMedianSeeing / kPixel * std::exp(0.08 * random.normal());
  for (size_t b = 0; b < kNBands; ++b) g.psf_fwhm[b] = seeing * kWider[b] * std::exp(0.03 * random.normal());
  return g;
}

}  // namespace deepdip::sim

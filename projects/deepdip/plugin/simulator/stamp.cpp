// projects/deepdip/plugin/simulator/stamp.cpp -- the five planes of one galaxy, and what is measured on them.
// SPDX-License-Identifier: BSD-3-Clause
#include "stamp.hpp"

#include <algorithm>
#include <cmath>

#include "neighbours.hpp"
#include "noise.hpp"

namespace deepdip::sim {
namespace {

constexpr double kAperture = 1.5 / kPixel;  // radius

}  // namespace

Stamp::Stamp(const Options& options)
    : options_(options),
      size_(static_cast<int>(options.size)),
      plane_size_(static_cast<size_t>(options.size * options.size)),
      pixels_(kNBands * plane_size_) {}

void Stamp::draw(const Galaxy& g) {
  std::fill(pixels_.begin(), pixels_.end(), 0.0);
  const Spread bulge = ellipse(g.bulge_radius, g.bulge_axis_ratio, g.angle);
  const Spread disc = ellipse(g.disc_radius, g.disc_axis_ratio, g.angle);
  const double x = middle() + g.x, y = middle() + g.y;
  for (size_t b = 0; b < kNBands; ++b) {
    const double in_bulge = g.flux[b] * g.bulge_fraction[b];
    add_profile(plane(b), de_vaucouleurs(), bulge, g.psf_fwhm[b], x, y, in_bulge);
    add_profile(plane(b), exponential(), disc, g.psf_fwhm[b], x, y, g.flux[b] - in_bulge);
  }
}

PerBand<double> Stamp::flux_errors(const Galaxy& g) const {
  PerBand<double> errors{};
  for (size_t b = 0; b < kNBands; ++b) {
    double sum = 0;
    for (const double pixel : pixels().subspan(b * plane_size_, plane_size_)) sum += pixel * pixel;
    errors[b] = kSkySigma[b] * g.flux[b] / std::sqrt(sum);
  }
  return errors;
}

void Stamp::add_surroundings(const Galaxy& g, int64_t index) {
  const RoundGaussian point = {1.0, 0.0};
  for (const Neighbour& one : draw_neighbours(options_, index)) {
    const bool star = one.shape.xx == 0;
    for (size_t b = 0; b < kNBands; ++b)
      add_profile(plane(b), star ? std::span(&point, 1) : exponential(), one.shape, g.psf_fwhm[b], middle() + one.x,
                  middle() + one.y, one.flux[b]);
  }
  if (!options_.noise) return;
  Random random(static_cast<uint64_t>(options_.seed), index, Use::noise);
  for (size_t b = 0; b < kNBands; ++b)
    add_noise(random, kSkySigma[b], std::span(pixels_).subspan(b * plane_size_, plane_size_));
}

PerBand<double> Stamp::aperture_fluxes(const Galaxy& g) const {
  PerBand<double> fluxes{};
  const double* pixel = pixels_.data();
  for (size_t b = 0; b < kNBands; ++b)
    for (int y = 0; y < size_; ++y)
      for (int x = 0; x < size_; ++x) {
        // A pixel on the edge counts by how far it reaches inside.
        const double inside = kAperture + 0.5 - std::hypot(x - middle() - g.x, y - middle() - g.y);
        fluxes[b] += *pixel++ * std::clamp(inside, 0.0, 1.0);
      }
  return fluxes;
}

}  // namespace deepdip::sim

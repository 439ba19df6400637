// projects/deepdip/plugin/simulator/gaussians.cpp -- galaxy profiles and PSF as sums of Gaussians, drawn into a plane.
// SPDX-License-Identifier: BSD-3-Clause
#include "gaussians.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace deepdip::sim {
namespace {

#include "profiles.inc"

constexpr int kMaxSize = 256;
constexpr double kReach = 5.0;  // sigmas; 4e-6 of a Gaussian's light lies beyond

struct Range {
  int first, end;
};

Range pixels_within(double centre, double variance, int size) {
  const double reach = kReach * std::sqrt(variance);
  const double first = std::clamp(std::ceil(centre - reach), 0.0, static_cast<double>(size));
  const double end = std::clamp(std::floor(centre + reach) + 1, first, static_cast<double>(size));
  return {static_cast<int>(first), static_cast<int>(end)};
}

// In steps of a pixel the logarithm of a Gaussian is a polynomial of degree 2: each value follows from its neighbour by
// two multiplications, along the first row and from row to row. Within kReach and for axis ratios from 0.2 no value
// leaves the range of a double on the way.
void add_gaussian(Plane plane, const Spread& v, double x, double y, double flux) {
  const Range columns = pixels_within(x, v.xx, plane.size), rows = pixels_within(y, v.yy, plane.size);
  const int width = columns.end - columns.first;
  if (width <= 0 || rows.first >= rows.end) return;
  const double det = v.xx * v.yy - v.xy * v.xy;
  const double a = v.yy / det, b = -v.xy / det, c = v.xx / det;
  const double dx = columns.first - x, dy = rows.first - y;
  std::array<double, kMaxSize> value{}, ratio{};  // of a row; to the next row
  double here =
      flux / (2 * std::numbers::pi * std::sqrt(det)) * std::exp(-0.5 * (a * dx * dx + 2 * b * dx * dy + c * dy * dy));
  double step = std::exp(-0.5 * (a * (2 * dx + 1) + 2 * b * dy)), up = std::exp(-0.5 * (2 * b * dx + c * (2 * dy + 1)));
  const double step_ratio = std::exp(-a), up_ratio = std::exp(-b), ratio_ratio = std::exp(-c);
  for (int k = 0; k < width; ++k) {
    value[static_cast<size_t>(k)] = here;
    ratio[static_cast<size_t>(k)] = up;
    here *= step;
    step *= step_ratio;
    up *= up_ratio;
  }
  for (int row = rows.first; row < rows.end; ++row) {
    double* pixels = plane.pixels + row * plane.size + columns.first;
    for (int k = 0; k < width; ++k) {
      const auto i = static_cast<size_t>(k);
      pixels[k] += value[i];
      value[i] *= ratio[i];
      ratio[i] *= ratio_ratio;
    }
  }
}

}  // namespace

std::span<const RoundGaussian> exponential() { return kExponential; }
std::span<const RoundGaussian> de_vaucouleurs() { return kDeVaucouleurs; }
std::span<const RoundGaussian> moffat() { return kMoffat; }

Spread ellipse(double radius, double axis_ratio, double angle) {
  const double major = radius * radius, minor = major * axis_ratio * axis_ratio;
  const double c = std::cos(angle), s = std::sin(angle);
  return {c * c * major + s * s * minor, c * s * (major - minor), s * s * major + c * c * minor};
}

void add_profile(Plane plane, std::span<const RoundGaussian> profile, const Spread& shape, double psf_fwhm, double x,
                 double y, double flux) {
  for (const RoundGaussian& light : profile)
    for (const RoundGaussian& psf : kMoffat) {
      const double blur = psf.variance * psf_fwhm * psf_fwhm;
      const Spread spread = {light.variance * shape.xx + blur, light.variance * shape.xy,
                             light.variance * shape.yy + blur};
      add_gaussian(plane, spread, x, y, flux * light.light * psf.light);
    }
}

}  // namespace deepdip::sim

// projects/deepdip/plugin/simulator/gaussians.hpp -- galaxy profiles and PSF as sums of Gaussians, drawn into a plane.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

namespace deepdip::sim {

struct RoundGaussian {
  double light, variance;  // fraction of the whole; in units of the profile's radius squared
};
// Sersic profiles n = 1 and n = 4 with half-light radius 1, and a Moffat profile, beta 3, of FWHM 1.
std::span<const RoundGaussian> exponential();
std::span<const RoundGaussian> de_vaucouleurs();
std::span<const RoundGaussian> moffat();

// Covariance of light on the sky in pixels squared.
struct Spread {
  double xx, xy, yy;
};
// Of an ellipse: half-light radius along its major axis, axis ratio, angle of that axis from x.
Spread ellipse(double radius, double axis_ratio, double angle);

// A square plane of a stamp, row by row, pixel centres at integers; what lies outside is lost.
struct Plane {
  double* pixels;
  int size;
};

// Adds `flux` of a profile spread by `shape` and convolved with a Moffat PSF of that FWHM, centred at (x, y). A point
// source has the shape {0, 0, 0}. The value of a pixel is that at its centre: the FWHM counts the pixel's own width in.
void add_profile(Plane plane, std::span<const RoundGaussian> profile, const Spread& shape, double psf_fwhm, double x,
                 double y, double flux);

}  // namespace deepdip::sim

// projects/deepdip/plugin/simulator/galaxy.hpp -- one galaxy: redshift, fluxes, shape, the seeing it was seen through.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "options.hpp"
#include "sdss.hpp"

namespace deepdip::sim {

// A bulge (Sersic n = 4) and a disc (n = 1) with one centre and one position angle.
struct Galaxy {
  double z, ebv;
  PerBand<double> flux;                      // nanomaggies, all of the light, behind the dust
  PerBand<double> bulge_fraction;            // of the flux
  double disc_radius, bulge_radius;          // half-light, along the major axis, pixels
  double disc_axis_ratio, bulge_axis_ratio;  // from 0.3
  double angle;                              // of the major axis from x, radians
  double x, y;                               // the centre, pixels from the stamp's middle, +-0.5
  PerBand<double> psf_fwhm;                  // pixels
};

// The galaxy `index` of `options.seed`, whatever n is.
Galaxy draw_galaxy(const Options& options, int64_t index);

}  // namespace deepdip::sim

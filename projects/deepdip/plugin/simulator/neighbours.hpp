// projects/deepdip/plugin/simulator/neighbours.hpp -- other stars and galaxies that happen to lie in a stamp.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "gaussians.hpp"
#include "options.hpp"
#include "sdss.hpp"

namespace deepdip::sim {

// A point source, or a disc.
struct Neighbour {
  double x, y;  // pixels from the stamp's middle
  Spread shape;
  PerBand<double> flux;
};

// 10 an arcmin^2 brighter than i = 22, none within 2.5" of the middle; empty where the options say so.
std::vector<Neighbour> draw_neighbours(const Options& options, int64_t index);

}  // namespace deepdip::sim

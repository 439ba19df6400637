// projects/deepdip/plugin/simulator/colours.hpp -- redshifts and magnitudes as those of the BOSS DR10 table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "random.hpp"
#include "sdss.hpp"

namespace deepdip::sim {

struct Place {
  double z, i;  // redshift, magnitude in band i
};

// From the counts of the table's galaxies in cells of 0.02 in z and 0.25 mag in i, uniform within a cell.
Place draw_place(Random& random);

// Mean magnitudes in ugriz of the table's galaxies there: bilinear between the nodes that fit_colours.py fitted.
PerBand<double> magnitudes_at(const Place& place);

}  // namespace deepdip::sim

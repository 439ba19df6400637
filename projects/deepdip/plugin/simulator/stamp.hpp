// projects/deepdip/plugin/simulator/stamp.hpp -- the five planes of one galaxy, and what is measured on them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include "galaxy.hpp"
#include "gaussians.hpp"

namespace deepdip::sim {

class Stamp {  // [one thread]
 public:
  explicit Stamp(const Options& options);

  // The galaxy alone, without noise.
  void draw(const Galaxy& galaxy);
  // Of an optimal fit in each band, the profile being known: (sum P_b^2 / sigma_b^2)^(-1/2), P_b the profile of flux 1
  // as it was drawn. After draw() and before add_surroundings().
  PerBand<double> flux_errors(const Galaxy& galaxy) const;
  // The neighbours and the sky's noise of that index, as far as the options want them.
  void add_surroundings(const Galaxy& galaxy, int64_t index);
  // Within 3" about the galaxy's own centre.
  PerBand<double> aperture_fluxes(const Galaxy& galaxy) const;

  std::span<const double> pixels() const { return pixels_; }  // [band, y, x], nanomaggies

 private:
  Plane plane(size_t band) { return {pixels_.data() + band * plane_size_, size_}; }
  double middle() const { return 0.5 * (size_ - 1); }

  const Options& options_;
  int size_;
  size_t plane_size_;
  std::vector<double> pixels_;
};

}  // namespace deepdip::sim

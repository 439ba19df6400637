// projects/deepdip/plugin/simulator/noise.hpp -- white Gaussian noise of the sky.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "random.hpp"

namespace deepdip::sim {

void add_noise(Random& random, double sigma, std::span<double> pixels);

}  // namespace deepdip::sim

// projects/deepdip/plugin/simulator/noise.cpp -- white Gaussian noise of the sky.
// SPDX-License-Identifier: BSD-3-Clause
#include "noise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace deepdip::sim {
namespace {

// Box-Muller in float, four numbers a block: the noise is most of the work for a stamp.
std::array<float, 4> four_normals(const Words& words) {
  std::array<float, 4> normals{};
  for (size_t k = 0; k < 4; k += 2) {
    const float radius = std::sqrt(-2.0f * std::log((static_cast<float>(words[k] >> 8) + 1.0f) * 0x1p-24f));
    const float angle = 2.0f * std::numbers::pi_v<float> * (static_cast<float>(words[k + 1] >> 8) * 0x1p-24f);
    normals[k] = radius * std::cos(angle);
    normals[k + 1] = radius * std::sin(angle);
  }
  return normals;
}

}  // namespace

void add_noise(Random& random, double sigma, std::span<double> pixels) {
  for (size_t first = 0; first < pixels.size(); first += 4) {
    const std::array<float, 4> normals = four_normals(random.block());
    const size_t n = std::min<size_t>(4, pixels.size() - first);
    for (size_t k = 0; k < n; ++k) pixels[first + k] += sigma * static_cast<double>(normals[k]);
  }
}

}  // namespace deepdip::sim

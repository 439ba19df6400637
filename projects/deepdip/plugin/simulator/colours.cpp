// projects/deepdip/plugin/simulator/colours.cpp -- redshifts and magnitudes as those of the BOSS DR10 table.
// SPDX-License-Identifier: BSD-3-Clause
#include "colours.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace deepdip::sim {
namespace {

#include "colours.inc"

constexpr int kZCells = kZNodes - 1, kICells = kINodes - 1, kColoursANode = 4;
constexpr double kZStep = kZLast / kZCells, kIStep = (kILast - kIFirst) / kICells;
static_assert(std::size(kColours) == kZNodes * kINodes * kColoursANode && std::size(kCounts) == kZCells * kICells);

using Sums = std::array<int32_t, kZCells * kICells>;
constexpr Sums sum_counts() {
  Sums sums{};
  int32_t sum = 0;
  for (size_t c = 0; c < sums.size(); ++c) sums[c] = sum += kCounts[c];
  return sums;
}
constexpr Sums kSums = sum_counts();

// Which node is below, and how far behind it in steps.
struct Between {
  int node;
  double part;
};

Between locate(double steps, int cells) {
  const double inside = std::clamp(steps, 0.0, static_cast<double>(cells));
  const int node = std::min(static_cast<int>(inside), cells - 1);
  return {node, inside - node};
}

double colour(int z_node, int i_node, size_t k) {
  return 0.001 * kColours[static_cast<size_t>(z_node * kINodes + i_node) * kColoursANode + k];
}

}  // namespace

Place draw_place(Random& random) {
  const double rank = random.uniform() * kSums.back();
  const auto cell = static_cast<int>(std::upper_bound(kSums.begin(), kSums.end(), rank) - kSums.begin());
  const double z = (cell / kICells + random.uniform()) * kZStep;
  return {z, kIFirst + (cell % kICells + random.uniform()) * kIStep};
}

PerBand<double> magnitudes_at(const Place& place) {
  const Between z = locate(place.z / kZStep, kZCells), i = locate((place.i - kIFirst) / kIStep, kICells);
  std::array<double, kColoursANode> colours{};
  for (size_t k = 0; k < colours.size(); ++k) {
    const double low = std::lerp(colour(z.node, i.node, k), colour(z.node, i.node + 1, k), i.part);
    const double high = std::lerp(colour(z.node + 1, i.node, k), colour(z.node + 1, i.node + 1, k), i.part);
    colours[k] = std::lerp(low, high, z.part);
  }
  return {place.i + colours[0], place.i + colours[1], place.i + colours[2], place.i, place.i + colours[3]};
}

}  // namespace deepdip::sim

// core/src/data/d4.cpp -- the eight orientations of a square image.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/d4.hpp"

namespace clq {
namespace {

// Pixel (row Y, column X) of the turned image is src[start + Y per_row + X per_column].
struct Walk {
  int64_t start, per_row, per_column;
};

Walk walk_of(int orientation, int64_t side) noexcept {
  const int64_t last = side - 1, row = last * side;
  switch (orientation) {
    case 1:
      return {row, 1, -side};
    case 2:
      return {row + last, -side, -1};
    case 3:
      return {last, -1, side};
    case 4:
      return {last, side, -1};
    case 5:
      return {row + last, -1, -side};
    case 6:
      return {row, -side, 1};
    case 7:
      return {0, 1, side};
    default:
      return {0, side, 1};
  }
}

}  // namespace

void turn_plane(int orientation, const float* src, float* dst, int64_t side) noexcept {
  const Walk walk = walk_of(orientation, side);
  for (int64_t y = 0; y < side; ++y)
    for (int64_t x = 0; x < side; ++x) *dst++ = src[walk.start + y * walk.per_row + x * walk.per_column];
}

}  // namespace clq

// core/src/data/d4.hpp -- the eight orientations of a square image: quarter turns, and the same of its mirror image.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace clq {

// Orientation e = 4 m + r: where m is 1 the image is mirrored in x, then it is turned r times from +x towards +y. x
// runs along the last axis, y along the one before, both from the centre; orientation 0 leaves all as it is.
inline constexpr int kOrientations = 8;

void turn_plane(int orientation, const float* src, float* dst, int64_t side) noexcept;  // [side, side]

template <class T>
void turn_vector(int orientation, T& x, T& y) noexcept {
  if (orientation >= 4) x = -x;
  for (int turn = 0; turn < orientation % 4; ++turn) {
    const T before = x;
    x = -y;
    y = before;
  }
}

}  // namespace clq

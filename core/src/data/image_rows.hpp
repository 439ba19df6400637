// core/src/data/image_rows.hpp -- what the pixels of a row say of it: fit to be used, or bad.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "data/batch_layout.hpp"

namespace clq {

// How a model takes pixels that are no number, and bands without any pixel.
struct PixelPolicy {
  bool masks = false;           // such pixels are masked
  bool bands_may_miss = false;  // and so are whole bands, while one is left
};

// The BadBits that the pixels of one row earn: kBadBand where a band has no good one, kBadNan where it lacks some.
uint8_t bad_pixels(const float* images, const ImageShape& shape, const PixelPolicy& policy) noexcept;
// The same in words: "band g: pixel 3, 7 is NaN"; "" for a good row. Pixels count from 0, along x first.
std::string explain_pixels(const float* images, const ImageShape& shape, const PixelPolicy& policy,
                           const ImageFacts& facts);

}  // namespace clq

// core/src/data/image_rows.cpp -- what the pixels of a row say of it: fit to be used, or bad.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/image_rows.hpp"

#include <cmath>

#include "data/image_field.hpp"
#include "data/slot.hpp"

namespace clq {
namespace {

int64_t count_good(const float* pixels, int64_t n) noexcept {
  int64_t good = 0;
  for (int64_t i = 0; i < n; ++i) good += std::isfinite(pixels[i]) ? 1 : 0;
  return good;
}

}  // namespace

uint8_t bad_pixels(const float* images, const ImageShape& shape, const PixelPolicy& policy) noexcept {
  uint8_t bits = 0;
  int64_t present = 0;
  for (int64_t b = 0; b < shape.bands; ++b) {
    const int64_t good = count_good(images + b * shape.pixels(), shape.pixels());
    present += good > 0 ? 1 : 0;
    if (good == 0 && !(policy.masks && policy.bands_may_miss)) bits |= kBadBand;
    if (good > 0 && good < shape.pixels() && !policy.masks) bits |= kBadNan;
  }
  if (shape.bands > 0 && present == 0) bits |= kBadBand;
  return bits;
}

std::string explain_pixels(const float* images, const ImageShape& shape, const PixelPolicy& policy,
                           const ImageFacts& facts) {
  if (bad_pixels(images, shape, policy) == 0) return "";
  for (int64_t b = 0; b < shape.bands; ++b) {
    const float* pixels = images + b * shape.pixels();
    if (count_good(pixels, shape.pixels()) == 0) return fmt::format("band {} is missing", band_name(facts, b));
    for (int64_t i = 0; !policy.masks && i < shape.pixels(); ++i)
      if (!std::isfinite(pixels[i]))
        return fmt::format("band {}: pixel {}, {} is {}", band_name(facts, b), i % shape.width, i / shape.width,
                           std::isnan(pixels[i]) ? "NaN" : "infinite");
  }
  return "";
}

}  // namespace clq

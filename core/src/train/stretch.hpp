// core/src/train/stretch.hpp -- images of any unit and range as pictures, by a rule that can be said in one line.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/png.hpp"

namespace clq {

// Black up to `black`, white from `white` on, asinh((x - middle) / scale) between. Of the finite pixels: middle is the
// median, scale three times their robust scatter 1.4826 median|x - middle|, black 2/3 of a scale below the middle,
// white the quantile 0.998. `finite` 0: there was no finite pixel, and every value is black.
struct Stretch {
  double middle = 0, scale = 1, black = 0, white = 1;
  int64_t finite = 0;
  double grey(double value) const noexcept;  // 0 ... 1
  std::string text() const;
};
Stretch choose_stretch(std::span<const float> pixels);

// One sample [bands, height, width]; row 0 is at the bottom, as in a FITS viewer. A pixel that is not finite is red.
struct ImageView {
  std::span<const float> pixels;
  int64_t bands = 0, height = 0, width = 0;
  std::span<const float> band(int64_t b) const;
};

// The bands side by side, each with its own stretch, magnified to at least 192 pixels by an integer.
Picture bands_picture(const ImageView& image, std::span<const Stretch> stretches);
int64_t bands_width(const ImageView& image);  // of that picture, whatever the pixels are
int64_t bands_height(const ImageView& image);

// Red, green and blue from three of the bands (Lupton et al. 2004): the mean I of the three, each over its stretch's
// scale, becomes asinh(I), and every colour keeps its share of I. `bands` is red, green, blue.
std::array<int64_t, 3> colour_bands(int64_t bands);  // evenly spread, the last ones are red
Picture colour_picture(const ImageView& image, std::span<const Stretch> stretches, const std::array<int64_t, 3>& bands);

}  // namespace clq

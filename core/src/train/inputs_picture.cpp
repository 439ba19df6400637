// core/src/train/inputs_picture.cpp -- a few images as the network gets them: one picture for TensorBoard.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/inputs_picture.hpp"

#include <algorithm>

namespace clq {
namespace {

constexpr int64_t kMostSide = 256, kMostBands = 16;
constexpr int64_t kPackedCopies = 8;  // libpng's, the message's, those of EventFile

int64_t step_of(const Shape& sample) { return (std::max(sample[1], sample[2]) + kMostSide - 1) / kMostSide; }

Shape shown_of(const Shape& sample) {
  const int64_t step = step_of(sample);
  return {std::min(sample[0], kMostBands), (sample[1] + step - 1) / step, (sample[2] + step - 1) / step};
}

// In noise each pixel packs into a few bytes, the same pixels of the next line into next to nothing.
int64_t most_packed(const Shape& shown, int64_t rows, int64_t plain, int64_t height) {
  return std::min(plain + plain / 100, 8 * rows * element_count(shown) + 64 * height) + 4096;
}

}  // namespace

InputsPicture::InputsPicture(const Shape& sample, int64_t rows)
    : sample_(sample),
      shown_(shown_of(sample)),
      picture_(bands_width({{}, shown_[0], shown_[1], shown_[2]}),
               rows * bands_height({{}, shown_[0], shown_[1], shown_[2]})) {}

void InputsPicture::add(std::span<const float> pixels) {
  const int64_t step = step_of(sample_);
  std::vector<float> thin;
  thin.reserve(static_cast<size_t>(element_count(shown_)));
  for (int64_t band = 0; band < shown_[0]; ++band)
    for (int64_t y = 0; y < sample_[1]; y += step)
      for (int64_t x = 0; x < sample_[2]; x += step)
        thin.push_back(pixels[static_cast<size_t>((band * sample_[1] + y) * sample_[2] + x)]);
  const ImageView image{thin, shown_[0], shown_[1], shown_[2]};
  std::vector<Stretch> stretches;
  for (int64_t band = 0; band < image.bands; ++band) stretches.push_back(choose_stretch(image.band(band)));
  const Picture row = bands_picture(image, stretches);
  picture_.paste(row, 0, top_);
  top_ += row.height();
}

int64_t picture_bytes(const Shape& sample, int64_t rows) {
  const Shape shown = shown_of(sample);
  const ImageView image{{}, shown[0], shown[1], shown[2]};
  const int64_t row = 3 * bands_width(image) * bands_height(image);
  const int64_t drawing = 2 * row + 8 * element_count(shown);  // the row, one band of it, and their numbers
  const int64_t packing = kPackedCopies * most_packed(shown, rows, rows * row, rows * bands_height(image));
  return rows * row + std::max(drawing, packing);
}

}  // namespace clq

// core/src/train/inputs_picture.hpp -- a few images as the network gets them: one picture for TensorBoard.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/tensor.hpp>

#include "train/stretch.hpp"

namespace clq {

// One image below the other, its bands side by side: at most 16 bands, and of large images every n-th pixel, so that a
// band is drawn from at most 256 pixels on a side.
class InputsPicture {
 public:
  InputsPicture(const Shape& sample, int64_t rows);  // [bands, height, width]
  void add(std::span<const float> pixels);           // the next row
  const Picture& picture() const { return picture_; }

 private:
  Shape sample_, shown_;
  Picture picture_;
  int64_t top_ = 0;
};

// The most memory that such a picture takes from the first row to the bytes that wait to be written.
int64_t picture_bytes(const Shape& sample, int64_t rows);

}  // namespace clq

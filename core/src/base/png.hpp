// core/src/base/png.hpp -- a picture of 8-bit colours, and its bytes as a PNG file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace clq {

using Colour = std::array<uint8_t, 3>;  // red, green, blue

class Picture {
 public:
  Picture(int64_t width, int64_t height, Colour background = {0, 0, 0});
  int64_t width() const { return width_; }
  int64_t height() const { return height_; }
  Colour& at(int64_t x, int64_t y) { return pixels_[static_cast<size_t>(y * width_ + x)]; }  // y counts from the top
  const Colour& at(int64_t x, int64_t y) const { return pixels_[static_cast<size_t>(y * width_ + x)]; }
  void paste(const Picture& other, int64_t left, int64_t top);  // what sticks out is cut off
  std::string png() const;

 private:
  int64_t width_, height_;
  std::vector<Colour> pixels_;
};

}  // namespace clq

// core/src/base/png.cpp -- a picture of 8-bit colours, and its bytes as a PNG file.
// SPDX-License-Identifier: BSD-3-Clause
#include "base/png.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <png.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr int64_t kMostPixels = int64_t{1} << 28;  // of a side times the other

struct Free {
  void operator()(char* bytes) const noexcept { std::free(bytes); }
};

}  // namespace

Picture::Picture(int64_t width, int64_t height, Colour background) : width_(width), height_(height) {
  CLQ_REQUIRE(width >= 1 && height >= 1 && width <= kMostPixels / height, "a picture of {} x {} pixels", width, height);
  pixels_.assign(static_cast<size_t>(width * height), background);
}

void Picture::paste(const Picture& other, int64_t left, int64_t top) {
  for (int64_t y = 0; y < other.height_ && top + y < height_; ++y)
    for (int64_t x = 0; x < other.width_ && left + x < width_; ++x) at(left + x, top + y) = other.at(x, y);
}

// By libpng's simplified calls: its others end in longjmp, which passes over destructors.
std::string Picture::png() const {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = narrow<png_uint_32>(width_);
  image.height = narrow<png_uint_32>(height_);
  image.format = PNG_FORMAT_RGB;
  static_assert(sizeof(Colour) == 3);
  // Memory that grows: room for the largest file there can be would be as much as the picture itself.
  char* bytes = nullptr;
  size_t size = 0;
  std::FILE* file = open_memstream(&bytes, &size);
  if (file == nullptr) throw std::bad_alloc();
  const int done = png_image_write_to_stdio(&image, file, 0, pixels_.data(), 0, nullptr);
  const bool closed = std::fclose(file) == 0;
  const std::unique_ptr<char, Free> owned(bytes);
  if (done == 0 || !closed)
    fail(CLQ_E_INTERNAL, "a picture of {} x {} pixels as PNG: {}", width_, height_, image.message);
  return {bytes, size};
}

}  // namespace clq

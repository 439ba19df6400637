// plugins/fits/images/pixels.hpp -- pixels of one object from an open file into a slot.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "images/image_file.hpp"

namespace clq::fits {

// A part of a plane; a cutout may stick out of the plane.
struct Window {
  int64_t x = 0, y = 0, width = 0, height = 0;
};

Window centre(const Planes& planes, int64_t crop);  // crop 0: all

// Neighbouring planes of one object.
struct Run {
  const Image* image;
  Planes of;  // the image's
  int64_t object, first_plane, planes;
};

// Reads and converts with one scratch buffer. [one thread per reader]
class PixelReader {
 public:
  explicit PixelReader(int64_t most) : most_(most) {}  // bytes of an object that are read for a window of it

  // Both fill [planes, height, width] elements of F32 or F64 at `dst`, and throw CLQ_E_DATA naming the first pixel that
  // does not fit. The whole object in one contiguous read, then the window of it; row by row where it is too large:
  void read(ImageFile& file, const Run& run, const Window& window, int32_t dtype, std::byte* dst);
  // A small part of large planes, row by row; what lies outside of the plane is NaN:
  void cut(ImageFile& file, const Run& run, const Window& window, int32_t dtype, std::byte* dst);

 private:
  std::byte* room(int64_t bytes);
  void load_rows(ImageFile& file, const Run& run, int64_t plane, const Window& inside, std::byte* rows);

  int64_t most_;
  std::vector<std::byte> scratch_;
};

void fill_nan(int32_t dtype, int64_t n, std::byte* dst);

}  // namespace clq::fits

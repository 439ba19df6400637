// plugins/fits/images/pixels.cpp -- pixels of one object from an open file into a slot.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/pixels.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <calanque/plugin/sdk.hpp>

#include "io/convert.hpp"
#include "table/dtype.hpp"

namespace clq::fits {
namespace {

// One rectangle of pixels in memory, `stride` bytes a row, and where it goes.
struct Block {
  const std::byte* src;
  int64_t src_stride;
  std::byte* dst;
  int64_t dst_stride, rows, width;
};

// `good`: the row of the block that has a pixel that does not fit. A block of one long row runs over rows of the image.
[[noreturn]] void fail_pixel(const Block& block, int64_t good, const Run& run, const Window& window, int64_t plane,
                             int32_t dtype) {
  const Column& pixel = run.image->pixel;
  const std::byte* cells = block.src + good * block.src_stride;
  std::byte room[8];
  int64_t e = 0;
  while (e < block.width && find_convert(pixel, dtype)({cells + e * pixel.bytes, room, 0, 0, 1, 1, &pixel}) == 1) ++e;
  const int64_t at = good * block.width + e, area = window.width * window.height;
  const int64_t x = window.x + at % window.width, y = window.y + at % area / window.width;
  sdk::fail(CLQ_E_DATA, run.image->place + ", pixel (" + std::to_string(x + 1) + ", " + std::to_string(y + 1) +
                            ") of plane " + std::to_string(plane + at / area + 1) + ": " +
                            first_misfit(cells + e * pixel.bytes, pixel, dtype, 1));
}

// What cfitsio decompressed are values in host order already.
void take(const Block& block, const Run& run, const Window& window, int64_t plane, int32_t dtype) {
  const Column& pixel = run.image->pixel;
  if (run.image->compressed) {
    for (int64_t row = 0; row < block.rows; ++row)
      std::memcpy(block.dst + row * block.dst_stride, block.src + row * block.src_stride,
                  static_cast<size_t>(block.width * table::dtype_bytes(dtype)));
    return;
  }
  const int64_t good = find_convert(pixel, dtype)(
      {block.src, block.dst, block.src_stride, block.dst_stride, block.rows, block.width, &pixel});
  if (good < block.rows) fail_pixel(block, good, run, window, plane, dtype);
}

// The window of n planes from the run's `plane` on; objects and planes are up to two axes.
void load_tiles(ImageFile& file, const Run& run, int64_t plane, int64_t n, const Window& window, int32_t dtype,
                std::byte* pixels) {
  const std::vector<int64_t>& dims = run.image->dims;
  std::vector<int64_t> begin(dims.size(), 0), end(dims.size(), 1);
  const size_t y = dims.size() - 2, x = dims.size() - 1;
  const int64_t first = run.object * run.of.planes + run.first_plane + plane;
  if (y == 2) begin[0] = first / dims[1], end[0] = begin[0] + 1;
  if (y >= 1) begin[y - 1] = y == 2 ? first % dims[1] : first, end[y - 1] = begin[y - 1] + n;
  begin[y] = window.y, end[y] = window.y + window.height;
  begin[x] = window.x, end[x] = window.x + window.width;
  file.tiles().read(run.image->hdu, begin, end, dtype, pixels);
}

// Of the run's first pixel in the file.
int64_t first_byte(const Run& run) {
  const int64_t plane = run.of.height * run.of.width * run.image->pixel_bytes();
  const int64_t object = run.image->stride > 0 ? run.image->stride : run.of.planes * plane;
  return run.image->data_offset + run.object * object + run.first_plane * plane;
}

Window clip(const Window& window, const Planes& planes) {
  const int64_t x = std::max<int64_t>(0, window.x), y = std::max<int64_t>(0, window.y);
  return {x, y, std::min(window.x + window.width, planes.width) - x,
          std::min(window.y + window.height, planes.height) - y};
}

}  // namespace

Window centre(const Planes& planes, int64_t crop) {
  if (crop == 0) return {0, 0, planes.width, planes.height};
  return {(planes.width - crop) / 2, (planes.height - crop) / 2, crop, crop};
}

void fill_nan(int32_t dtype, int64_t n, std::byte* dst) {
  for (int64_t i = 0; i < n; ++i, dst += table::dtype_bytes(dtype))
    if (dtype == CLQ_F64)
      table::store<double>(std::numeric_limits<double>::quiet_NaN(), dst);
    else
      table::store<float>(std::numeric_limits<float>::quiet_NaN(), dst);
}

std::byte* PixelReader::room(int64_t bytes) {
  if (scratch_.size() < static_cast<size_t>(bytes)) scratch_.resize(static_cast<size_t>(bytes));
  return scratch_.data();
}

void PixelReader::read(ImageFile& file, const Run& run, const Window& window, int32_t dtype, std::byte* dst) {
  const int64_t out = table::dtype_bytes(dtype), plane = run.of.height * run.of.width;
  const int64_t element = run.image->compressed ? out : run.image->pixel_bytes();
  const bool whole = window.width == run.of.width && window.height == run.of.height;
  if (!whole && run.planes * plane * element > most_) return cut(file, run, window, dtype, dst);
  std::byte* pixels = room(run.planes * plane * element);
  if (run.image->compressed)
    load_tiles(file, run, 0, run.planes, {0, 0, run.of.width, run.of.height}, dtype, pixels);
  else
    file.bytes().read_at(pixels, run.planes * plane * element, first_byte(run));
  if (whole) return take({pixels, 0, dst, 0, 1, run.planes * plane}, run, window, run.first_plane, dtype);
  for (int64_t p = 0; p < run.planes; ++p) {
    const std::byte* first = pixels + (p * plane + window.y * run.of.width + window.x) * element;
    std::byte* to = dst + p * window.height * window.width * out;
    take({first, run.of.width * element, to, window.width * out, window.height, window.width}, run, window,
         run.first_plane + p, dtype);
  }
}

void PixelReader::cut(ImageFile& file, const Run& run, const Window& window, int32_t dtype, std::byte* dst) {
  const int64_t out = table::dtype_bytes(dtype);
  const Window inside = clip(window, run.of);
  const bool whole = inside.width == window.width && inside.height == window.height;
  if (!whole) fill_nan(dtype, run.planes * window.width * window.height, dst);
  if (inside.width < 1 || inside.height < 1) return;
  const int64_t element = run.image->compressed ? out : run.image->pixel_bytes();
  std::byte* rows = room(inside.width * inside.height * element);
  for (int64_t p = 0; p < run.planes; ++p) {
    const int64_t skipped = (p * window.height + inside.y - window.y) * window.width + inside.x - window.x;
    const Block block{rows, inside.width * element, dst + skipped * out, window.width * out, inside.height,
                      inside.width};
    if (run.image->compressed)
      load_tiles(file, run, p, 1, inside, dtype, rows);
    else
      load_rows(file, run, p, inside, rows);
    take(block, run, inside, run.first_plane + p, dtype);
  }
}

void PixelReader::load_rows(ImageFile& file, const Run& run, int64_t plane, const Window& inside, std::byte* rows) {
  const int64_t element = run.image->pixel_bytes(), bytes = inside.width * element;
  const int64_t first = first_byte(run) + plane * run.of.height * run.of.width * element;
  for (int64_t row = 0; row < inside.height; ++row)
    file.bytes().read_at(rows + row * bytes, bytes,
                         first + ((inside.y + row) * run.of.width + inside.x) * element);
}

}  // namespace clq::fits

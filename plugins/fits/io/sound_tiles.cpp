// plugins/fits/io/sound_tiles.cpp -- tiles packed by GZIP or RICE, looked at before cfitsio unpacks them.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/sound_tiles.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <zlib.h>

#include <calanque/plugin/sdk.hpp>

#include "io/error.hpp"
#include "io/rice_stream.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
constexpr int64_t kWidest = 8;  // bytes of a pixel

// The rows of the tiles that the box touches, from 1: tiles are counted along the fastest axis first.
std::vector<LONGLONG> rows_of(const FITSfile& image, const std::vector<int64_t>& begin,
                              const std::vector<int64_t>& end) {
  std::vector<LONGLONG> rows = {1};
  LONGLONG stride = 1;
  for (size_t axis = 0; axis < begin.size(); ++axis) {  // the fastest first
    const LONGLONG tile = image.tilesize[axis], first = begin[begin.size() - 1 - axis] / tile,
                   last = (end[end.size() - 1 - axis] - 1) / tile;
    std::vector<LONGLONG> more;
    for (LONGLONG k = first; k <= last; ++k)
      for (const LONGLONG row : rows) more.push_back(row + k * stride);
    rows = std::move(more);
    stride *= (image.znaxis[axis] + tile - 1) / tile;
  }
  return rows;
}

// What is wrong with a stream that must end within `most` bytes; "" for nothing.
std::string fault_of(std::vector<unsigned char>& packed, uint64_t most) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // the largest window, with gzip's header, as cfitsio asks for
  if (inflateInit2(&stream, kGzip) != Z_OK) throw std::bad_alloc();
  stream.next_in = packed.data();
  stream.avail_in = static_cast<uInt>(packed.size());
  std::array<unsigned char, 16384> out;
  int code = Z_OK;
  while (code == Z_OK && stream.total_out <= most) {
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    code = inflate(&stream, Z_NO_FLUSH);
  }
  const uint64_t made = stream.total_out;
  inflateEnd(&stream);
  if (code == Z_MEM_ERROR) throw std::bad_alloc();
  if (made > most) return "unpacks to more than the " + std::to_string(most) + " bytes that its pixels can have";
  return code == Z_STREAM_END ? "" : code == Z_BUF_ERROR ? "ends too early" : "is no stream of GZIP";
}

// Of the tile in a row: those at the end of an axis have what is left of it.
int64_t pixels_of(const FITSfile& image, LONGLONG row) {
  LONGLONG number = row - 1, pixels = 1;
  for (int axis = 0; axis < image.zndim; ++axis) {  // the fastest first
    const LONGLONG tile = image.tilesize[axis], tiles = (image.znaxis[axis] + tile - 1) / tile;
    pixels *= std::min<LONGLONG>(tile, image.znaxis[axis] - number % tiles * tile);
    number /= tiles;
  }
  return pixels;
}

std::vector<unsigned char> packed_bytes(fitsfile* file, int column, LONGLONG row, LONGLONG length, uint64_t most,
                                        const std::string& where) {
  if (length < 0 || static_cast<uint64_t>(length) > 2 * most + 1024)
    fail(CLQ_E_DATA, where + ": a tile of " + std::to_string(length) + " packed bytes, unpacked it has at most " +
                         std::to_string(most));
  std::vector<unsigned char> packed(static_cast<size_t>(length));
  int status = 0;
  fits_read_col(file, TBYTE, column, row, 1, length, nullptr, packed.data(), nullptr, &status);
  require_ok(status, CLQ_E_DATA, where);
  return packed;
}

void check_tile(fitsfile* file, LONGLONG row, uint64_t most, const std::string& place) {
  const FITSfile& image = *file->Fptr;
  const std::string where = place + ", row " + std::to_string(row);
  int status = 0, method = image.compress_type, column = image.cn_compressed;
  LONGLONG length = 0, offset = 0;
  fits_read_descriptll(file, column, row, &length, &offset, &status);
  if (status == 0 && length == 0 && image.cn_gzip_data > 0) {  // what was not to be quantized
    method = GZIP_1;
    column = image.cn_gzip_data;
    fits_read_descriptll(file, column, row, &length, &offset, &status);
  }
  require_ok(status, CLQ_E_DATA, where);
  if (length == 0 || (method != GZIP_1 && method != GZIP_2 && method != RICE_1)) return;
  std::vector<unsigned char> packed = packed_bytes(file, column, row, length, most, where);
  std::string fault;
  if (method != RICE_1)
    fault = fault_of(packed, most);
  else if (!rice_is_whole(packed, pixels_of(image, row), image.rice_blocksize, std::min(image.rice_bytepix, 4)))
    fault = "ends too early";
  if (!fault.empty()) fail(CLQ_E_DATA, where + ": its tile " + fault);
}

}  // namespace

void check_packed_tiles(fitsfile* file, const std::vector<int64_t>& begin, const std::vector<int64_t>& end,
                        std::vector<bool>& sound, const std::string& place) {
  const FITSfile& image = *file->Fptr;
  uint64_t most = kWidest;
  for (size_t axis = 0; axis < begin.size(); ++axis) most *= static_cast<uint64_t>(image.tilesize[axis]);
  for (const LONGLONG row : rows_of(image, begin, end)) {
    const auto tile = static_cast<size_t>(row - 1);
    if (tile >= sound.size()) sound.resize(std::max(tile + 1, static_cast<size_t>(image.numrows)), false);
    if (sound[tile]) continue;
    check_tile(file, row, most, place);
    sound[tile] = true;
  }
}

}  // namespace clq::fits

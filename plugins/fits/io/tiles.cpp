// plugins/fits/io/tiles.cpp -- images in compressed tiles: their header checked, their pixels read by cfitsio.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/tiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fitsio.h>

#include <calanque/plugin/sdk.hpp>

#include "io/column.hpp"
#include "io/error.hpp"
#include "table/fields.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
constexpr int64_t kMostTileBytes = int64_t{64} << 20;

void check_method(const Header& header, bool hcompress) {
  const std::string method = header.text("ZCMPTYPE");
  if (method == "HCOMPRESS_1" && !hcompress)
    fail(CLQ_E_DATA, header.place() + ": is compressed by HCOMPRESS_1, which a damaged file can make crash; "
                                      "data.hcompress = true allows it");
  for (const char* known : {"RICE_1", "RICE_ONE", "GZIP_1", "GZIP_2", "NOCOMPRESS", "HCOMPRESS_1"})
    if (method == known) return;
  fail(CLQ_E_DATA, header.place() + ": ZCMPTYPE = '" + table::printable(method) +
                       "' is not RICE_1, GZIP_1, GZIP_2, NOCOMPRESS or HCOMPRESS_1");
}

// cfitsio divides by these, and steps by them.
void check_parameters(const Header& header) {
  for (int64_t n = 1; header.has("ZNAME" + std::to_string(n)); ++n) {
    const std::string key = "ZVAL" + std::to_string(n), name = header.text("ZNAME" + std::to_string(n));
    if (name != "BLOCKSIZE" && name != "BYTEPIX") continue;
    const int64_t value = header.integer(key);
    const bool block = name == "BLOCKSIZE";
    if (block ? value == 16 || value == 32 : value == 1 || value == 2 || value == 4 || value == 8) continue;
    fail(CLQ_E_DATA, header.place() + ": " + key + " = " + std::to_string(value) + "; " + name + " is " +
                         (block ? "16 or 32" : "1, 2, 4 or 8"));
  }
}

void check_columns(const Header& header) {
  if (header.text("XTENSION") != "BINTABLE") fail(CLQ_E_DATA, header.place() + ": ZIMAGE belongs to a binary table");
  for (const Column& column : parse_columns(header))
    if (column.field.name == "COMPRESSED_DATA" && (column.code == 'P' || column.code == 'Q')) return;
  fail(CLQ_E_DATA, header.place() + ": has no column COMPRESSED_DATA of arrays of variable length");
}

}  // namespace

void check_tiles(const Header& header, const std::vector<int64_t>& dims, bool hcompress) {
  check_method(header, hcompress);
  check_parameters(header);
  check_columns(header);
  const int64_t bitpix = header.integer("ZBITPIX");
  if (bitpix != 8 && bitpix != 16 && bitpix != 32 && bitpix != 64 && bitpix != -32 && bitpix != -64)
    fail(CLQ_E_DATA, header.place() + ": ZBITPIX = " + std::to_string(bitpix) + " is not 8, 16, 32, 64, -32 or -64");
  int64_t tile_bytes = std::abs(bitpix) / 8, tiles = 1, pixels = 1;
  bool fits = true;
  for (size_t axis = dims.size(); axis-- > 0;) {
    const std::string key = "ZTILE" + std::to_string(dims.size() - axis);
    const int64_t tile = header.integer(key, axis + 1 == dims.size() ? dims[axis] : 1);
    if (tile < 1 || tile > dims[axis])
      fail(CLQ_E_DATA, header.place() + ": " + key + " = " + std::to_string(tile) + " is not 1.." +
                           std::to_string(dims[axis]));
    fits = fits && !__builtin_mul_overflow(tile_bytes, tile, &tile_bytes) &&
           !__builtin_mul_overflow(tiles, (dims[axis] + tile - 1) / tile, &tiles) &&
           !__builtin_mul_overflow(pixels, dims[axis], &pixels);
  }
  if (!fits || tile_bytes > kMostTileBytes)
    fail(CLQ_E_DATA, header.place() + ": a tile has " + (fits ? std::to_string(tile_bytes) : "more than 2^63") +
                         " bytes, at most " + std::to_string(kMostTileBytes) + " are read");
  if (tiles != header.integer("NAXIS2"))
    fail(CLQ_E_DATA, header.place() + ": the image has " + std::to_string(tiles) + " tiles, the table " +
                         std::to_string(header.integer("NAXIS2")) + " rows");
}

TileReader::TileReader(const table::FileIdentity& file) : name_(file.name), file_(open_literally(file)) {}

void TileReader::move_to(int hdu) {
  if (hdu == hdu_) return;
  int status = 0;
  fits_movabs_hdu(static_cast<fitsfile*>(file_.get()), hdu + 1, nullptr, &status);
  require_ok(status, CLQ_E_DATA, name_ + "[" + std::to_string(hdu) + "]");
  hdu_ = hdu;
}

void TileReader::read(int hdu, const std::vector<int64_t>& begin, const std::vector<int64_t>& end, int32_t dtype,
                      void* dst) {
  move_to(hdu);
  std::vector<long> low, high, step(begin.size(), 1);
  for (size_t axis = begin.size(); axis-- > 0;) {
    low.push_back(begin[axis] + 1);
    high.push_back(end[axis]);
  }
  int status = 0;
  float single = std::numeric_limits<float>::quiet_NaN();
  double wide = std::numeric_limits<double>::quiet_NaN();
  const bool is_wide = dtype == CLQ_F64;
  void* null = is_wide ? static_cast<void*>(&wide) : &single;
  fits_read_subset(static_cast<fitsfile*>(file_.get()), is_wide ? TDOUBLE : TFLOAT, low.data(), high.data(),
                   step.data(), null, dst, nullptr, &status);
  if (status != 0) require_ok(status, CLQ_E_DATA, name_ + "[" + std::to_string(hdu) + "]");
}

}  // namespace clq::fits

// plugins/fits/io/tiles.cpp -- images in compressed tiles: their header checked, their pixels read by cfitsio.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/tiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include <fitsio.h>

#include <calanque/plugin/sdk.hpp>

#include "io/column.hpp"
#include "io/error.hpp"
#include "io/sound_tiles.hpp"
#include "table/fields.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
constexpr int64_t kMostTileBytes = int64_t{64} << 20;
constexpr float kNoQuantization = 9999;  // cfitsio's own number for it

void check_method(const Header& header, bool hcompress) {
  const std::string method = header.text("ZCMPTYPE");
  if (method == "HCOMPRESS_1" && !hcompress)
    fail(CLQ_E_DATA, header.place() +
                         ": is compressed by HCOMPRESS_1, which a damaged file can make crash; "
                         "data.hcompress = true allows it");
  for (const char* known : {"RICE_1", "RICE_ONE", "GZIP_1", "GZIP_2", "NOCOMPRESS", "HCOMPRESS_1"})
    if (method == known) return;
  fail(CLQ_E_DATA, header.place() + ": ZCMPTYPE = '" + table::printable(method) +
                       "' is not RICE_1, GZIP_1, GZIP_2, NOCOMPRESS or HCOMPRESS_1");
}

bool is_rice(const Header& header) {
  const std::string method = header.text("ZCMPTYPE");
  return method == "RICE_1" || method == "RICE_ONE";
}

// Lossless floats come out of GZIP as floats or doubles; cfitsio takes whatever else it decoded for doubles.
void check_quantization(const Header& header, int64_t bitpix) {
  if (header.text("ZQUANTIZ") == "NONE" && (bitpix > 0 || is_rice(header)))
    fail(CLQ_E_DATA, header.place() + ": ZQUANTIZ = 'NONE' is for floats packed by GZIP, here ZBITPIX = " +
                         std::to_string(bitpix) + ", ZCMPTYPE = '" + header.text("ZCMPTYPE") + "'");
  const int64_t dither = header.integer("ZDITHER0", 1);
  if (dither < 1 || dither > 10000)
    fail(CLQ_E_DATA, header.place() + ": ZDITHER0 = " + std::to_string(dither) + " is not 1..10000");
}

void check_columns(const Header& header) {
  if (header.text("XTENSION") != "BINTABLE") fail(CLQ_E_DATA, header.place() + ": ZIMAGE belongs to a binary table");
  for (const Column& column : parse_columns(header))
    if (column.field.name == "COMPRESSED_DATA" && (column.code == 'P' || column.code == 'Q')) return;
  fail(CLQ_E_DATA, header.place() + ": has no column COMPRESSED_DATA of arrays of variable length");
}

// cfitsio divides by these, and steps by them. It takes them by their place, whatever ZNAMEn says, in either order.
void check_rice(const Header& header) {
  const int64_t first = header.integer("ZVAL1"), second = header.integer("ZVAL2", 4);
  const bool turned = first < 16 && second > 8;
  const int64_t block = turned ? second : first, bytes = turned ? first : second;
  const auto wrong = [&](const char* key, int64_t value, const char* right) {
    fail(CLQ_E_DATA, header.place() + ": " + key + " = " + std::to_string(value) + "; " + right);
  };
  if (block != 16 && block != 32) wrong(turned ? "ZVAL2" : "ZVAL1", block, "BLOCKSIZE is 16 or 32");
  if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8)
    wrong(turned ? "ZVAL1" : "ZVAL2", bytes, "BYTEPIX is 1, 2, 4 or 8");
}

// It reads a tile of this column into room for the image's tile, as long as the descriptor says.
void refuse_plain_tiles(fitsfile* file, const std::string& place) {
  int status = 0, column = 0;
  char name[] = "UNCOMPRESSED_DATA";
  fits_get_colnum(file, CASEINSEN, name, &column, &status);
  if (status == COL_NOT_FOUND) return fits_clear_errmsg();
  LONGLONG rows = 0;
  fits_get_num_rowsll(file, &rows, &status);
  require_ok(status, CLQ_E_DATA, place);
  std::vector<LONGLONG> lengths(static_cast<size_t>(rows)), offsets(static_cast<size_t>(rows));
  fits_read_descriptsll(file, column, 1, rows, lengths.data(), offsets.data(), &status);
  require_ok(status, CLQ_E_DATA, place + ", column " + name);
  for (size_t row = 0; row < lengths.size(); ++row)
    if (lengths[row] != 0 || offsets[row] != 0)
      fail(CLQ_E_DATA, place + ", row " + std::to_string(row + 1) + ": holds a tile in " + name +
                           ", which is not read; unpack the file and pack it again by fpack");
}

// Where ZQUANTIZ is there and not NONE, it keeps the level of the HDU that it came from. Floats without ZSCALE are
// lossless whatever ZQUANTIZ says; astropy's have NO_DITHER.
void set_quantization(fitsfile* file) {
  int status = 0;
  char method[FLEN_VALUE] = {};
  fits_read_key(file, TSTRING, "ZQUANTIZ", method, nullptr, &status);
  fits_clear_errmsg();
  const bool plain_floats = file->Fptr->zbitpix < 0 && file->Fptr->cn_zscale == 0;
  file->Fptr->quantize_level = plain_floats || std::string_view(method) == "NONE" ? kNoQuantization : 0;
}

}  // namespace

void check_structure(const Header& header) {
  const int64_t axes = header.integer("ZNAXIS");
  if (axes < 1 || axes > MAX_COMPRESS_DIM)
    fail(CLQ_E_DATA,
         header.place() + ": ZNAXIS = " + std::to_string(axes) + " is not 1.." + std::to_string(MAX_COMPRESS_DIM));
  for (int64_t i = 1; i <= axes; ++i) {
    const std::string axis = "ZNAXIS" + std::to_string(i), key = "ZTILE" + std::to_string(i);
    const int64_t pixels = header.integer(axis), tile = header.integer(key, i == 1 ? pixels : 1);
    if (pixels < 1)
      fail(CLQ_E_DATA,
           header.place() + ": " + axis + " = " + std::to_string(pixels) + "; an axis has at least 1 pixel");
    if (tile < 1)
      fail(CLQ_E_DATA,
           header.place() + ": " + key + " = " + std::to_string(tile) + " is not 1.." + std::to_string(pixels));
  }
  if (is_rice(header)) check_rice(header);
}

void check_tiles(const Header& header, const std::vector<int64_t>& dims, bool hcompress) {
  check_method(header, hcompress);
  check_columns(header);
  const int64_t bitpix = header.integer("ZBITPIX");
  if (bitpix != 8 && bitpix != 16 && bitpix != 32 && bitpix != 64 && bitpix != -32 && bitpix != -64)
    fail(CLQ_E_DATA, header.place() + ": ZBITPIX = " + std::to_string(bitpix) + " is not 8, 16, 32, 64, -32 or -64");
  check_quantization(header, bitpix);
  int64_t tile_bytes = std::abs(bitpix) / 8, tiles = 1, pixels = 1;
  bool fits = true;
  for (size_t axis = dims.size(); axis-- > 0;) {
    const std::string key = "ZTILE" + std::to_string(dims.size() - axis);
    const int64_t tile = header.integer(key, axis + 1 == dims.size() ? dims[axis] : 1);
    if (tile < 1 || tile > dims[axis])
      fail(CLQ_E_DATA,
           header.place() + ": " + key + " = " + std::to_string(tile) + " is not 1.." + std::to_string(dims[axis]));
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
  auto* file = static_cast<fitsfile*>(file_.get());
  const std::string place = name_ + "[" + std::to_string(hdu) + "]";
  fits_movabs_hdu(file, hdu + 1, nullptr, &status);
  require_ok(status, CLQ_E_DATA, place);
  refuse_plain_tiles(file, place);
  set_quantization(file);
  hdu_ = hdu;
}

void TileReader::read(int hdu, const std::vector<int64_t>& begin, const std::vector<int64_t>& end, int32_t dtype,
                      void* dst) {
  move_to(hdu);
  check_packed_tiles(static_cast<fitsfile*>(file_.get()), begin, end, sound_[hdu],
                     name_ + "[" + std::to_string(hdu) + "]");
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

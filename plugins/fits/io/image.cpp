// plugins/fits/io/image.cpp -- an image HDU, plain or in compressed tiles, as its header describes it.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/image.hpp"

#include <cmath>

#include <calanque/plugin/sdk.hpp>

#include "io/tiles.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
constexpr int64_t kMostAxes = 4;

std::vector<int64_t> parse_axes(const Header& header, const std::string& prefix) {
  const int64_t n = header.integer(prefix);
  if (n < 2 || n > kMostAxes)
    fail(CLQ_E_DATA, header.place() + ": " + prefix + " = " + std::to_string(n) +
                         "; an image has 2 axes, and up to 2 more for bands and objects");
  std::vector<int64_t> dims;
  for (int64_t i = n; i >= 1; --i) {
    dims.push_back(header.integer(prefix + std::to_string(i)));
    if (dims.back() < 1)
      fail(CLQ_E_DATA, header.place() + ": " + prefix + std::to_string(i) + " = " + std::to_string(dims.back()) +
                           "; an axis has at least 1 pixel");
  }
  return dims;
}

char code_of(int64_t bitpix) {
  switch (bitpix) {
    case 8:
      return 'B';
    case 16:
      return 'I';
    case 32:
      return 'J';
    case 64:
      return 'K';
    case -32:
      return 'E';
    default:
      return 'D';
  }
}

void parse_pixel(const Header& header, int64_t bitpix, Image& image) {
  Column& pixel = image.pixel;
  pixel.code = code_of(bitpix);
  pixel.repeat = 1;
  pixel.bytes = std::abs(bitpix) / 8;
  pixel.scale = header.real("BSCALE", 1);
  pixel.zero = header.real("BZERO", 0);
  if (!std::isfinite(pixel.scale) || pixel.scale == 0 || !std::isfinite(pixel.zero))
    fail(CLQ_E_DATA, header.place() + ": BSCALE must be finite and not 0, BZERO finite");
  if (header.has("BLANK") && bitpix < 0) image.notes.push_back("BLANK is ignored: the pixels are floats");
  if (header.has("BLANK") && bitpix > 0) pixel.null = header.integer("BLANK");
  pixel.field.dtype = native_dtype(pixel);
}

}  // namespace

bool holds_image(const Header& header) {
  if (header.is_true("ZIMAGE")) return true;
  if (header.number() > 0 && header.text("XTENSION") != "IMAGE") return false;
  return header.integer("NAXIS") >= 2 && header.integer("NAXIS1") > 0;  // NAXIS1 = 0: random groups
}

Image parse_image(const Header& header, bool hcompress) {
  Image image;
  image.place = header.place();
  image.hdu = header.number();
  image.compressed = header.is_true("ZIMAGE");
  image.data_offset = header.data_offset();
  image.dims = parse_axes(header, image.compressed ? "ZNAXIS" : "NAXIS");
  parse_pixel(header, header.integer(image.compressed ? "ZBITPIX" : "BITPIX"), image);
  if (image.compressed) check_tiles(header, image.dims, hcompress);
  image.name = header.note("EXTNAME");
  image.filter = header.note("FILTER");
  image.unit = header.note("BUNIT");
  image.cards = parse_band_cards(header);
  image.notes.insert(image.notes.end(), image.cards.notes.begin(), image.cards.notes.end());
  return image;
}

Image column_image(const Table& table, const Column& column) {
  const auto& dims = column.field.dims;
  const std::string name = table.place + ", column " + column.field.name;
  if (column.field.text || column.code == 'L' || column.code == 'X') fail(CLQ_E_DATA, name + ": holds no numbers");
  if (dims.size() != 2 && dims.size() != 3)
    fail(CLQ_E_DATA, name + ": has " + std::to_string(column.repeat) + " elements a row and " +
                         (dims.size() < 2 ? "no TDIM" : std::to_string(dims.size()) + " axes") +
                         "; an image column has TDIM = '(x,y)' or '(x,y,band)'");
  Image image;
  image.place = name;
  image.hdu = table.hdu;
  image.dims = dims;
  image.dims.insert(image.dims.begin(), table.rows);
  image.pixel = column;
  image.pixel.repeat = 1;
  image.pixel.bytes = column.bytes / column.repeat;
  image.data_offset = table.data_offset + column.first_byte;
  image.stride = table.row_bytes;
  image.unit = column.field.unit;
  image.cards = table.band_cards;
  image.notes = image.cards.notes;
  return image;
}

std::string fits_shape(const std::vector<int64_t>& dims) {
  std::string text;
  for (size_t i = dims.size(); i-- > 0;) text += std::to_string(dims[i]) + (i == 0 ? "" : " x ");
  return text;
}

}  // namespace clq::fits

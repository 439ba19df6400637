// plugins/fits/io/image.hpp -- an image HDU, plain or in compressed tiles, as its header describes it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/band_cards.hpp"
#include "io/column.hpp"
#include "io/header.hpp"
#include "io/table.hpp"

namespace clq::fits {

struct Image {
  std::string place;  // "a.fits[1]"
  int hdu = 0;
  std::vector<int64_t> dims;  // the slowest axis first: NAXISn ... NAXIS1
  Column pixel;               // how one pixel is stored, scaled and null: convert.hpp reads it
  int64_t data_offset = 0;    // of the first pixel in the file; compressed: unused
  int64_t stride = 0;         // bytes from one object to the next where that is not their size: a table's row
  bool compressed = false;    // only cfitsio reads it

  std::string name, filter, unit;  // EXTNAME, FILTER, BUNIT
  BandCards cards;
  std::vector<std::string> notes;

  int64_t pixel_bytes() const { return pixel.bytes; }
  bool is_float() const { return pixel.code == 'E' || pixel.code == 'D'; }
};

// Whether the HDU holds pixels: an image of at least two axes, or one in compressed tiles.
bool holds_image(const Header& header);

// Checks all that decides where a byte is looked for, before cfitsio sees it. HCOMPRESS_1 must be asked for: a damaged
// tile of it can end the process in cfitsio 4.2. Throws CLQ_E_DATA naming the HDU and the keyword.
Image parse_image(const Header& header, bool hcompress);

// A vector column of a table as images, one object a row; throws CLQ_E_DATA unless its TDIM has two or three axes.
Image column_image(const Table& table, const Column& column);

// "64 x 64 x 5": the order of NAXIS1, NAXIS2 ... or of TDIM.
std::string fits_shape(const std::vector<int64_t>& dims);

}  // namespace clq::fits

// plugins/fits/io/table.hpp -- a binary table found and checked in a FITS file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/band_cards.hpp"
#include "io/column.hpp"
#include "io/walk.hpp"

namespace clq::fits {

struct Table {
  table::FileIdentity file;
  int hdu = 0;
  std::string name;   // EXTNAME
  std::string place;  // "cat.fits[1]"
  int64_t rows = 0, row_bytes = 0;
  int64_t data_offset = 0;         // of its first row in the file
  bool simulated = false;          // the card SIMULATD = T
  BandCards band_cards;            // of images in a vector column
  std::vector<Column> columns;     // those that can be fields
  std::vector<std::string> notes;  // what a user should know: skipped columns, an odd file size
};

// The HDU of `choice`, or the first binary table. Throws CLQ_E_NOT_FOUND or CLQ_E_DATA.
Table open_table(const std::string& name, const HduChoice& choice);

}  // namespace clq::fits

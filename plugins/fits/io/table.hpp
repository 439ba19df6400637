// plugins/fits/io/table.hpp -- a binary table found and checked in a FITS file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "io/column.hpp"

namespace clq::fits {

// Which HDU: the first binary table, its EXTNAME, or its number (the primary HDU is 0).
using HduChoice = std::variant<std::monostate, std::string, int64_t>;

struct Table {
  table::FileIdentity file;
  int hdu = 0;
  std::string name;   // EXTNAME
  std::string place;  // "cat.fits[1]"
  int64_t rows = 0, row_bytes = 0;
  std::vector<Column> columns;     // those that can be fields
  std::vector<std::string> notes;  // what a user should know: skipped columns, an odd file size
};

// Walks the headers with our own reader and checks each before the next. Throws CLQ_E_NOT_FOUND or CLQ_E_DATA.
Table open_table(const std::string& name, const HduChoice& choice);

}  // namespace clq::fits

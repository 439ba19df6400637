// tests/plugins/fits/fits_files.hpp -- FITS files made by cfitsio, and by hand to be wrong in one place.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fits_plugin.hpp"

namespace clq::test {

inline constexpr int64_t kRows = 200;

// kRows rows, written by cfitsio, column c holding value_at(row) in every numeric form:
// L X B S I U J V K W E D, SCALED (I with TSCAL 2, TZERO 10), VEC (6E, TDIM (3,2), row + e / 8), NAME (12A,
// "obj<row>"). HDU 1 is an image 'PICTURE', HDU 2 the table 'CAT', HDU 3 a table 'SECOND' of one column A.
std::string write_catalogue(const Folder& folder, const std::string& name = "cat.fits");

// The value of every numeric column in a row: 0, 1 in L and X, 0..100 elsewhere (even and at least 10 in SCALED).
int value_at(const std::string& column, int64_t row);

// Numeric columns of the catalogue.
std::vector<std::string> numeric_columns();

// A minimal file with one table of two columns, MAG (1E) and N (1J, TNULL -99), built card by card.
struct HandMade {
  HandMade();
  std::vector<std::pair<std::string, std::string>> cards;  // of the table: keyword, value
  std::string data;                                        // three rows
  void set(const std::string& keyword, const std::string& value);
  void remove(const std::string& keyword);
  std::string bytes() const;
};

}  // namespace clq::test

// plugins/fits/io/band_cards.hpp -- the cards that name the planes of an image and give their zero points.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "io/header.hpp"

namespace clq::fits {

struct BandCards {
  std::vector<std::string> names;  // BAND1 ...
  // NaN where the card holds no number, which a note says.
  std::map<int64_t, double> zeropoints;  // ZP1 ..., by their number
  double common_zeropoint = std::numeric_limits<double>::quiet_NaN();  // without these: ZP, else MAGZERO
  std::vector<std::string> notes;

  double zeropoint(int64_t plane) const;  // NaN: no card gives it; planes count from 0
};

BandCards parse_band_cards(const Header& header);

}  // namespace clq::fits

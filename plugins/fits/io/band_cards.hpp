// plugins/fits/io/band_cards.hpp -- the cards that name the planes of an image and give their zero points.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "io/header.hpp"

namespace clq::fits {

struct BandCards {
  std::vector<std::string> names;  // BAND1 ...
  std::vector<double> zeropoints;  // ZP1 ..., or one for all: ZP, else MAGZERO; NaN where the card holds no number
  std::vector<std::string> notes;  // of such cards
};

BandCards parse_band_cards(const Header& header);

}  // namespace clq::fits

// plugins/fits/io/band_cards.cpp -- the cards that name the planes of an image and give their zero points.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/band_cards.hpp"

#include <cmath>

namespace clq::fits {
namespace {

void take_zeropoint(const Header& header, const std::string& key, BandCards& cards) {
  cards.zeropoints.push_back(header.note_number(key));
  if (std::isnan(cards.zeropoints.back()))
    cards.notes.push_back(key + " = '" + header.note(key) + "' is not a number, so it gives no zero point");
}

}  // namespace

BandCards parse_band_cards(const Header& header) {
  BandCards cards;
  for (int n = 1; header.has("BAND" + std::to_string(n)); ++n)
    cards.names.push_back(header.note("BAND" + std::to_string(n)));
  for (int n = 1; header.has("ZP" + std::to_string(n)); ++n) take_zeropoint(header, "ZP" + std::to_string(n), cards);
  for (const char* key : {"ZP", "MAGZERO"})
    if (header.has(key) && cards.zeropoints.empty()) take_zeropoint(header, key, cards);
  return cards;
}

}  // namespace clq::fits

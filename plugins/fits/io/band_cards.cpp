// plugins/fits/io/band_cards.cpp -- the cards that name the planes of an image and give their zero points.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/band_cards.hpp"

#include <cmath>

namespace clq::fits {
namespace {

double take_zeropoint(const Header& header, const std::string& key, BandCards& cards) {
  const double zeropoint = header.note_number(key);
  if (std::isnan(zeropoint))
    cards.notes.push_back(key + " = '" + header.note(key) + "' is not a number, so it gives no zero point");
  return zeropoint;
}

}  // namespace

double BandCards::zeropoint(int64_t plane) const {
  if (zeropoints.empty()) return common_zeropoint;
  const auto found = zeropoints.find(plane + 1);
  return found == zeropoints.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

BandCards parse_band_cards(const Header& header) {
  BandCards cards;
  for (int n = 1; header.has("BAND" + std::to_string(n)); ++n)
    cards.names.push_back(header.note("BAND" + std::to_string(n)));
  for (const int64_t n : header.numbers("ZP"))
    cards.zeropoints[n] = take_zeropoint(header, "ZP" + std::to_string(n), cards);
  const std::string common = header.has("ZP") ? "ZP" : "MAGZERO";
  if (cards.zeropoints.empty() && header.has(common)) cards.common_zeropoint = take_zeropoint(header, common, cards);
  return cards;
}

}  // namespace clq::fits

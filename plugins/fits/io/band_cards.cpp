// plugins/fits/io/band_cards.cpp -- the cards that name the planes of an image and give their zero points.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/band_cards.hpp"

#include <charconv>
#include <limits>

namespace clq::fits {
namespace {

double number(const std::string& text) {
  double value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + (text.front() == '+' ? 1 : 0), last, value);
  return error == std::errc() && end == last ? value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

BandCards parse_band_cards(const Header& header) {
  BandCards cards;
  for (int n = 1; header.has("BAND" + std::to_string(n)); ++n)
    cards.names.push_back(header.note("BAND" + std::to_string(n)));
  for (int n = 1; header.has("ZP" + std::to_string(n)); ++n)
    cards.zeropoints.push_back(number(header.note("ZP" + std::to_string(n))));
  for (const char* key : {"ZP", "MAGZERO"})
    if (header.has(key) && cards.zeropoints.empty()) cards.zeropoints.push_back(number(header.note(key)));
  return cards;
}

}  // namespace clq::fits

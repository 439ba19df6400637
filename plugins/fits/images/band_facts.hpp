// plugins/fits/images/band_facts.hpp -- what the headers say of one band, which every file must say alike.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <limits>
#include <string>

namespace clq::fits {

struct BandFacts {
  std::string place;  // of the band's image; empty: no file had the band
  std::string unit, filter;  // BUNIT, FILTER
  double zeropoint = std::numeric_limits<double>::quiet_NaN();  // NaN: no card gives it
};

// To 1e-5, for some headers keep them in single precision; one that is not known is like another.
bool is_same_zeropoint(double a, double b);
std::string zeropoint_text(double zeropoint);  // "22.5"

// Each throws CLQ_E_DATA, naming both files, where `found` says otherwise than what was found first.
void check_unit_and_filter(const std::string& band, const BandFacts& found, const BandFacts& first);
void check_zeropoint(const std::string& band, const BandFacts& found, const BandFacts& first);

}  // namespace clq::fits

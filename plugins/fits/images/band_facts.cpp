// plugins/fits/images/band_facts.cpp -- what the headers say of one band, which every file must say alike.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/band_facts.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

#include <strings.h>

#include <calanque/plugin/sdk.hpp>

namespace clq::fits {
namespace {

std::string words(double zeropoint) {
  return std::isnan(zeropoint) ? "no zero point" : "the zero point " + zeropoint_text(zeropoint);
}

[[noreturn]] void refuse(const std::string& band, const BandFacts& found, const BandFacts& first, const char* key,
                         const std::string& value, const std::string& other) {
  sdk::fail(CLQ_E_DATA, found.place + ": band " + band + " has " + key + " = '" + value + "', " + first.place +
                            " has '" + other + "'");
}

}  // namespace

bool is_same_zeropoint(double a, double b) {
  return std::isnan(a) || std::isnan(b) ? std::isnan(a) && std::isnan(b) : std::abs(a - b) <= 1e-5;
}

std::string zeropoint_text(double zeropoint) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, zeropoint, std::chars_format::general, 9).ptr};
}

void check_unit_and_filter(const std::string& band, const BandFacts& found, const BandFacts& first) {
  if (first.place.empty()) return;
  const auto differ = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; };
  if (differ(found.unit, first.unit)) refuse(band, found, first, "BUNIT", found.unit, first.unit);
  if (differ(found.filter, first.filter) && ::strcasecmp(found.filter.c_str(), first.filter.c_str()) != 0)
    refuse(band, found, first, "FILTER", found.filter, first.filter);
}

void check_zeropoint(const std::string& band, const BandFacts& found, const BandFacts& first) {
  if (is_same_zeropoint(found.zeropoint, first.zeropoint)) return;
  sdk::fail(CLQ_E_DATA, found.place + ": band " + band + " has " + words(found.zeropoint) + ", " +
                            (first.place.empty() ? "the first files have" : first.place + " has") + " " +
                            words(first.zeropoint) + "; data.zeropoint says that all are on one scale");
}

}  // namespace clq::fits

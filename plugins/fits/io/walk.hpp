// plugins/fits/io/walk.hpp -- the headers of a FITS file, one after the other.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "io/header.hpp"

namespace clq::fits {

// Which HDU: none named, its EXTNAME, or its number (the primary HDU is 0).
using HduChoice = std::variant<std::monostate, std::string, int64_t>;

bool is_named(const Header& header, const HduChoice& choice);  // false where none is named
std::string describe(const HduChoice& choice);                 // "HDU 'CAT'"

// Steps from header to header with our own reader and checks each before the next, so that cfitsio can pass by all that
// a walk has seen; what follows the last HDU (FITS calls it special records) is left alone.
class Walk {
 public:
  Walk(const table::FileIdentity& file, const table::Descriptor& bytes) : file_(file), bytes_(bytes) {}

  std::optional<Header> next();                    // throws CLQ_E_DATA
  const std::string& seen() const { return seen_; }  // "0 primary, 1 BINTABLE 'CAT'"

 private:
  const table::FileIdentity& file_;
  const table::Descriptor& bytes_;
  int64_t offset_ = 0;
  int number_ = 0;
  std::string seen_;
};

}  // namespace clq::fits

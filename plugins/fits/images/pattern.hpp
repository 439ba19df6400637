// plugins/fits/images/pattern.hpp -- "cutouts/{PLATE}/{SPECOBJID}_{BAND}.fits[SCI][IMAGE]", taken apart.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/walk.hpp"

namespace clq::fits {

class Pattern {
 public:
  // Throws CLQ_E_INVALID for a brace or bracket that is not closed, or holds nothing.
  explicit Pattern(const std::string& text);

  const std::vector<std::string>& columns() const { return columns_; }  // in the order of their braces
  bool has_band() const { return has_band_; }
  bool is_one_file() const { return columns_.empty() && !has_band_; }
  const std::vector<std::string>& brackets() const { return brackets_; }  // none, [HDU] or [COLUMN], [HDU][COLUMN]

  // The path of a row: one value a brace of columns().
  std::string path(std::span<const std::string> values, const std::string& band) const;
  // The same with all bands at once, as a shell writes it: "a_{g,r}.fits".
  std::string paths(std::span<const std::string> values, std::span<const std::string> bands) const;
  // The paths of all rows and bands for fnmatch(3), "cutouts/*/*_*.fits"; "" where the catalogue has the images.
  std::string glob() const;

 private:
  struct Piece {
    std::string text;
    enum { plain, column, band } kind;
  };
  void take_brackets(std::string& text);

  std::vector<Piece> pieces_;
  std::vector<std::string> columns_, brackets_;
  bool has_band_ = false;
};

HduChoice parse_hdu_name(const std::string& text);  // "2": a number; "SCI": a name

}  // namespace clq::fits

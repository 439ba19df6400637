// plugins/fits/images/options.hpp -- the keys of the resolved [data] table that say which images belong to a row.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "table/options.hpp"

namespace clq::fits {

struct Position {
  std::string x, y;
  double origin = 1;  // coordinate of the first pixel's centre: 1 in FITS, 0 in NumPy
};

struct ImageOptions {
  std::string images, id;
  std::vector<std::string> bands;
  std::vector<double> zeropoint;
  int64_t crop = 0;  // 0: none
  bool mask_missing = false, hcompress = false;
  std::optional<Position> position;
};

// Nothing where the option `images` is absent or empty; throws CLQ_E_INVALID for a value that cannot be meant.
std::optional<ImageOptions> parse_image_options(const table::Json& options);

}  // namespace clq::fits

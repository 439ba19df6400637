// core/src/data/image_statistics.hpp -- pixels and sums of training images from one streamed pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "data/image_rows.hpp"
#include "data/row_set.hpp"
#include "data/statistics.hpp"

namespace clq {

inline constexpr int64_t kImageRows = 8192;      // at most so many rows are read, drawn by the shuffle
inline constexpr int64_t kImagePixels = 131072;  // at least so many pixels of a band are kept, where there are as many

struct Sky {                    // of the pixels of a band
  double level = 0, sigma = 0;  // median; 1.4826 times the median distance from it
};
Sky sky_of(std::vector<float> pixels);

struct ImageStatistics {
  struct Band {
    std::vector<float> pixels;  // good ones, drawn from the rows by the shuffle, as the source gave them
    std::vector<double> sums;   // of the good pixels of an image, one a row that is not bad
    std::vector<float> counts;  // of these pixels
  };
  std::vector<Band> bands;
};

// The same for any number of readers. CLQ_E_DATA where no row can be used.
ImageStatistics collect_images(const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                               uint32_t readers, const PixelPolicy& policy);

}  // namespace clq

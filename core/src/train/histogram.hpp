// core/src/train/histogram.hpp -- how the values of a tensor are spread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <calanque/core/tensor.hpp>

namespace clq {

// Of the finite values; `counts[i]` of them lie in (limits[i - 1], limits[i]], of the first bin also below.
struct Histogram {
  double minimum = 0, maximum = 0, sum = 0, sum_of_squares = 0;
  int64_t n = 0;
  std::vector<double> limits, counts;
};

inline constexpr int64_t kHistogramBins = 64;  // of one width

Histogram make_histogram(const Tensor& values);  // F32 or F64; without a finite value: no bins

}  // namespace clq

// core/src/train/histogram.cpp -- how the values of a tensor are spread.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/histogram.hpp"

#include <algorithm>
#include <cmath>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

template <class T>
void add_moments(Histogram& histogram, std::span<const T> values) {
  for (const T x : values) {
    if (!std::isfinite(x)) continue;
    const auto value = static_cast<double>(x);
    histogram.minimum = histogram.n == 0 ? value : std::min(histogram.minimum, value);
    histogram.maximum = histogram.n == 0 ? value : std::max(histogram.maximum, value);
    histogram.sum += value;
    histogram.sum_of_squares += value * value;
    ++histogram.n;
  }
}

template <class T>
void add_counts(Histogram& histogram, std::span<const T> values) {
  for (const T x : values) {
    if (!std::isfinite(x)) continue;
    const auto bin = std::lower_bound(histogram.limits.begin(), histogram.limits.end() - 1, static_cast<double>(x));
    ++histogram.counts[static_cast<size_t>(bin - histogram.limits.begin())];
  }
}

// One bin where all values are one.
void make_bins(Histogram& histogram) {
  const double width = (histogram.maximum - histogram.minimum) / kHistogramBins;
  const bool flat = !(width > 0) || !std::isfinite(width);
  for (int64_t bin = 1; !flat && bin < kHistogramBins; ++bin)
    histogram.limits.push_back(histogram.minimum + width * static_cast<double>(bin));
  histogram.limits.push_back(histogram.maximum);
  histogram.counts.assign(histogram.limits.size(), 0);
}

template <class T>
Histogram histogram_of(std::span<const T> values) {
  Histogram histogram;
  add_moments(histogram, values);
  if (histogram.n == 0) return histogram;
  make_bins(histogram);
  add_counts(histogram, values);
  return histogram;
}

}  // namespace

Histogram make_histogram(const Tensor& values) {
  const DType dtype = values.desc().dtype;
  CLQ_REQUIRE(dtype == CLQ_F32 || dtype == CLQ_F64, "a histogram of {} values", dtype_name(dtype));
  return dtype == CLQ_F32 ? histogram_of(values.as<float>()) : histogram_of(values.as<double>());
}

}  // namespace clq

// core/src/data/nulls.hpp -- which numbers mean that there is none (data.null).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace clq {

// A float column holds the null as a float, in whatever type it is read: -99.99 is not a float, yet means the same.
inline bool is_null(double value, const std::vector<double>& nulls) noexcept {
  return std::any_of(nulls.begin(), nulls.end(), [value](double null) {
    return value == null || value == static_cast<double>(static_cast<float>(null));
  });
}

inline bool is_missing(double value, const std::vector<double>& nulls) noexcept {
  return std::isnan(value) || is_null(value, nulls);
}

inline bool all_missing(const double* values, int64_t n, const std::vector<double>& nulls) noexcept {
  return std::all_of(values, values + n, [&nulls](double value) { return is_missing(value, nulls); });
}

// What misses is NaN to a loss, whatever the catalogue writes.
inline void mark_missing(double* values, int64_t n, const std::vector<double>& nulls) noexcept {
  for (int64_t i = 0; i < n; ++i)
    if (is_null(values[i], nulls)) values[i] = std::numeric_limits<double>::quiet_NaN();
}

// Of data.weight: the others make their rows bad.
inline bool is_weight(double value) noexcept {
  return value >= 0 && value <= double{std::numeric_limits<float>::max()};
}

// Which of a row's elements; -1: none.
inline int64_t first_not_finite(const float* row, int64_t width) noexcept {
  for (int64_t c = 0; c < width; ++c)
    if (!std::isfinite(row[c])) return c;
  return -1;
}

inline int64_t first_null(const float* row, int64_t width, const std::vector<double>& nulls) noexcept {
  for (int64_t c = 0; !nulls.empty() && c < width; ++c)
    if (is_null(static_cast<double>(row[c]), nulls)) return c;
  return -1;
}

}  // namespace clq

// core/src/data/nulls.hpp -- which numbers mean that there is none (data.null).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <vector>

namespace clq {

// A float column holds the null as a float, in whatever type it is read: -99.99 is not a float, yet means the same.
inline bool is_null(double value, const std::vector<double>& nulls) noexcept {
  return std::any_of(nulls.begin(), nulls.end(), [value](double null) {
    return value == null || value == static_cast<double>(static_cast<float>(null));
  });
}

}  // namespace clq

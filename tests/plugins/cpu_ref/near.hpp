// tests/plugins/cpu_ref/near.hpp -- comparing an array with a closed form.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "conformance/backend_host.hpp"

namespace clq::test {

// A few units in the last place of the dtype; ops that sum get `terms` of them.
template <class T>
double tolerance(double terms = 1) {
  return (sizeof(T) == 4 ? 1e-6 : 1e-14) * std::max(4.0, terms);
}

// Every element within tolerance of expected(i), relative where that is larger than 1; NaN equals NaN.
template <class T, class F>
void expect_each(const Array& got, F expected, double tol = tolerance<T>()) {
  const std::vector<T> values = got.as<T>();
  for (size_t i = 0; i < values.size(); ++i) {
    const double want = static_cast<double>(expected(static_cast<int64_t>(i))), have = static_cast<double>(values[i]);
    if (std::isnan(want) || std::isinf(want)) {
      ASSERT_TRUE(std::isnan(want) ? std::isnan(have) : have == want)
          << "element " << i << ": " << have << ", not " << want;
    } else {
      ASSERT_NEAR(have, want, tol * std::max(1.0, std::abs(want))) << "element " << i;
    }
  }
}

using Floats = ::testing::Types<float, double>;

}  // namespace clq::test

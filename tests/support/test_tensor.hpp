// tests/support/test_tensor.hpp -- small tensors for tests, and how far two of them are apart.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

#include <calanque/core/tensor.hpp>

namespace clq::test {

Tensor tensor(const Shape& dims, const std::vector<double>& values, DType dtype = CLQ_F64);
Tensor filled(const Shape& dims, double value, DType dtype = CLQ_F64);
// Uniform in [low, high), the same numbers for the same seed.
Tensor uniform(const Shape& dims, double low, double high, uint64_t seed, DType dtype = CLQ_F64);
std::vector<double> numbers(const Tensor& tensor);
// max |a - b| over max(|b|, floor); infinite when shapes differ or either holds a NaN that the other has not.
double distance(const Tensor& a, const Tensor& b, double floor = 1e-300);

}  // namespace clq::test

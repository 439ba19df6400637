// tests/support/test_tensor.cpp -- small tensors for tests.
// SPDX-License-Identifier: BSD-3-Clause
#include "support/test_tensor.hpp"

#include <cmath>
#include <limits>

#include <calanque/core/error.hpp>

#include "base/philox.hpp"

namespace clq::test {

Tensor tensor(const Shape& dims, const std::vector<double>& values, DType dtype) {
  Tensor out({dtype, dims});
  CLQ_REQUIRE(static_cast<int64_t>(values.size()) == out.desc().count(), "{} values for {}", values.size(),
              to_string(dims));
  convert(values.data(), CLQ_F64, out.bytes(), dtype, out.desc().count());
  return out;
}

Tensor filled(const Shape& dims, double value, DType dtype) {
  return tensor(dims, std::vector<double>(static_cast<size_t>(element_count(dims)), value), dtype);
}

Tensor uniform(const Shape& dims, double low, double high, uint64_t seed, DType dtype) {
  std::vector<double> values(static_cast<size_t>(element_count(dims)));
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = low + (high - low) * philox_uniform(philox(seed, {static_cast<uint32_t>(i / 4), 0, 0, 0})[i % 4]);
  return tensor(dims, values, dtype);
}

std::vector<double> numbers(const Tensor& tensor) {
  std::vector<double> out(static_cast<size_t>(tensor.desc().count()));
  convert(tensor.bytes(), tensor.desc().dtype, out.data(), CLQ_F64, tensor.desc().count());
  return out;
}

double distance(const Tensor& a, const Tensor& b, double floor) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (a.desc().dims != b.desc().dims) return kInfinity;
  const std::vector<double> x = numbers(a), y = numbers(b);
  double difference = 0, largest = floor;
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] == y[i] || (std::isnan(x[i]) && std::isnan(y[i]))) continue;
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) return kInfinity;
    difference = std::max(difference, std::fabs(x[i] - y[i]));
  }
  for (const double v : y)
    if (std::isfinite(v)) largest = std::max(largest, std::fabs(v));
  return difference / largest;
}

}  // namespace clq::test

// tests/conformance/source/number_at.hpp -- an element of any dtype as a double.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <calanque/types.h>

namespace clq::conformance {

template <class T>
T element_at(const std::byte* data, int64_t e) {
  T value;
  std::memcpy(&value, data + e * static_cast<int64_t>(sizeof value), sizeof value);
  return value;
}

inline double half_to_double(uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 31) return fraction != 0 ? std::nan("") : sign * std::numeric_limits<double>::infinity();
  return sign * std::ldexp(exponent == 0 ? fraction : fraction + 1024, (exponent == 0 ? 1 : exponent) - 25);
}

inline double number_at(int32_t dtype, const std::byte* data, int64_t e) {
  switch (dtype) {
    case CLQ_F16:
      return half_to_double(element_at<uint16_t>(data, e));
    case CLQ_BF16:
      return static_cast<double>(std::bit_cast<float>(uint32_t{element_at<uint16_t>(data, e)} << 16));
    case CLQ_F32:
      return static_cast<double>(element_at<float>(data, e));
    case CLQ_F64:
      return element_at<double>(data, e);
    case CLQ_I8:
      return element_at<int8_t>(data, e);
    case CLQ_U8:
      return element_at<uint8_t>(data, e);
    case CLQ_I16:
      return element_at<int16_t>(data, e);
    case CLQ_U16:
      return element_at<uint16_t>(data, e);
    case CLQ_I32:
      return element_at<int32_t>(data, e);
    case CLQ_U32:
      return element_at<uint32_t>(data, e);
    case CLQ_I64:
      return static_cast<double>(element_at<int64_t>(data, e));
    default:
      return static_cast<double>(element_at<uint64_t>(data, e));
  }
}

}  // namespace clq::conformance

// plugins/csv/table/dtype.hpp -- names, sizes and checked stores of the dtypes a table column can have.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include <calanque/types.h>

namespace clq::table {

const char* dtype_name(int32_t dtype);                        // "F32"; "dtype 99" has no name: "unknown"
int64_t dtype_bytes(int32_t dtype);                           // 0 for an unknown one
std::string misfit(const std::string& value, int32_t dtype);  // "300 does not fit U8 (0..255, no fractions)"
bool is_float(int32_t dtype);
bool is_storable(int32_t dtype);  // what store() can write: all but F16 and BF16

template <class T>
bool fits(double value) {
  if constexpr (std::same_as<T, double>) {
    return true;
  } else if constexpr (std::same_as<T, float>) {
    return !std::isfinite(value) || std::isfinite(static_cast<float>(value));
  } else {
    const double end = std::ldexp(1.0, std::numeric_limits<T>::digits);
    const double begin = std::numeric_limits<T>::is_signed ? -end : 0.0;
    return value >= begin && value < end && value == std::trunc(value);
  }
}

// Writes `value` as a T at any alignment. False, and nothing written, when T cannot hold it: out of range, a fraction
// or NaN in an integer. Rounding of a float is no error.
template <class T, class Value>
bool store(Value value, std::byte* dst) {
  if constexpr (std::integral<T> && std::integral<Value>) {
    if (!std::in_range<T>(value)) return false;
  } else if constexpr (!std::integral<Value> && !std::same_as<T, Value>) {
    if (!fits<T>(static_cast<double>(value))) return false;
  }
  const T stored = static_cast<T>(value);
  std::memcpy(dst, &stored, sizeof stored);
  return true;
}

// Calls body.operator()<T>() with the C++ type of a storable dtype.
template <class Body>
decltype(auto) with_type(int32_t dtype, Body&& body) {
  switch (dtype) {
    case CLQ_F32:
      return body.template operator()<float>();
    case CLQ_F64:
      return body.template operator()<double>();
    case CLQ_I8:
      return body.template operator()<int8_t>();
    case CLQ_U8:
      return body.template operator()<uint8_t>();
    case CLQ_I16:
      return body.template operator()<int16_t>();
    case CLQ_U16:
      return body.template operator()<uint16_t>();
    case CLQ_I32:
      return body.template operator()<int32_t>();
    case CLQ_U32:
      return body.template operator()<uint32_t>();
    case CLQ_I64:
      return body.template operator()<int64_t>();
    default:
      return body.template operator()<uint64_t>();
  }
}

}  // namespace clq::table

// calanque/cpp/array.hpp -- arrays of the host: where they are, how many elements, of which dtype.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <iterator>
#include <numeric>
#if __cplusplus >= 202002L
#include <span>
#endif
#include <string>
#include <type_traits>
#include <vector>

#include "error.hpp"

namespace calanque {

using Dims = std::vector<int64_t>;  // row-major, the slowest first

// Somebody else's elements, for a host that has a pointer and no container.
template <class T>
class View {
 public:
  View(T* data, size_t size) noexcept : data_(data), size_(size) {}
  T* data() const noexcept { return data_; }
  size_t size() const noexcept { return size_; }

 private:
  T* data_;
  size_t size_;
};

template <class T>
View<T> view(T* data, size_t size) noexcept {
  return {data, size};
}

namespace detail {

// A temporary of it still leads to elements that stay.
template <class Array>
constexpr bool is_view = false;
template <class T>
constexpr bool is_view<View<T>> = true;
#ifdef __cpp_lib_span
template <class T, size_t n>
constexpr bool is_view<std::span<T, n>> = true;
#endif

template <class T>
constexpr int32_t dtype_of() {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>,
                "elements are float, double or integers of 8 to 64 bits; masks are uint8_t");
  if constexpr (std::is_floating_point_v<T>) {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "long double has no dtype");
    return std::is_same_v<T, float> ? CLQ_F32 : CLQ_F64;
  } else {
    constexpr int32_t kSigned[] = {0, CLQ_I8, CLQ_I16, 0, CLQ_I32, 0, 0, 0, CLQ_I64};
    constexpr int32_t kUnsigned[] = {0, CLQ_U8, CLQ_U16, 0, CLQ_U32, 0, 0, 0, CLQ_U64};
    return std::is_signed_v<T> ? kSigned[sizeof(T)] : kUnsigned[sizeof(T)];
  }
}

template <class Array>
using ElementOf = std::remove_cv_t<std::remove_pointer_t<decltype(std::data(std::declval<Array&>()))>>;

template <class Array>
constexpr int32_t dtype_in() {
  return dtype_of<ElementOf<Array>>();
}

// The bytes of a text may be read as what they are.
template <class Array>
constexpr int32_t dtype_read() {
  if constexpr (std::is_same_v<ElementOf<Array>, char>)
    return CLQ_U8;
  else
    return dtype_in<Array>();
}

template <class Array>
int64_t count_in(const Array& array) {
  return static_cast<int64_t>(std::size(array));
}

template <class Array>
int64_t bytes_in(const Array& array) {
  return count_in(array) * static_cast<int64_t>(sizeof(ElementOf<const Array>));
}

inline int64_t elements(const Dims& dims) {
  return std::accumulate(dims.begin(), dims.end(), int64_t{1}, [](int64_t all, int64_t dim) { return all * dim; });
}

// The library gives a field as it is: bits of another type of the same size would be no numbers.
inline void require_dtype(const std::string& name, int32_t kept, int32_t given) {
  constexpr const char* kNames[] = {"?",   "f16", "bf16", "f32", "f64", "i8", "u8",
                                    "i16", "u16", "i32",  "u32", "i64", "u64"};
  if (kept != given)
    throw Error(CLQ_E_INVALID,
                "'" + name + "' is " + kNames[kept > CLQ_U64 ? 0 : kept] + ", the array is " + kNames[given]);
}

// The C functions take a pointer and believe the dims: an array that is too short must not reach them.
inline void require_elements(const std::string& name, int64_t wanted, int64_t got) {
  if (wanted != got)
    throw Error(CLQ_E_INVALID,
                "'" + name + "' takes " + std::to_string(wanted) + " elements, the array has " + std::to_string(got));
}

}  // namespace detail
}  // namespace calanque

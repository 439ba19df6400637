// core/src/base/tensor.cpp -- dtypes, shapes and plain host tensors.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/tensor.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include <fmt/ranges.h>

#include <calanque/core/error.hpp>

#include "base/half.hpp"

namespace clq {
namespace {

constexpr std::align_val_t kAlign{64};

struct DTypeEntry {
  const char* name;
  int64_t bytes;
};
constexpr DTypeEntry kDTypes[] = {{"", 0},    {"f16", 2}, {"bf16", 2}, {"f32", 4}, {"f64", 8}, {"i8", 1}, {"u8", 1},
                                  {"i16", 2}, {"u16", 2}, {"i32", 4},  {"u32", 4}, {"i64", 8}, {"u64", 8}};

const DTypeEntry& entry(DType dtype) {
  CLQ_REQUIRE(dtype >= CLQ_F16 && dtype <= CLQ_U64, "unknown dtype {}", dtype);
  return kDTypes[dtype];
}

template <class T>
auto widen(T value) {
  if constexpr (std::is_same_v<T, F16> || std::is_same_v<T, Bf16>)
    return to_float(value);
  else
    return value;
}

template <class T>
[[noreturn]] void out_of_range(T value, const char* target) {
  fail(CLQ_E_INVALID, "{} does not fit {}", value, target);
}

template <class To, class From>
To convert_one(From value, const char* target) {
  if constexpr (std::is_same_v<To, F16> || std::is_same_v<To, Bf16>) {
    const To result = [&] {
      if constexpr (std::is_same_v<To, F16>)
        return to_f16(static_cast<float>(value));
      else
        return to_bf16(static_cast<float>(value));
    }();
    if (std::isinf(to_float(result)) && std::isfinite(static_cast<double>(value))) out_of_range(value, target);
    return result;
  } else if constexpr (std::is_floating_point_v<To>) {
    const To result = static_cast<To>(value);
    if constexpr (std::is_floating_point_v<From>)
      if (std::isinf(result) && std::isfinite(value)) out_of_range(value, target);
    return result;
  } else if constexpr (std::is_floating_point_v<From>) {
    // 2^digits is exact in every float type; the largest integer itself is not.
    const double whole = std::trunc(static_cast<double>(value));
    const double above = std::ldexp(1.0, std::numeric_limits<To>::digits);
    if (!(whole < above && whole >= (std::is_signed_v<To> ? -above : 0.0))) out_of_range(value, target);
    if (whole != static_cast<double>(value)) fail(CLQ_E_INVALID, "{} is no whole number, as {} has", value, target);
    return static_cast<To>(whole);
  } else {
    if (!std::in_range<To>(value)) out_of_range(value, target);
    return static_cast<To>(value);
  }
}

template <class Body>
void with_type(DType dtype, Body&& body) {
  switch (dtype) {
    case CLQ_F16:
      return body(F16{});
    case CLQ_BF16:
      return body(Bf16{});
    case CLQ_F32:
      return body(float{});
    case CLQ_F64:
      return body(double{});
    case CLQ_I8:
      return body(int8_t{});
    case CLQ_U8:
      return body(uint8_t{});
    case CLQ_I16:
      return body(int16_t{});
    case CLQ_U16:
      return body(uint16_t{});
    case CLQ_I32:
      return body(int32_t{});
    case CLQ_U32:
      return body(uint32_t{});
    case CLQ_I64:
      return body(int64_t{});
    case CLQ_U64:
      return body(uint64_t{});
    default:
      fail(CLQ_E_INVALID, "unknown dtype {}", dtype);
  }
}

template <class From, class To>
void convert_all(const void* src, void* dst, int64_t n, const char* target) {
  const auto* from = static_cast<const std::byte*>(src);
  auto* to = static_cast<std::byte*>(dst);
  for (int64_t i = 0; i < n; ++i) {  // memcpy: the elements of a file's record need not be aligned
    From value;
    std::memcpy(&value, from + i * static_cast<int64_t>(sizeof(From)), sizeof(From));
    const To result = convert_one<To>(widen(value), target);
    std::memcpy(to + i * static_cast<int64_t>(sizeof(To)), &result, sizeof(To));
  }
}

}  // namespace

int64_t dtype_bytes(DType dtype) { return entry(dtype).bytes; }

const char* dtype_name(DType dtype) { return entry(dtype).name; }

DType dtype_from_name(const std::string& name) {
  std::vector<std::string> names;
  for (DType dtype = CLQ_F16; dtype <= CLQ_U64; ++dtype) {
    if (name == kDTypes[dtype].name) return dtype;
    names.emplace_back(kDTypes[dtype].name);
  }
  fail(CLQ_E_INVALID, "unknown dtype '{}'{}", name, did_you_mean(name, names));
}

bool is_float(DType dtype) { return dtype >= CLQ_F16 && dtype <= CLQ_F64; }

std::string to_string(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

int64_t element_count(const Shape& shape) {
  int64_t count = 1;
  for (const int64_t dim : shape) {
    CLQ_REQUIRE(dim >= 0, "negative size in shape {}", to_string(shape));
    if (__builtin_mul_overflow(count, dim, &count))
      fail(CLQ_E_INVALID, "shape {} has too many elements", to_string(shape));
  }
  return count;
}

int64_t TensorDesc::bytes() const {
  int64_t bytes = 0;
  if (__builtin_mul_overflow(count(), dtype_bytes(dtype), &bytes))
    fail(CLQ_E_INVALID, "{} {} has too many bytes", dtype_name(dtype), to_string(dims));
  return bytes;
}

clq_tensor_desc to_c(const TensorDesc& desc) {
  CLQ_REQUIRE(desc.dims.size() <= CLQ_MAX_RANK, "shape {} has more than {} dimensions", to_string(desc.dims),
              CLQ_MAX_RANK);
  clq_tensor_desc out{};
  out.dtype = desc.dtype;
  out.rank = static_cast<int32_t>(desc.dims.size());
  int64_t stride = 1;
  for (size_t i = desc.dims.size(); i-- > 0;) {
    out.dims[i] = desc.dims[i];
    out.strides[i] = stride;
    if (__builtin_mul_overflow(stride, desc.dims[i], &stride))
      fail(CLQ_E_INVALID, "shape {} has too many elements", to_string(desc.dims));
  }
  return out;
}

TensorDesc from_c(const clq_tensor_desc& desc) {
  CLQ_REQUIRE(desc.rank >= 0 && desc.rank <= CLQ_MAX_RANK, "rank {} is not in 0..{}", desc.rank, CLQ_MAX_RANK);
  const TensorDesc out{desc.dtype, Shape(desc.dims, desc.dims + desc.rank)};
  out.bytes();  // throws for an unknown dtype and impossible sizes
  if (desc.flags != 0 || desc.reserved != 0)
    fail(CLQ_E_UNSUPPORTED, "a description of {} has unknown flags", to_string(out.dims));
  const clq_tensor_desc dense = to_c(out);
  const bool unsaid = std::all_of(desc.strides, desc.strides + desc.rank, [](int64_t stride) { return stride == 0; });
  for (int32_t i = 0; i < desc.rank && !unsaid; ++i)
    if (desc.dims[i] > 1 && desc.strides[i] != dense.strides[i])
      fail(CLQ_E_UNSUPPORTED, "the strides of {} are not row-major", to_string(out.dims));
  return out;
}

void Tensor::Free::operator()(std::byte* p) const noexcept { ::operator delete(p, kAlign); }

Tensor::Tensor(TensorDesc desc) : desc_(std::move(desc)) {
  const size_t bytes = (static_cast<size_t>(desc_.bytes()) + 63) / 64 * 64;
  data_.reset(static_cast<std::byte*>(::operator new(bytes == 0 ? 64 : bytes, kAlign)));
  std::memset(data_.get(), 0, bytes);
}

Tensor::Tensor(const Tensor& other) {
  if (other.data_ == nullptr) return;
  *this = Tensor(other.desc_);
  std::memcpy(data_.get(), other.data_.get(), static_cast<size_t>(desc_.bytes()));
}

Tensor& Tensor::operator=(const Tensor& other) {
  if (this != &other) *this = Tensor(other);
  return *this;
}

Tensor Tensor::scalar(double value, DType dtype) {
  Tensor out({dtype, {}});
  convert(&value, CLQ_F64, out.bytes(), dtype, 1);
  return out;
}

void convert(const void* src, DType src_dtype, void* dst, DType dst_dtype, int64_t n) {
  if (src_dtype == dst_dtype) {
    std::memmove(dst, src, static_cast<size_t>(n * dtype_bytes(src_dtype)));
    return;
  }
  with_type(src_dtype, [&](auto from) {
    with_type(dst_dtype,
              [&](auto to) { convert_all<decltype(from), decltype(to)>(src, dst, n, dtype_name(dst_dtype)); });
  });
}

void convert_whole(const void* src, DType src_dtype, void* dst, DType dst_dtype, int64_t n) {
  if (src_dtype == dst_dtype) return convert(src, src_dtype, dst, dst_dtype, n);
  const TensorDesc desc{dst_dtype, {n}};
  Tensor result(desc);
  convert(src, src_dtype, result.bytes(), dst_dtype, n);
  std::memcpy(dst, result.bytes(), static_cast<size_t>(desc.bytes()));
}

void convert_inputs(const void* src, DType src_dtype, float* dst, int64_t n) {
  if (src_dtype != CLQ_F64) return convert(src, src_dtype, dst, CLQ_F32, n);
  const auto* from = static_cast<const std::byte*>(src);
  for (int64_t i = 0; i < n; ++i) {
    double value = 0;
    std::memcpy(&value, from + i * static_cast<int64_t>(sizeof value), sizeof value);
    dst[i] = static_cast<float>(value);
  }
}

}  // namespace clq

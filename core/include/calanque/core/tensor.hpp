// calanque/core/tensor.hpp -- dtypes, shapes, descriptions and plain host tensors.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <calanque/plugin/abi.h>

namespace clq {

using DType = int32_t;                 // CLQ_F32 ...
using Shape = std::vector<int64_t>;    // at most CLQ_MAX_RANK entries, N C H W order

int64_t dtype_bytes(DType dtype);      // throws on an unknown dtype
const char* dtype_name(DType dtype);   // "f32"
DType dtype_from_name(const std::string& name);
bool is_float(DType dtype);            // F32 or F64 (F16 and BF16 too)
std::string to_string(const Shape& shape);   // "[32, 10]"
int64_t element_count(const Shape& shape);   // overflow-checked; 1 for rank 0

struct TensorDesc {
  DType dtype = CLQ_F32;
  Shape dims;
  int64_t count() const { return element_count(dims); }
  int64_t bytes() const;               // overflow-checked
  bool operator==(const TensorDesc&) const = default;
};

clq_tensor_desc to_c(const TensorDesc& desc);            // dense row-major strides
TensorDesc from_c(const clq_tensor_desc& desc);          // strides row-major, or all 0: not said

// A host array, dense row-major, 64-byte aligned, zeroed, readable up to the next multiple of 64 bytes.
class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(TensorDesc desc);
  Tensor(const Tensor& other);
  Tensor& operator=(const Tensor& other);
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(Tensor&&) noexcept = default;

  const TensorDesc& desc() const { return desc_; }
  std::byte* bytes() { return data_.get(); }
  const std::byte* bytes() const { return data_.get(); }
  template <class T> std::span<T> as() { return {reinterpret_cast<T*>(data_.get()), static_cast<size_t>(desc_.count())}; }
  template <class T> std::span<const T> as() const {
    return {reinterpret_cast<const T*>(data_.get()), static_cast<size_t>(desc_.count())};
  }
  static Tensor scalar(double value, DType dtype);        // rank 0

 private:
  struct Free { void operator()(std::byte* p) const noexcept; };
  TensorDesc desc_;
  std::unique_ptr<std::byte, Free> data_;
};

// Converts n plain elements; a value that does not fit the target's range, or is a fraction where that has none, is an
// error.
void convert(const void* src, DType src_dtype, void* dst, DType dst_dtype, int64_t n);
// The same, but nothing is written where one is an error.
void convert_whole(const void* src, DType src_dtype, void* dst, DType dst_dtype, int64_t n);
// As convert to F32, where a float beyond its range becomes infinite: the row that has it is bad, and no other.
void convert_inputs(const void* src, DType src_dtype, float* dst, int64_t n);

}  // namespace clq

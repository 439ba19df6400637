// plugins/cpu_ref/kernels/op_view.hpp -- an op of a segment as its kernel's maker sees it, with checked access.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <calanque/plugin/sdk.hpp>

#include "kernels/kernel.hpp"

namespace clq::ref {

int64_t dtype_bytes(int32_t dtype);  // 0 for an unknown one
const char* dtype_name(int32_t dtype);
int64_t element_count(const clq_tensor_desc& desc);
inline int64_t byte_count(const clq_tensor_desc& desc) { return element_count(desc) * dtype_bytes(desc.dtype); }
std::string shape_text(const clq_tensor_desc& desc);
inline std::span<const int64_t> dims_view(const clq_tensor_desc& desc) {
  return {desc.dims, static_cast<size_t>(desc.rank)};
}
bool same_shape(const clq_tensor_desc& a, const clq_tensor_desc& b);

class OpView {
 public:
  OpView(const clq_op& op, const clq_tensor_desc* values) : op_(op), values_(values) {}
  const clq_op& op() const { return op_; }
  uint32_t n_src() const { return op_.n_inputs; }
  uint32_t n_dst() const { return op_.n_outputs; }
  bool has_dst(uint32_t i) const { return i < op_.n_outputs && op_.outputs[i] != CLQ_NONE; }
  const clq_tensor_desc& src(uint32_t i) const;  // throws when it was left out
  const clq_tensor_desc& dst(uint32_t i) const;
  const clq_tensor_desc* values() const { return values_; }

  int64_t i64(std::string_view name, int64_t absent) const;
  double f64(std::string_view name, double absent) const;  // an integer serves too
  std::vector<int64_t> list(std::string_view name) const;
  bool has(std::string_view name) const { return sdk::find_attr(op_, name) != nullptr; }

  [[noreturn]] void fail(const std::string& text) const { sdk::fail(CLQ_E_INVALID, text); }
  [[noreturn]] void unsupported(const std::string& text) const { sdk::fail(CLQ_E_UNSUPPORTED, text); }
  void require(bool fact, const char* text) const {
    if (!fact) fail(text);
  }
  void count(uint32_t n_src, uint32_t n_dst) const;                     // exactly so many operands
  void same(const clq_tensor_desc& a, const clq_tensor_desc& b) const;  // dtype and shape
  void expect_dst(uint32_t i, int32_t dtype, std::span<const int64_t> dims) const;

 private:
  const clq_op& op_;
  const clq_tensor_desc* values_;
};

using MakeKernel = std::unique_ptr<Kernel> (*)(const OpView&);

struct OpEntry {
  const char* name;    // "matmul/1"
  MakeKernel make;     // checks the op, throws what is wrong
  bool alias = false;  // dst is src under another name
};

// One table a family; table.cpp lists them.
std::span<const OpEntry> unary_ops();
std::span<const OpEntry> unary_grad_ops();
std::span<const OpEntry> binary_ops();
std::span<const OpEntry> cast_ops();
std::span<const OpEntry> matmul_ops();
std::span<const OpEntry> reduce_ops();
std::span<const OpEntry> shape_ops();
std::span<const OpEntry> softmax_ops();
std::span<const OpEntry> index_ops();
std::span<const OpEntry> random_ops();
std::span<const OpEntry> norm_ops();
std::span<const OpEntry> layer_norm_ops();
std::span<const OpEntry> conv_ops();
std::span<const OpEntry> pool_ops();
std::span<const OpEntry> resize_ops();
std::span<const OpEntry> prelu_ops();
std::span<const OpEntry> check_ops();
std::span<const OpEntry> collective_ops();

const OpEntry* find_op(std::string_view name);  // nullptr: not an op of docs/ops.md

// An op of another plugin, found through clq.host-ops/1; nullptr when no plugin has it.
std::unique_ptr<Kernel> make_plugin_kernel(const OpView& op);

// Calls f with a value of the C++ type of a dtype.
template <class F>
auto with_float(const OpView& op, int32_t dtype, F&& f) {
  if (dtype == CLQ_F32) return f(float{});
  if (dtype == CLQ_F64) return f(double{});
  op.unsupported(std::string("dtype must be f32 or f64, got ") + dtype_name(dtype));
}

template <class F>
auto with_number(const OpView& op, int32_t dtype, F&& f) {
  switch (dtype) {
    case CLQ_F32:
      return f(float{});
    case CLQ_F64:
      return f(double{});
    case CLQ_I8:
      return f(int8_t{});
    case CLQ_U8:
      return f(uint8_t{});
    case CLQ_I16:
      return f(int16_t{});
    case CLQ_U16:
      return f(uint16_t{});
    case CLQ_I32:
      return f(int32_t{});
    case CLQ_U32:
      return f(uint32_t{});
    case CLQ_I64:
      return f(int64_t{});
    case CLQ_U64:
      return f(uint64_t{});
    default:
      op.unsupported(std::string("no arithmetic in dtype ") + dtype_name(dtype));
  }
}

// Calls f with an unsigned integer as wide as an element: for ops that only move bytes.
template <class F>
auto with_width(const OpView& op, int32_t dtype, F&& f) {
  switch (dtype_bytes(dtype)) {
    case 1:
      return f(uint8_t{});
    case 2:
      return f(uint16_t{});
    case 4:
      return f(uint32_t{});
    case 8:
      return f(uint64_t{});
    default:
      op.unsupported("unknown dtype");
  }
}

}  // namespace clq::ref

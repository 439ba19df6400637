// plugins/cpu_ref/kernels/op_view.cpp -- descriptions in words, and access to operands and attributes.
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

struct DTypeRow {
  const char* name;
  int64_t bytes;
};
// In the order of the enum in types.h, which starts at 1.
constexpr DTypeRow kDTypes[] = {{"f16", 2}, {"bf16", 2}, {"f32", 4}, {"f64", 8}, {"i8", 1},  {"u8", 1},
                                {"i16", 2}, {"u16", 2},  {"i32", 4}, {"u32", 4}, {"i64", 8}, {"u64", 8}};

const DTypeRow* dtype_row(int32_t dtype) {
  return dtype >= CLQ_F16 && dtype <= CLQ_U64 ? &kDTypes[dtype - CLQ_F16] : nullptr;
}

}  // namespace

int64_t dtype_bytes(int32_t dtype) {
  const DTypeRow* row = dtype_row(dtype);
  return row != nullptr ? row->bytes : 0;
}

const char* dtype_name(int32_t dtype) {
  const DTypeRow* row = dtype_row(dtype);
  return row != nullptr ? row->name : "unknown";
}

int64_t element_count(const clq_tensor_desc& desc) {
  int64_t n = 1;
  for (int32_t d = 0; d < desc.rank; ++d) n *= desc.dims[d];
  return n;
}

std::string shape_text(const clq_tensor_desc& desc) {
  std::string text = dtype_name(desc.dtype);
  text += " [";
  for (int32_t d = 0; d < desc.rank; ++d) text += (d > 0 ? ", " : "") + std::to_string(desc.dims[d]);
  return text + "]";
}

bool same_shape(const clq_tensor_desc& a, const clq_tensor_desc& b) {
  return a.rank == b.rank && std::equal(a.dims, a.dims + a.rank, b.dims);
}

const clq_tensor_desc& OpView::src(uint32_t i) const {
  if (i >= op_.n_inputs || op_.inputs[i] == CLQ_NONE) fail("input " + std::to_string(i) + " is missing");
  return values_[op_.inputs[i]];
}

const clq_tensor_desc& OpView::dst(uint32_t i) const {
  if (!has_dst(i)) fail("output " + std::to_string(i) + " is missing");
  return values_[op_.outputs[i]];
}

int64_t OpView::i64(std::string_view name, int64_t absent) const { return sdk::attr_i64(op_, name, absent); }

double OpView::f64(std::string_view name, double absent) const {
  const clq_attr* a = sdk::find_attr(op_, name);
  if (a != nullptr && a->type == CLQ_ATTR_I64) return static_cast<double>(sdk::attr_i64(op_, name, 0));
  return sdk::attr_f64(op_, name, absent);
}

std::vector<int64_t> OpView::list(std::string_view name) const {
  const auto values = sdk::attr_list(op_, name);
  return {values.begin(), values.end()};
}

void OpView::count(uint32_t n_src, uint32_t n_dst) const {
  if (op_.n_inputs != n_src || op_.n_outputs != n_dst)
    fail("takes " + std::to_string(n_src) + " inputs and " + std::to_string(n_dst) + " outputs, got " +
         std::to_string(op_.n_inputs) + " and " + std::to_string(op_.n_outputs));
}

void OpView::same(const clq_tensor_desc& a, const clq_tensor_desc& b) const {
  if (a.dtype != b.dtype || !same_shape(a, b)) fail(shape_text(a) + " and " + shape_text(b) + " should be equal");
}

void OpView::expect_dst(uint32_t i, int32_t dtype, std::span<const int64_t> dims) const {
  if (dims.size() > CLQ_MAX_RANK)
    fail("output " + std::to_string(i) + " would have " + std::to_string(dims.size()) + " dimensions");
  clq_tensor_desc want{};
  want.dtype = dtype;
  want.rank = static_cast<int32_t>(dims.size());
  std::copy(dims.begin(), dims.end(), want.dims);
  const clq_tensor_desc& got = dst(i);
  if (got.dtype != dtype || !same_shape(got, want))
    fail("output " + std::to_string(i) + " should be " + shape_text(want) + ", got " + shape_text(got));
}

}  // namespace clq::ref

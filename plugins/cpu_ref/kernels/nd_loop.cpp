// plugins/cpu_ref/kernels/nd_loop.cpp -- merging dimensions, and broadcasting by strides of 0.
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/nd_loop.hpp"

namespace clq::ref {

NdLoop::NdLoop(std::span<const int64_t> dims, std::span<const Strides> strides)
    : n_operands_(static_cast<int>(strides.size())) {
  int rank = 0;
  for (size_t d = 0; d < dims.size(); ++d) {
    if (dims[d] == 1) continue;
    bool merges = rank > 0;
    for (int k = 0; merges && k < n_operands_; ++k) merges = strides_[k][rank - 1] == strides[k][d] * dims[d];
    if (!merges) dims_[rank++] = 1;
    dims_[rank - 1] *= dims[d];
    for (int k = 0; k < n_operands_; ++k) strides_[k][rank - 1] = strides[k][d];
  }
  if (rank == 0) dims_[rank++] = 1;
  rank_ = rank;
  inner_ = dims_[rank - 1];
  for (int d = 0; d < rank - 1; ++d) rows_ *= dims_[d];
}

void NdLoop::seek(int64_t row, std::array<int64_t, CLQ_MAX_RANK>& at, Offsets& offsets) const {
  for (int d = rank_ - 2; d >= 0; --d) {
    at[d] = row % dims_[d];
    row /= dims_[d];
    for (int k = 0; k < n_operands_; ++k) offsets[k] += at[d] * strides_[k][d];
  }
}

Strides dense_strides(const clq_tensor_desc& desc) {
  Strides strides{};
  int64_t step = 1;
  for (int32_t d = desc.rank - 1; d >= 0; --d) {
    strides[d] = step;
    step *= desc.dims[d];
  }
  return strides;
}

Strides broadcast_strides(const OpView& op, const clq_tensor_desc& desc, const clq_tensor_desc& onto) {
  const auto no_fit = [&] { op.fail(shape_text(desc) + " does not broadcast to " + shape_text(onto)); };
  if (desc.rank > onto.rank) no_fit();
  const Strides dense = dense_strides(desc);
  Strides strides{};
  for (int32_t d = 0; d < desc.rank; ++d) {
    const int32_t o = onto.rank - desc.rank + d;
    if (desc.dims[d] != onto.dims[o] && desc.dims[d] != 1) no_fit();
    strides[o] = desc.dims[d] == 1 ? 0 : dense[d];
  }
  return strides;
}

NdLoop broadcast_loop(const OpView& op, std::span<const clq_tensor_desc* const> srcs) {
  const clq_tensor_desc& dst = op.dst(0);
  std::array<Strides, kMaxOperands> strides{};
  strides[0] = dense_strides(dst);
  for (size_t i = 0; i < srcs.size(); ++i) strides[i + 1] = broadcast_strides(op, *srcs[i], dst);
  for (int32_t d = 0; d < dst.rank; ++d) {
    bool spanned = dst.dims[d] == 1;
    for (const clq_tensor_desc* src : srcs) {
      const int32_t s = d - (dst.rank - src->rank);
      spanned = spanned || (s >= 0 && src->dims[s] == dst.dims[d]);
    }
    if (!spanned)
      op.fail("no input has the size " + std::to_string(dst.dims[d]) + " of the output's axis " + std::to_string(d));
  }
  return NdLoop({dst.dims, static_cast<size_t>(dst.rank)}, {strides.data(), srcs.size() + 1});
}

uint32_t in_place_bits(const OpView& op) {
  uint32_t bits = 0;
  const clq_tensor_desc& dst = op.dst(0);
  for (uint32_t i = 0; i < op.n_src() && i < 32; ++i) {
    const clq_tensor_desc& src = op.src(i);
    if (element_count(src) == element_count(dst) && dtype_bytes(src.dtype) == dtype_bytes(dst.dtype)) bits |= 1u << i;
  }
  return bits;
}

}  // namespace clq::ref

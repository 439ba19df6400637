// plugins/cpu_ref/kernels/nd_loop.hpp -- one loop nest over several strided operands, with few dimensions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

#include "kernels/op_view.hpp"

namespace clq::ref {

inline constexpr int kMaxOperands = 4;
using Strides = std::array<int64_t, CLQ_MAX_RANK>;  // in elements, one a dimension
using Offsets = std::array<int64_t, kMaxOperands>;

class NdLoop {
 public:
  // strides[k] walks operand k over `dims`.
  NdLoop(std::span<const int64_t> dims, std::span<const Strides> strides);
  int64_t rows() const { return rows_; }
  int64_t inner() const { return inner_; }
  int64_t inner_stride(int k) const { return strides_[k][rank_ - 1]; }
  int n_operands() const { return n_operands_; }

  // body(offsets, n): n elements from `offsets` on, operand k in steps of inner_stride(k).
  template <class Body>
  void run(const Context& context, int64_t grain, const Body& body) const {
    if (rows_ == 1) {
      parallel(context, inner_, grain, [&](int64_t begin, int64_t end) {
        Offsets offsets{};
        for (int k = 0; k < n_operands_; ++k) offsets[k] = begin * inner_stride(k);
        body(offsets, end - begin);
      });
      return;
    }
    if (inner_ == 0) return;
    parallel(context, rows_, grain / inner_, [&](int64_t begin, int64_t end) { run_rows(begin, end, body); });
  }

 private:
  template <class Body>
  void run_rows(int64_t begin, int64_t end, const Body& body) const {
    std::array<int64_t, CLQ_MAX_RANK> at{};
    Offsets offsets{};
    seek(begin, at, offsets);
    for (int64_t row = begin; row < end; ++row) {
      body(offsets, inner_);
      for (int d = rank_ - 2; d >= 0; --d) {
        for (int k = 0; k < n_operands_; ++k) offsets[k] += strides_[k][d];
        if (++at[d] < dims_[d]) break;
        for (int k = 0; k < n_operands_; ++k) offsets[k] -= strides_[k][d] * dims_[d];
        at[d] = 0;
      }
    }
  }
  void seek(int64_t row, std::array<int64_t, CLQ_MAX_RANK>& at, Offsets& offsets) const;

  int n_operands_, rank_ = 1;
  int64_t rows_ = 1, inner_ = 1;
  std::array<int64_t, CLQ_MAX_RANK> dims_{};
  std::array<Strides, kMaxOperands> strides_{};
};

Strides dense_strides(const clq_tensor_desc& desc);
// The strides that walk `desc` over the dimensions of `onto`, 0 where it is repeated; throws when it does not fit.
Strides broadcast_strides(const OpView& op, const clq_tensor_desc& desc, const clq_tensor_desc& onto);
// Operand 0 is dst 0 of the op, the others the given descriptions, broadcast onto it; checks that they span it.
NdLoop broadcast_loop(const OpView& op, std::span<const clq_tensor_desc* const> srcs);
// Bit i where src i has as many elements, of the same width, as dst 0.
uint32_t in_place_bits(const OpView& op);

}  // namespace clq::ref

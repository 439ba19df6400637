// plugins/cpu_ref/kernels/window.hpp -- the geometry of convolutions and poolings of [N, C, L] and [N, C, H, W].
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "kernels/op_view.hpp"

namespace clq::ref {

struct Axis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, pad = 0;

  // Windows [begin, end) whose element k lies inside the input, not in the padding.
  int64_t begin(int64_t k) const { return std::clamp(ceil_div(pad - k * dilation, stride), int64_t{0}, out); }
  int64_t end(int64_t k) const { return std::clamp(ceil_div(in + pad - k * dilation, stride), int64_t{0}, out); }
  int64_t at(int64_t window, int64_t k) const { return window * stride + k * dilation - pad; }

 private:
  static int64_t ceil_div(int64_t a, int64_t b) { return a > 0 ? (a + b - 1) / b : -(-a / b); }
};

struct Window {
  Axis h, w;  // h is one row where there is one axis
  int64_t in() const { return h.in * w.in; }
  int64_t out() const { return h.out * w.out; }
  int64_t kernel() const { return h.kernel * w.kernel; }
};

// From src to dst by `kernel`, one entry a spatial axis, and the op's attributes; throws where they do not agree.
Window read_window(const OpView& op, const clq_tensor_desc& src, const clq_tensor_desc& dst,
                   const std::vector<int64_t>& kernel);

// The description of dst of the same dtype with these dims.
clq_tensor_desc desc_like(const clq_tensor_desc& of, std::span<const int64_t> dims);
std::vector<int64_t> dims_of(const clq_tensor_desc& desc);

}  // namespace clq::ref

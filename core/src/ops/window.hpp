// core/src/ops/window.hpp -- the windows that convolutions and poolings slide over the axes after N and C.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "ops/rules.hpp"

namespace clq::rules {

// One entry a spatial axis: of [N, C, L] one, of [N, C, H, W] two.
struct Window {
  std::vector<int64_t> kernel, strides, dilations, pads_begin, pads_end;
};

// Input i, float; throws unless it is [N, C, L] or [N, C, H, W] with no empty axis after N.
const TensorDesc& spatial_input(const OpView& op, size_t i);
Shape spatial(const Shape& dims);  // the axes after N and C

// Of the attributes strides, dilations, pads_begin and pads_end; left out they are 1, 1, 0, 0.
Window read_window(const OpView& op, std::vector<int64_t> kernel);

// floor((size + pads - dilation (kernel - 1) - 1) / stride) + 1 an axis; throws where the kernel does not fit.
Shape windows_over(const Window& window, const Shape& sizes);

// The sizes over which so many windows lie: (windows - 1) stride + dilation (kernel - 1) + 1 - pads + output_padding an
// axis, the last an attribute below the stride, 0 where it is left out; throws where nothing remains.
Shape sizes_under(const OpView& op, const Window& window, const Shape& windows);

}  // namespace clq::rules

// plugins/cpu_ref/kernels/resize.hpp -- sums of neighbours with given weights, axis by axis: resizing and its gradient.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "kernels/op_view.hpp"

namespace clq::ref {

// Along one axis element i of the result is the sum over k < count(i) of weight[offset[i] + k] times first[i] + k.
struct Taps {
  int64_t from = 1, to = 1;
  std::vector<int64_t> first, offset;  // offset has to + 1 entries
  std::vector<double> weight;          // above 0, all of them
  int64_t count(int64_t i) const { return offset[static_cast<size_t>(i) + 1] - offset[static_cast<size_t>(i)]; }
};

struct PlaneTaps {
  Taps h, w;  // h is one row where there is one axis
};

// From operand 0 to result 0 of resize/1 or resize_grad/1; throws where they do not agree.
PlaneTaps resize_taps(const OpView& op);
// The kernel for F32 planes of [h, w, lanes]; lanes is 1, 8 or 16.
std::unique_ptr<Kernel> make_resize_planes(PlaneTaps taps, int64_t n_planes, int64_t lanes);

}  // namespace clq::ref

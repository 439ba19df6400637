// plugins/cpu_onednn/kernels/blocked.hpp -- tensors [N, channel blocks, ..., lanes]: their sizes, and loops over lanes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plan/lowering.hpp"

namespace clq::onednn {

// Channels beyond the last are lanes too: they hold 0, and every kernel leaves 0 in them.
struct Blocked {
  int64_t n, channels, blocks, inner, lanes;
  int64_t plane() const { return inner * lanes; }
  int64_t at(int64_t sample, int64_t block) const { return (sample * blocks + block) * plane(); }
};

// The sizes of an F32 value in this format; lanes is 0 where it is no such format.
Blocked blocked_of(const Lowering& lowering, uint32_t value, LayoutId layout);

// Calls f with the lanes as a constant.
template <class F>
void with_lanes(int64_t lanes, const F& f) {
  if (lanes == 16)
    f(std::integral_constant<int64_t, 16>{});
  else
    f(std::integral_constant<int64_t, 8>{});
}

}  // namespace clq::onednn

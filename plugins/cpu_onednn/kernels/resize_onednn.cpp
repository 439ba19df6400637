// plugins/cpu_onednn/kernels/resize_onednn.cpp -- larger maps, and their gradient, where the convolutions left them.
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/resize.hpp"

#include "kernels/blocked.hpp"
#include "kernels/window.hpp"

namespace clq::onednn {

bool lower_resize(Lowering& lowering, const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name != "resize/1" && name != "resize_grad/1") return false;
  const uint32_t src = op.op().inputs[0], dst = op.op().outputs[0];
  const Blocked b = blocked_of(lowering, src, lowering.layout_of(src));
  if (b.lanes == 0) return false;
  const LayoutId layout = lowering.layouts().id_of(blocked_desc(ref::dims_of(op.dst(0)), b.lanes));
  if (blocked_of(lowering, dst, layout).lanes != b.lanes) return false;
  auto kernel = ref::make_resize_planes(ref::resize_taps(op), b.n * b.blocks, b.lanes);
  const uint32_t operand = lowering.use(src, lowering.layout_of(src)), result = lowering.make(dst, layout);
  lowering.add_step(std::move(kernel), {operand}, {result});
  return true;
}

}  // namespace clq::onednn

// plugins/cpu_onednn/kernels/blocked.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/blocked.hpp"

namespace clq::onednn {

Blocked blocked_of(const Lowering& lowering, uint32_t value, LayoutId layout) {
  const clq_tensor_desc& desc = lowering.desc(value);
  Blocked b{};
  if (layout <= kPlainLayout || desc.rank < 3) return b;
  const Desc format = lowering.layouts().desc(layout);
  const int64_t lanes = static_cast<int32_t>(format.dims().size()) == desc.rank ? channel_block(format) : 0;
  if (lanes != 8 && lanes != 16) return b;
  b = {desc.dims[0], desc.dims[1], (desc.dims[1] + lanes - 1) / lanes, 1, lanes};
  for (int32_t d = 2; d < desc.rank; ++d) b.inner *= desc.dims[d];
  return b;
}

}  // namespace clq::onednn

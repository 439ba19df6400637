// plugins/cpu_onednn/kernels/sums_onednn.cpp -- sums over whole tensors as they lie: padding holds 0 and adds nothing.
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/lowering.hpp"

namespace clq::onednn {

bool lower_sums(Lowering& lowering, const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name != "sum_squares/1" && name != "all_finite/1") return false;
  std::vector<clq_tensor_desc> values;  // the operands as flat rows of floats, then the result
  std::vector<uint32_t> indices, operands;
  for (uint32_t i = 0; i < op.n_src(); ++i) {
    const uint32_t value = op.op().inputs[i];
    const LayoutId layout = std::max(lowering.layout_of(value), kPlainLayout);
    clq_tensor_desc flat = op.src(i);
    if (layout != kPlainLayout) {
      flat.rank = 1;
      flat.dims[0] = lowering.bytes_of(value, layout) / static_cast<int64_t>(sizeof(float));
      flat.strides[0] = 1;
    }
    operands.push_back(lowering.use(value, layout));
    indices.push_back(i);
    values.push_back(flat);
  }
  const uint32_t result_index = op.n_src();
  values.push_back(op.dst(0));
  clq_op flat_op = op.op();
  flat_op.inputs = indices.data();
  flat_op.outputs = &result_index;
  bool alias = false;
  auto kernel = ref::make_op_kernel(ref::OpView(flat_op, values.data()), &alias);
  const uint32_t result = lowering.make(op.op().outputs[0], kPlainLayout);
  lowering.add_step(std::move(kernel), std::move(operands), {result});
  return true;
}

}  // namespace clq::onednn

// plugins/cpu_onednn/kernels/matmul_onednn.cpp -- products of two matrices.
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/lowering.hpp"

namespace clq::onednn {
namespace {

Desc matrix(const clq_tensor_desc& desc, bool transposed) {
  const Dims dims = {desc.dims[0], desc.dims[1]};
  if (!transposed) return plain_desc(dims);
  return strided_desc({dims[1], dims[0]}, {1, std::max<int64_t>(1, dims[1])});
}

// Below so many multiplications cpu_ref's loops run in the caller alone, while oneDNN would wake the team for nothing.
constexpr int64_t kWorthATeam = int64_t{1} << 18;

}  // namespace

bool lower_matmul(Lowering& lowering, const ref::OpView& op) {
  if (std::string_view(op.op().name) != "matmul/1") return false;
  const int64_t terms = op.src(0).dims[op.i64("transpose_a", 0) != 0 ? 0 : 1];
  if (ref::element_count(op.dst(0)) * terms <= kWorthATeam) return false;
  auto p = matrix_product(lowering.engine(), matrix(op.src(0), op.i64("transpose_a", 0) != 0),
                          matrix(op.src(1), op.i64("transpose_b", 0) != 0), matrix(op.dst(0), false));
  if (!p || p->is_reference()) return false;
  const std::vector<uint32_t> operands = {lowering.use(op.op().inputs[0], kPlainLayout),
                                          lowering.use(op.op().inputs[1], kPlainLayout)};
  const uint32_t result = lowering.make(op.op().outputs[0], kPlainLayout);
  lowering.add_step(
      make_primitive_kernel(lowering.engine(), std::move(*p),
                            {{DNNL_ARG_SRC, false, 0}, {DNNL_ARG_WEIGHTS, false, 1}, {DNNL_ARG_DST, true, 0}}),
      operands, {result});
  return true;
}

}  // namespace clq::onednn

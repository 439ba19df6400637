// plugins/cpu_ref/kernels/table.cpp -- every op this backend has, by name.
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/op_view.hpp"

namespace clq::ref {

const OpEntry* find_op(std::string_view name) {
  const std::span<const OpEntry> families[] = {
      unary_ops(), unary_grad_ops(), binary_ops(), cast_ops(),   matmul_ops(), reduce_ops(),
      shape_ops(), softmax_ops(),    index_ops(),  random_ops(), norm_ops(),   layer_norm_ops(),
      conv_ops(),  pool_ops(),       resize_ops(), prelu_ops(),  check_ops(),  collective_ops()};
  for (const auto& family : families)
    for (const OpEntry& entry : family)
      if (name == entry.name) return &entry;
  return nullptr;
}

}  // namespace clq::ref

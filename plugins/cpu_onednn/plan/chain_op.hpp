// plugins/cpu_onednn/plan/chain_op.hpp -- which ops a tape can take, and as what.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>

#include "kernels/op_view.hpp"
#include "kernels/tape.hpp"

namespace clq::onednn {

struct ChainOp {
  Code code;
  std::vector<uint32_t> src;  // values, as the instruction takes them
  uint32_t dst;
  float x = 0, y = 0;
};

// How `value` meets the elements of `shape`; nullopt: in no way that a tape knows.
std::optional<TapeInput> reach_of(const clq_tensor_desc& value, const clq_tensor_desc& shape);
// nullopt: not an elementwise op on F32, or one whose operands a tape cannot reach.
std::optional<ChainOp> chain_op(const ref::OpView& op);

}  // namespace clq::onednn

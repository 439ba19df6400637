// core/src/ops/prelu.cpp -- a rectifier with one slope a channel below 0 (He et al. 2015, arXiv 1502.01852).
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

const TensorDesc& channels(const OpView& op, size_t n_inputs) {
  arity(op, n_inputs);
  const TensorDesc& src = float_input(op, 0);
  CLQ_REQUIRE(src.dims.size() >= 2, "src must be [N, C, ...], got {}", to_string(src.dims));
  const TensorDesc slope{src.dtype, {src.dims[1]}};
  CLQ_REQUIRE(op.input(1) == slope, "slope must be {} {}, got {} {}", dtype_name(src.dtype), to_string(slope.dims),
              dtype_name(op.input(1).dtype), to_string(op.input(1).dims));
  return src;
}

Descs prelu(const OpView& op) { return {channels(op, 2)}; }

Descs prelu_grad(const OpView& op) {
  const TensorDesc& src = channels(op, 3);
  same_desc(op, 0, 2);
  return {src, op.input(1)};
}

Values prelu_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return b.multi_op("prelu_grad/1", {op.inputs[0], op.inputs[1], d[0]});
}

constexpr OpRule kPreluRules[] = {{"prelu/1", prelu, prelu_gradient}, {"prelu_grad/1", prelu_grad, nullptr}};

}  // namespace

std::span<const OpRule> prelu_rules() { return kPreluRules; }

}  // namespace clq

// core/src/ops/matmul.cpp -- the product of two matrices, either of them transposed.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

Descs matmul(const OpView& op) {
  arity(op, 2);
  float_input(op, 0);
  same_dtype(op, 0, 1);
  const Shape &a = op.input(0).dims, &b = op.input(1).dims;
  CLQ_REQUIRE(a.size() == 2 && b.size() == 2, "takes two matrices, got {} and {}", to_string(a), to_string(b));
  const bool ta = op.i64("transpose_a", 0) != 0, tb = op.i64("transpose_b", 0) != 0;
  const int64_t inner_a = a[ta ? 0 : 1], inner_b = b[tb ? 1 : 0];
  CLQ_REQUIRE(inner_a == inner_b, "inner sizes {} and {} differ, of {}{} and {}{}", inner_a, inner_b, to_string(a),
              ta ? " transposed" : "", to_string(b), tb ? " transposed" : "");
  return {{op.input(0).dtype, {a[ta ? 1 : 0], b[tb ? 0 : 1]}}};
}

Value product(GraphBuilder& b, Value x, bool tx, Value y, bool ty) {
  return b.op("matmul/1", {x, y}, {{"transpose_a", attr(int{tx})}, {"transpose_b", attr(int{ty})}});
}

// Each gradient lands in its operand's own orientation: no transpose is ever written out.
Values matmul_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value x = op.inputs[0], y = op.inputs[1];
  const bool tx = op_i64(b, op, "transpose_a", 0) != 0, ty = op_i64(b, op, "transpose_b", 0) != 0;
  return {tx ? product(b, y, ty, d[0], true) : product(b, d[0], false, y, !ty),
          ty ? product(b, d[0], true, x, tx) : product(b, x, !tx, d[0], false)};
}

constexpr OpRule kMatmulRules[] = {{"matmul/1", matmul, matmul_gradient}};

}  // namespace

std::span<const OpRule> matmul_rules() { return kMatmulRules; }

}  // namespace clq

// core/src/ops/matmul.cpp -- products of matrices, one or a batch of them, either operand transposed.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

// The sizes of the product of two matrices, or of those that are the last two axes of more.
Shape product_dims(const OpView& op, const Shape& a, const Shape& b) {
  const size_t lead = a.size() - 2;
  const bool ta = op.i64("transpose_a", 0) != 0, tb = op.i64("transpose_b", 0) != 0;
  const int64_t inner_a = a[lead + (ta ? 0 : 1)], inner_b = b[lead + (tb ? 1 : 0)];
  CLQ_REQUIRE(inner_a == inner_b, "inner sizes {} and {} differ, of {}{} and {}{}", inner_a, inner_b, to_string(a),
              ta ? " transposed" : "", to_string(b), tb ? " transposed" : "");
  Shape dst(a.begin(), a.end() - 2);
  dst.insert(dst.end(), {a[lead + (ta ? 1 : 0)], b[lead + (tb ? 0 : 1)]});
  return dst;
}

Descs matmul(const OpView& op) {
  arity(op, 2);
  float_input(op, 0);
  same_dtype(op, 0, 1);
  const Shape &a = op.input(0).dims, &b = op.input(1).dims;
  CLQ_REQUIRE(a.size() == 2 && b.size() == 2, "takes two matrices, got {} and {}", to_string(a), to_string(b));
  return {{op.input(0).dtype, product_dims(op, a, b)}};
}

Descs batch_matmul(const OpView& op) {
  arity(op, 2);
  float_input(op, 0);
  same_dtype(op, 0, 1);
  const Shape &a = op.input(0).dims, &b = op.input(1).dims;
  CLQ_REQUIRE(a.size() >= 2 && a.size() == b.size() && std::equal(a.begin(), a.end() - 2, b.begin()),
              "takes matrices behind equal axes, got {} and {}", to_string(a), to_string(b));
  return {{op.input(0).dtype, product_dims(op, a, b)}};
}

// Each gradient lands in its operand's own orientation: no transpose is ever written out.
Values product_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value x = op.inputs[0], y = op.inputs[1];
  const bool tx = op_i64(b, op, "transpose_a", 0) != 0, ty = op_i64(b, op, "transpose_b", 0) != 0;
  const auto product = [&op](GraphBuilder& to, Value left, bool tl, Value right, bool tr) {
    return to.op(op.name, {left, right}, {{"transpose_a", attr(int{tl})}, {"transpose_b", attr(int{tr})}});
  };
  return {tx ? product(b, y, ty, d[0], true) : product(b, d[0], false, y, !ty),
          ty ? product(b, d[0], true, x, tx) : product(b, x, !tx, d[0], false)};
}

constexpr OpRule kMatmulRules[] = {
    {"matmul/1", matmul, product_gradient},
    {"batch_matmul/1", batch_matmul, product_gradient},
};

}  // namespace

std::span<const OpRule> matmul_rules() { return kMatmulRules; }

}  // namespace clq

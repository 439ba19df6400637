// core/src/ops/index.cpp -- ops that turn values into positions and positions into values.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

const TensorDesc& index_input(const OpView& op, size_t i) {
  CLQ_REQUIRE(op.input(i).dtype == CLQ_I64, "input {} must be i64, got {}", i, dtype_name(op.input(i).dtype));
  return op.input(i);
}

int64_t depth_of(const OpView& op) {
  const int64_t depth = op.i64("depth", 0);
  CLQ_REQUIRE(depth > 0, "depth must be positive, got {}", depth);
  return depth;
}

const TensorDesc& with_last_axis(const OpView& op) {
  arity(op, 1);
  const TensorDesc& x = float_input(op, 0);
  CLQ_REQUIRE(!x.dims.empty(), "needs a last axis, got a scalar");
  return x;
}

Descs argmax(const OpView& op) {
  const TensorDesc& x = with_last_axis(op);
  CLQ_REQUIRE(x.dims.back() > 0, "the last axis of {} is empty", to_string(x.dims));
  return {{CLQ_I64, Shape(x.dims.begin(), x.dims.end() - 1)}};
}

Descs one_hot(const OpView& op) {
  arity(op, 1);
  TensorDesc out = index_input(op, 0);
  out.dtype = narrow<DType>(op.i64("dtype", CLQ_F32));
  dtype_bytes(out.dtype);
  out.dims.push_back(depth_of(op));
  return {out};
}

Descs cumsum(const OpView& op) {
  op.i64("exclusive", 0);
  op.i64("reverse", 0);
  return {with_last_axis(op)};
}

Descs gather(const OpView& op) {
  arity(op, 2);
  const TensorDesc& table = float_input(op, 0);
  CLQ_REQUIRE(!table.dims.empty(), "the table must have rows, got a scalar");
  TensorDesc out{table.dtype, index_input(op, 1).dims};
  out.dims.insert(out.dims.end(), table.dims.begin() + 1, table.dims.end());
  return {out};
}

Descs scatter_add(const OpView& op) {
  arity(op, 2);
  const Shape &at = index_input(op, 0).dims, &rows = float_input(op, 1).dims;
  const bool fits = rows.size() >= at.size() && std::equal(at.begin(), at.end(), rows.begin());
  CLQ_REQUIRE(fits, "rows {} do not start with the indices' shape {}", to_string(rows), to_string(at));
  Shape dims = {depth_of(op)};
  dims.insert(dims.end(), rows.begin() + static_cast<int64_t>(at.size()), rows.end());
  return {{op.input(1).dtype, dims}};
}

Values cumsum_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const int64_t exclusive = op_i64(b, op, "exclusive", 0), reverse = op_i64(b, op, "reverse", 0);
  return {b.op("cumsum/1", {d[0]}, {{"exclusive", attr(exclusive)}, {"reverse", attr(int64_t{reverse == 0})}})};
}

Values gather_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const int64_t rows = b.shape(op.inputs[0])[0];
  return {b.op("scatter_add/1", {op.inputs[1], d[0]}, {{"depth", attr(rows)}}), Value{}};
}

constexpr OpRule kIndexRules[] = {
    {"argmax/1", argmax, nullptr},           {"one_hot/1", one_hot, nullptr},
    {"cumsum/1", cumsum, cumsum_gradient},   {"gather/1", gather, gather_gradient},
    {"scatter_add/1", scatter_add, nullptr},
};

}  // namespace

std::span<const OpRule> index_rules() { return kIndexRules; }

}  // namespace clq

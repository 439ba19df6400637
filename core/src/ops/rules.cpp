// core/src/ops/rules.cpp -- what the families' rules share.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

#include <algorithm>

namespace clq::rules {

void arity(const OpView& op, size_t n) {
  CLQ_REQUIRE(op.n_inputs() == n, "takes {} inputs, got {}", n, op.n_inputs());
  for (size_t i = 0; i < n; ++i) op.input(i);
}

void arity_at_least(const OpView& op, size_t n) {
  CLQ_REQUIRE(op.n_inputs() >= n, "takes at least {} inputs, got {}", n, op.n_inputs());
  for (size_t i = 0; i < op.n_inputs(); ++i) op.input(i);
}

const TensorDesc& float_input(const OpView& op, size_t i) {
  const TensorDesc& desc = op.input(i);
  CLQ_REQUIRE(desc.dtype == CLQ_F32 || desc.dtype == CLQ_F64, "input {} must be f32 or f64, got {}", i,
              dtype_name(desc.dtype));
  return desc;
}

void same_dtype(const OpView& op, size_t i, size_t j) {
  const DType a = op.input(i).dtype, b = op.input(j).dtype;
  CLQ_REQUIRE(a == b, "inputs must have one dtype, got {} and {}", dtype_name(a), dtype_name(b));
}

void same_desc(const OpView& op, size_t i, size_t j) {
  same_dtype(op, i, j);
  const Shape &a = op.input(i).dims, &b = op.input(j).dims;
  CLQ_REQUIRE(a == b, "shapes {} and {} differ", to_string(a), to_string(b));
}

Shape broadcast_shapes(const Shape& a, const Shape& b) {
  const Shape &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
  Shape out = longer;
  const size_t offset = longer.size() - shorter.size();
  for (size_t i = 0; i < shorter.size(); ++i) {
    int64_t& dim = out[offset + i];
    CLQ_REQUIRE(dim == shorter[i] || dim == 1 || shorter[i] == 1, "shapes {} and {} do not broadcast", to_string(a),
                to_string(b));
    if (dim == 1) dim = shorter[i];
  }
  return out;
}

size_t axis_of(int64_t axis, const Shape& dims) {
  CLQ_REQUIRE(axis >= 0 && axis < static_cast<int64_t>(dims.size()), "axis {} is not one of {}", axis, to_string(dims));
  return static_cast<size_t>(axis);
}

Value like(GraphBuilder& b, double value, Value x) { return b.constant(value, b.dtype(x)); }

Value broadcast_to(GraphBuilder& b, Value x, const Shape& dims) {
  return b.shape(x) == dims ? x : b.op("broadcast/1", {x}, {{"shape", attr(dims)}});
}

Value reshape_to(GraphBuilder& b, Value x, const Shape& dims) {
  return b.shape(x) == dims ? x : b.op("reshape/1", {x}, {{"shape", attr(dims)}});
}

Value sum_to(GraphBuilder& b, Value x, const Shape& dims) {
  const Shape from = b.shape(x);
  if (from == dims) return x;
  const size_t offset = from.size() - dims.size();
  std::vector<int64_t> axes;
  for (size_t i = 0; i < from.size(); ++i)
    if (i < offset || (dims[i - offset] == 1 && from[i] != 1)) axes.push_back(static_cast<int64_t>(i));
  const Value summed = axes.empty() ? x : b.op("reduce_sum/1", {x}, {{"axes", attr(axes)}, {"keepdims", attr(1)}});
  return reshape_to(b, summed, dims);
}

Value sum_last(GraphBuilder& b, Value x) {
  const auto last = static_cast<int64_t>(b.shape(x).size()) - 1;
  return b.op("reduce_sum/1", {x}, {{"axes", attr(last)}, {"keepdims", attr(1)}});
}

int64_t op_i64(const GraphBuilder& b, const Op& op, std::string_view name, int64_t absent) {
  return OpView(b.graph(), op).i64(name, absent);
}

double op_f64(const GraphBuilder& b, const Op& op, std::string_view name, double absent) {
  return OpView(b.graph(), op).f64(name, absent);
}

std::vector<int64_t> op_list(const GraphBuilder& b, const Op& op, std::string_view name) {
  return OpView(b.graph(), op).list(name);
}

void only_first_output(Diffs diffs) {
  for (size_t i = 1; i < diffs.size(); ++i)
    if (diffs[i]) fail(CLQ_E_UNSUPPORTED, "it flows through the first output alone, one arrived at output {}", i);
}

}  // namespace clq::rules

// core/src/ops/reduce.cpp -- sums, means and extrema over axes.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

std::vector<bool> reduced_axes(const OpView& op) {
  const Shape& dims = op.input(0).dims;
  const bool all = !op.has("axes");
  std::vector<bool> reduced(dims.size(), all);
  for (const int64_t axis : op.list("axes")) reduced[axis_of(axis, dims)] = true;
  return reduced;
}

Shape kept_shape(const OpView& op) {
  Shape dims = op.input(0).dims;
  const std::vector<bool> reduced = reduced_axes(op);
  for (size_t i = 0; i < dims.size(); ++i)
    if (reduced[i]) dims[i] = 1;
  return dims;
}

Descs reduce(const OpView& op) {
  arity(op, 1);
  const TensorDesc& x = float_input(op, 0);
  if (op.i64("keepdims", 0) != 0) return {{x.dtype, kept_shape(op)}};
  const std::vector<bool> reduced = reduced_axes(op);
  TensorDesc out{x.dtype, {}};
  for (size_t i = 0; i < reduced.size(); ++i)
    if (!reduced[i]) out.dims.push_back(x.dims[i]);
  return {out};
}

Descs reduce_not_empty(const OpView& op) {
  Descs out = reduce(op);
  CLQ_REQUIRE(op.input(0).count() > 0 || out[0].count() == 0, "nothing to reduce in {}", to_string(op.input(0).dims));
  return out;
}

Value spread(GraphBuilder& b, const Op& op, Value x) {
  const Shape kept = kept_shape(OpView(b.graph(), op));
  return broadcast_to(b, reshape_to(b, x, kept), b.shape(op.inputs[0]));
}

Values sum_gradient(GraphBuilder& b, const Op& op, Diffs d) { return {spread(b, op, d[0])}; }

Values mean_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const int64_t n =
      std::max<int64_t>(1, b.desc(op.inputs[0]).count() / std::max<int64_t>(1, b.desc(op.outputs[0]).count()));
  return {spread(b, op, b.op("mul/1", {d[0], like(b, 1.0 / static_cast<double>(n), d[0])}))};
}

Values extremum_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value x = op.inputs[0];
  const Shape kept = kept_shape(OpView(b.graph(), op));
  const Value equal = b.op("compare/1", {x, reshape_to(b, op.outputs[0], kept)}, {{"op", attr("eq")}});
  const Value ones = b.op("cast/1", {equal}, {{"dtype", attr(b.dtype(x))}});
  const Value share = b.op("div/1", {reshape_to(b, d[0], kept), sum_to(b, ones, kept)});
  return {b.op("mul/1", {ones, share})};
}

constexpr OpRule kReduceRules[] = {
    {"reduce_sum/1", reduce, sum_gradient},
    {"reduce_mean/1", reduce_not_empty, mean_gradient},
    {"reduce_max/1", reduce_not_empty, extremum_gradient},
    {"reduce_min/1", reduce_not_empty, extremum_gradient},
};

}  // namespace

std::span<const OpRule> reduce_rules() { return kReduceRules; }

}  // namespace clq

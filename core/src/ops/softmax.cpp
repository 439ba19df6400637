// core/src/ops/softmax.cpp -- exponentials normalised over the last axis, and the losses that stand on them.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

Descs over_last_axis(const OpView& op) {
  arity(op, 1);
  const TensorDesc& x = float_input(op, 0);
  CLQ_REQUIRE(!x.dims.empty() && x.dims.back() > 0, "needs a last axis with elements, got {}", to_string(x.dims));
  return {x};
}

Descs log_sum_exp(const OpView& op) {
  TensorDesc out = over_last_axis(op)[0];
  out.dims.pop_back();
  return {out};
}

Descs softmax_cross_entropy(const OpView& op) {
  arity(op, 2);
  const TensorDesc &logits = float_input(op, 0), &labels = op.input(1);
  CLQ_REQUIRE(logits.dims.size() == 2 && logits.dims[1] > 0, "logits must be [N, K], got {}", to_string(logits.dims));
  const Shape rows = {logits.dims[0]};
  const bool indices = labels.dtype == CLQ_I64 && labels.dims == rows;
  CLQ_REQUIRE(indices || labels == logits, "labels must be i64 {} or {} {}, got {} {}", to_string(rows),
              dtype_name(logits.dtype), to_string(logits.dims), dtype_name(labels.dtype), to_string(labels.dims));
  return {{logits.dtype, rows}, logits};
}

Descs sigmoid_cross_entropy(const OpView& op) {
  arity(op, 2);
  same_desc(op, 0, 1);
  return {float_input(op, 0)};
}

Values softmax_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value y = op.outputs[0];
  const Value mean = sum_last(b, b.op("mul/1", {d[0], y}));
  return {b.op("mul/1", {y, b.op("sub/1", {d[0], mean})})};
}

Values log_softmax_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value part = b.op("mul/1", {b.op("exp/1", {op.outputs[0]}), sum_last(b, d[0])});
  return {b.op("sub/1", {d[0], part})};
}

Value as_column(GraphBuilder& b, Value x) {
  Shape dims = b.shape(x);
  dims.push_back(1);
  return reshape_to(b, x, dims);
}

Values log_sum_exp_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {b.op("mul/1", {b.op("softmax/1", {op.inputs[0]}), as_column(b, d[0])})};
}

// (p S - y) with S = sum_k y_k: 1 for labels given as indices. The labels' own gradient, -log softmax, is never asked
// for.
Values softmax_cross_entropy_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  only_first_output(d);
  const Value logits = op.inputs[0], labels = op.inputs[1], p = op.outputs[1];
  const bool indices = b.dtype(labels) == CLQ_I64;
  const Value y =
      !indices ? labels
               : b.op("one_hot/1", {labels}, {{"depth", attr(b.shape(logits)[1])}, {"dtype", attr(b.dtype(logits))}});
  const Value mass = indices ? p : b.op("mul/1", {p, sum_last(b, y)});
  return {b.op("mul/1", {b.op("sub/1", {mass, y}), as_column(b, d[0])}), Value{}};
}

Values sigmoid_cross_entropy_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value logits = op.inputs[0], y = op.inputs[1];
  const Value slope = b.op("sub/1", {b.op("sigmoid/1", {logits}), y});
  return {b.op("mul/1", {d[0], slope}), b.op("neg/1", {b.op("mul/1", {d[0], logits})})};
}

constexpr OpRule kSoftmaxRules[] = {
    {"softmax/1", over_last_axis, softmax_gradient},
    {"log_softmax/1", over_last_axis, log_softmax_gradient},
    {"log_sum_exp/1", log_sum_exp, log_sum_exp_gradient},
    {"softmax_cross_entropy/1", softmax_cross_entropy, softmax_cross_entropy_gradient},
    {"sigmoid_cross_entropy/1", sigmoid_cross_entropy, sigmoid_cross_entropy_gradient},
};

}  // namespace

std::span<const OpRule> softmax_rules() { return kSoftmaxRules; }

}  // namespace clq

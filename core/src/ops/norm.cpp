// core/src/ops/norm.cpp -- batch normalisation over all axes but 1.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

// Input 0 is [N, C, ...]; the inputs of `channel_inputs` are [C].
TensorDesc channels(const OpView& op, size_t n_inputs, std::initializer_list<size_t> channel_inputs) {
  arity(op, n_inputs);
  const TensorDesc& x = float_input(op, 0);
  CLQ_REQUIRE(x.dims.size() >= 2, "src must be [N, C, ...], got {}", to_string(x.dims));
  const TensorDesc per_channel{x.dtype, {x.dims[1]}};
  for (const size_t i : channel_inputs)
    CLQ_REQUIRE(op.input(i) == per_channel, "input {} must be {} {}, got {} {}", i, dtype_name(x.dtype),
                to_string(per_channel.dims), dtype_name(op.input(i).dtype), to_string(op.input(i).dims));
  CLQ_REQUIRE(op.f64("eps", 1e-5) > 0, "eps must be positive, got {}", op.f64("eps", 1e-5));
  return per_channel;
}

Descs batch_norm(const OpView& op) {
  const TensorDesc per_channel = channels(op, 3, {1, 2});
  return {op.input(0), per_channel, per_channel};
}

Descs batch_norm_grad(const OpView& op) {
  const TensorDesc per_channel = channels(op, 5, {1, 2, 3});
  same_desc(op, 0, 4);
  return {op.input(0), per_channel, per_channel};
}

Descs batch_norm_inference(const OpView& op) {
  channels(op, 5, {1, 2, 3, 4});
  return {op.input(0)};
}

Values batch_norm_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  only_first_output(d);
  return b.multi_op("batch_norm_grad/1", {op.inputs[0], op.inputs[1], op.outputs[1], op.outputs[2], d[0]}, op.attrs);
}

Values batch_norm_inference_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value x = op.inputs[0];
  Shape row(b.shape(x).size(), 1);
  row[1] = b.shape(x)[1];
  const Shape per_channel = {row[1]};
  const auto spread = [&](Value v) { return reshape_to(b, v, row); };
  const auto mul = [&](Value p, Value q) { return b.op("mul/1", {p, q}); };
  const auto summed = [&](Value v) { return reshape_to(b, sum_to(b, v, row), per_channel); };

  const Value gamma = op.inputs[1], variance = op.inputs[4];
  const Value std = b.op("sqrt/1", {b.op("add/1", {variance, like(b, op_f64(b, op, "eps", 1e-5), variance)})});
  const Value scale = b.op("div/1", {gamma, std});
  const Value centred = b.op("sub/1", {x, spread(op.inputs[3])});
  const Value along = summed(mul(d[0], centred)), total = summed(d[0]);
  const Value per_variance = b.op("div/1", {mul(mul(along, scale), like(b, -0.5, along)), b.op("square/1", {std})});
  return {mul(d[0], spread(scale)), b.op("div/1", {along, std}), total, b.op("neg/1", {mul(total, scale)}),
          per_variance};
}

constexpr OpRule kNormRules[] = {
    {"batch_norm/1", batch_norm, batch_norm_gradient},
    {"batch_norm_grad/1", batch_norm_grad, nullptr},
    {"batch_norm_inference/1", batch_norm_inference, batch_norm_inference_gradient},
};

}  // namespace

std::span<const OpRule> norm_rules() { return kNormRules; }

}  // namespace clq

// core/src/ops/unary.cpp -- one tensor in, one of the same shape out.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

Descs same_float(const OpView& op) {
  arity(op, 1);
  return {float_input(op, 0)};
}

Descs same_float_alpha(const OpView& op) {
  op.f64("alpha", 1);
  return same_float(op);
}

Descs activation_grad(const OpView& op) {
  arity(op, 2);
  float_input(op, 0);
  same_desc(op, 0, 1);
  return {op.input(1)};
}

Descs activation_grad_alpha(const OpView& op) {
  op.f64("alpha", 1);
  return activation_grad(op);
}

Descs identity(const OpView& op) {
  arity(op, 1);
  return {op.input(0)};
}

Descs clip(const OpView& op) {
  const bool bounded = op.has("min") && op.has("max");
  CLQ_REQUIRE(bounded, "needs the attributes min and max");
  CLQ_REQUIRE(op.f64("min", 0) <= op.f64("max", 0), "min {} is above max {}", op.f64("min", 0), op.f64("max", 0));
  return same_float(op);
}

Descs cast(const OpView& op) {
  arity(op, 1);
  const auto dtype = narrow<DType>(op.i64("dtype", 0));
  dtype_bytes(dtype);
  return {{dtype, op.input(0).dims}};
}

// relu -> relu_grad and so on: the kernels know the derivative, the attributes are the op's own.
Values through_kernel(GraphBuilder& b, const Op& op, Diffs d) {
  const std::string stem = op.name.substr(0, op.name.find('/'));
  return {b.op(stem + "_grad/1", {d[0], op.inputs[0]}, op.attrs)};
}

Values neg_gradient(GraphBuilder& b, const Op&, Diffs d) { return {b.op("neg/1", {d[0]})}; }

Values exp_gradient(GraphBuilder& b, const Op& op, Diffs d) { return {b.op("mul/1", {d[0], op.outputs[0]})}; }

Values log_gradient(GraphBuilder& b, const Op& op, Diffs d) { return {b.op("div/1", {d[0], op.inputs[0]})}; }

Values sqrt_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value half = b.op("mul/1", {d[0], like(b, 0.5, d[0])});
  return {b.op("div/1", {half, op.outputs[0]})};
}

Values square_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value twice = b.op("mul/1", {op.inputs[0], like(b, 2, d[0])});
  return {b.op("mul/1", {d[0], twice})};
}

Values abs_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {b.op("mul/1", {d[0], b.op("sign/1", {op.inputs[0]})})};
}

Values sin_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {b.op("mul/1", {d[0], b.op("cos/1", {op.inputs[0]})})};
}

Values cos_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {b.op("neg/1", {b.op("mul/1", {d[0], b.op("sin/1", {op.inputs[0]})})})};
}

Values erf_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  constexpr double kTwoOverSqrtPi = 1.12837916709551257390;
  const Value bell = b.op("exp/1", {b.op("neg/1", {b.op("square/1", {op.inputs[0]})})});
  return {b.op("mul/1", {d[0], b.op("mul/1", {bell, like(b, kTwoOverSqrtPi, bell)})})};
}

Values no_flow(GraphBuilder&, const Op&, Diffs) { return {Value{}}; }

Values pass(GraphBuilder&, const Op&, Diffs d) { return {d[0]}; }

Values clip_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value x = op.inputs[0], zero = like(b, 0, d[0]);
  const Value low = b.op("compare/1", {x, like(b, op_f64(b, op, "min", 0), x)}, {{"op", attr("ge")}});
  const Value high = b.op("compare/1", {x, like(b, op_f64(b, op, "max", 0), x)}, {{"op", attr("le")}});
  return {b.op("select/1", {b.op("mul/1", {low, high}), d[0], zero})};
}

Values cast_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const DType from = b.dtype(op.inputs[0]);
  if (!is_float(from)) return {Value{}};
  return {b.op("cast/1", {d[0]}, {{"dtype", attr(from)}})};
}

constexpr OpRule kUnaryRules[] = {
    {"neg/1", same_float, neg_gradient},
    {"relu/1", same_float, through_kernel},
    {"leaky_relu/1", same_float_alpha, through_kernel},
    {"elu/1", same_float_alpha, through_kernel},
    {"gelu/1", same_float, through_kernel},
    {"silu/1", same_float, through_kernel},
    {"sigmoid/1", same_float, through_kernel},
    {"tanh/1", same_float, through_kernel},
    {"softplus/1", same_float, through_kernel},
    {"exp/1", same_float, exp_gradient},
    {"log/1", same_float, log_gradient},
    {"sqrt/1", same_float, sqrt_gradient},
    {"square/1", same_float, square_gradient},
    {"abs/1", same_float, abs_gradient},
    {"sin/1", same_float, sin_gradient},
    {"cos/1", same_float, cos_gradient},
    {"erf/1", same_float, erf_gradient},
    {"floor/1", same_float, no_flow},
    {"sign/1", same_float, no_flow},
    {"clip/1", clip, clip_gradient},
    {"identity/1", identity, pass},
    {"stop_gradient/1", same_float, no_flow},
    {"cast/1", cast, cast_gradient},
    {"relu_grad/1", activation_grad, nullptr},
    {"leaky_relu_grad/1", activation_grad_alpha, nullptr},
    {"elu_grad/1", activation_grad_alpha, nullptr},
    {"gelu_grad/1", activation_grad, nullptr},
    {"silu_grad/1", activation_grad, nullptr},
    {"sigmoid_grad/1", activation_grad, nullptr},
    {"tanh_grad/1", activation_grad, nullptr},
    {"softplus_grad/1", activation_grad, nullptr},
};

}  // namespace

std::span<const OpRule> unary_rules() { return kUnaryRules; }

}  // namespace clq

// core/src/ops/conv.cpp -- convolutions over one or two axes and their transposes, in groups, with uneven padding.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/window.hpp"

namespace clq {
namespace {

using namespace rules;

int64_t groups_of(const OpView& op, int64_t channels_in, int64_t channels_out) {
  const int64_t groups = op.i64("groups", 1);
  CLQ_REQUIRE(groups >= 1 && channels_in % groups == 0 && channels_out % groups == 0,
              "{} groups do not divide {} channels in and {} out", groups, channels_in, channels_out);
  return groups;
}

// dst of src [N, C, ...] by weights [K, C / groups, kernel ...].
Shape convolved(const OpView& op, const Shape& src, const Shape& weights) {
  CLQ_REQUIRE(weights.size() == src.size(), "weights {} are not of the rank of src {}", to_string(weights),
              to_string(src));
  const int64_t groups = groups_of(op, src[1], weights[0]);
  CLQ_REQUIRE(weights[1] == src[1] / groups, "weights {} take {} channels a group, src {} has {} in {} groups",
              to_string(weights), weights[1], to_string(src), src[1], groups);
  Shape dst = {src[0], weights[0]};
  for (const int64_t n : windows_over(read_window(op, spatial(weights)), spatial(src))) dst.push_back(n);
  return dst;
}

Descs conv(const OpView& op) {
  const bool biased = op.n_inputs() == 3;
  arity(op, biased ? 3 : 2);
  const TensorDesc &src = spatial_input(op, 0), &weights = spatial_input(op, 1);
  same_dtype(op, 0, 1);
  const Shape dst = convolved(op, src.dims, weights.dims);
  const TensorDesc per_channel{src.dtype, {dst[1]}};
  if (biased)
    CLQ_REQUIRE(op.input(2) == per_channel, "bias must be {} {}, got {} {}", dtype_name(src.dtype),
                to_string(per_channel.dims), dtype_name(op.input(2).dtype), to_string(op.input(2).dims));
  return {{src.dtype, dst}};
}

Descs conv_grad_src(const OpView& op) {
  arity(op, 2);
  const TensorDesc &weights = spatial_input(op, 0), &diff_dst = spatial_input(op, 1);
  same_dtype(op, 0, 1);
  const Shape src = op.list("shape");
  CLQ_REQUIRE(src.size() == diff_dst.dims.size(), "shape {} is no src of {}", to_string(src), to_string(diff_dst.dims));
  CLQ_REQUIRE(convolved(op, src, weights.dims) == diff_dst.dims, "shape {} does not give diff_dst {}", to_string(src),
              to_string(diff_dst.dims));
  return {{diff_dst.dtype, src}};
}

Descs conv_grad_weights(const OpView& op) {
  arity(op, 2);
  const TensorDesc &src = spatial_input(op, 0), &diff_dst = spatial_input(op, 1);
  same_dtype(op, 0, 1);
  CLQ_REQUIRE(src.dims.size() == diff_dst.dims.size(), "src {} and diff_dst {} differ in rank", to_string(src.dims),
              to_string(diff_dst.dims));
  Shape weights = {diff_dst.dims[1], src.dims[1] / groups_of(op, src.dims[1], diff_dst.dims[1])};
  for (const int64_t size : op.list("kernel")) weights.push_back(size);
  CLQ_REQUIRE(weights.size() == src.dims.size() && convolved(op, src.dims, weights) == diff_dst.dims,
              "kernel {} over src {} does not give diff_dst {}", to_string(op.list("kernel")), to_string(src.dims),
              to_string(diff_dst.dims));
  return {{src.dtype, weights}, {src.dtype, {weights[0]}}};
}

// weights [C, K / groups, kernel ...] are those of the convolution that leads from dst to src.
Descs conv_transpose(const OpView& op) {
  const bool biased = op.n_inputs() == 3;
  arity(op, biased ? 3 : 2);
  const TensorDesc &src = spatial_input(op, 0), &weights = spatial_input(op, 1);
  same_dtype(op, 0, 1);
  CLQ_REQUIRE(weights.dims.size() == src.dims.size() && weights.dims[0] == src.dims[1],
              "weights {} have not one entry for each channel of src {}", to_string(weights.dims), to_string(src.dims));
  const int64_t groups = op.i64("groups", 1);
  CLQ_REQUIRE(groups >= 1 && src.dims[1] % groups == 0, "{} groups do not divide the {} channels of src", groups,
              src.dims[1]);
  const TensorDesc per_channel{src.dtype, {weights.dims[1] * groups}};
  if (biased)
    CLQ_REQUIRE(op.input(2) == per_channel, "bias must be {} {}, got {} {}", dtype_name(src.dtype),
                to_string(per_channel.dims), dtype_name(op.input(2).dtype), to_string(op.input(2).dims));
  Shape dst = {src.dims[0], per_channel.dims[0]};
  for (const int64_t n : sizes_under(op, read_window(op, spatial(weights.dims)), spatial(src.dims))) dst.push_back(n);
  return {{src.dtype, dst}};
}

Attrs with(Attrs attrs, const char* name, const Shape& list) {
  attrs.emplace_back(name, attr(list));
  return attrs;
}

Values conv_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value src = op.inputs[0], weights = op.inputs[1];
  const Value diff_src = b.op("conv_grad_src/1", {weights, d[0]}, with(op.attrs, "shape", b.shape(src)));
  const Values parameters =
      b.multi_op("conv_grad_weights/1", {src, d[0]}, with(op.attrs, "kernel", spatial(b.shape(weights))));
  Values out = {diff_src, parameters[0]};
  if (op.inputs.size() == 3) out.push_back(parameters[1]);
  return out;
}

// It is linear, and its transpose is the convolution: the roles of src and dst are exchanged.
Values conv_transpose_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value src = op.inputs[0], weights = op.inputs[1];
  Attrs attrs = op.attrs;
  std::erase_if(attrs, [](const auto& a) { return a.first == "output_padding"; });
  const Value diff_src = b.op("conv/1", {d[0], weights}, attrs);
  const Value diff_weights =
      b.multi_op("conv_grad_weights/1", {d[0], src}, with(attrs, "kernel", spatial(b.shape(weights))))[0];
  Values out = {diff_src, diff_weights};
  if (op.inputs.size() == 3) {
    Shape axes = {0};
    for (size_t a = 2; a < b.shape(src).size(); ++a) axes.push_back(static_cast<int64_t>(a));
    out.push_back(b.op("reduce_sum/1", {d[0]}, {{"axes", attr(axes)}}));
  }
  return out;
}

constexpr OpRule kConvRules[] = {
    {"conv/1", conv, conv_gradient},
    {"conv_grad_src/1", conv_grad_src, nullptr},
    {"conv_grad_weights/1", conv_grad_weights, nullptr},
    {"conv_transpose/1", conv_transpose, conv_transpose_gradient},
};

}  // namespace

std::span<const OpRule> conv_rules() { return kConvRules; }

}  // namespace clq

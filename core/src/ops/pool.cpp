// core/src/ops/pool.cpp -- the largest and the mean value of windows over one or two axes.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/window.hpp"

namespace clq {
namespace {

using namespace rules;

Shape pooled(const OpView& op, const Shape& src) {
  const Window w = read_window(op, op.list("kernel"));
  CLQ_REQUIRE(w.kernel.size() + 2 == src.size(), "kernel {} has not one entry for each axis of {} after N and C",
              to_string(w.kernel), to_string(src));
  for (size_t a = 0; a < w.kernel.size(); ++a) {
    CLQ_REQUIRE(w.dilations[a] == 1, "dilations must be 1, got {}", w.dilations[a]);
    CLQ_REQUIRE(w.pads_begin[a] < w.kernel[a] && w.pads_end[a] < w.kernel[a],
                "padding {} and {} leaves a window of {} without a value", w.pads_begin[a], w.pads_end[a], w.kernel[a]);
  }
  Shape dst = {src[0], src[1]};
  for (const int64_t n : windows_over(w, spatial(src))) dst.push_back(n);
  return dst;
}

Descs max_pool(const OpView& op) {
  arity(op, 1);
  const TensorDesc& src = spatial_input(op, 0);
  return {{src.dtype, pooled(op, src.dims)}};
}

Descs avg_pool(const OpView& op) {
  op.i64("count_padding", 0);
  return max_pool(op);
}

Descs max_pool_grad(const OpView& op) {
  arity(op, 2);
  const TensorDesc& src = spatial_input(op, 0);
  const TensorDesc diff_dst{src.dtype, pooled(op, src.dims)};
  CLQ_REQUIRE(op.input(1) == diff_dst, "diff_dst must be {} {}, got {} {}", dtype_name(src.dtype),
              to_string(diff_dst.dims), dtype_name(op.input(1).dtype), to_string(op.input(1).dims));
  return {src};
}

Descs avg_pool_grad(const OpView& op) {
  arity(op, 1);
  const TensorDesc& diff_dst = spatial_input(op, 0);
  op.i64("count_padding", 0);
  const Shape src = op.list("shape");
  CLQ_REQUIRE(src.size() == diff_dst.dims.size() && pooled(op, src) == diff_dst.dims,
              "shape {} does not give diff_dst {}", to_string(src), to_string(diff_dst.dims));
  return {{diff_dst.dtype, src}};
}

Values max_pool_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {b.op("max_pool_grad/1", {op.inputs[0], d[0]}, op.attrs)};
}

Values avg_pool_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  Attrs attrs = op.attrs;
  attrs.emplace_back("shape", attr(b.shape(op.inputs[0])));
  return {b.op("avg_pool_grad/1", {d[0]}, attrs)};
}

constexpr OpRule kPoolRules[] = {
    {"max_pool/1", max_pool, max_pool_gradient},
    {"max_pool_grad/1", max_pool_grad, nullptr},
    {"avg_pool/1", avg_pool, avg_pool_gradient},
    {"avg_pool_grad/1", avg_pool_grad, nullptr},
};

}  // namespace

std::span<const OpRule> pool_rules() { return kPoolRules; }

}  // namespace clq

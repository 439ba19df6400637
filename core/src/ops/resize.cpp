// core/src/ops/resize.cpp -- maps made larger by whole factors: every element repeated, or lines between elements.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/window.hpp"

namespace clq {
namespace {

using namespace rules;

// One factor for each axis after N and C.
std::vector<int64_t> scales_of(const OpView& op, const Shape& dims) {
  const std::string mode = op.text("mode", "nearest");
  CLQ_REQUIRE(mode == "nearest" || mode == "bilinear", "mode '{}' is neither nearest nor bilinear", mode);
  const std::vector<int64_t> scales = op.list("scales");
  CLQ_REQUIRE(scales.size() + 2 == dims.size(), "scales has {} entries, src has {} axes after N and C", scales.size(),
              dims.size() - 2);
  for (const int64_t s : scales) CLQ_REQUIRE(s >= 1 && s <= 1 << 20, "scales must be from 1 to 2^20, got {}", s);
  return scales;
}

Descs resize(const OpView& op) {
  arity(op, 1);
  TensorDesc desc = spatial_input(op, 0);
  const std::vector<int64_t> scales = scales_of(op, desc.dims);
  for (size_t a = 0; a < scales.size(); ++a) desc.dims[a + 2] *= scales[a];
  return {desc};
}

Descs resize_grad(const OpView& op) {
  arity(op, 1);
  TensorDesc desc = spatial_input(op, 0);
  const std::vector<int64_t> scales = scales_of(op, desc.dims);
  for (size_t a = 0; a < scales.size(); ++a) {
    CLQ_REQUIRE(desc.dims[a + 2] % scales[a] == 0, "diff_dst {} is not {} times larger on axis {}",
                to_string(desc.dims), scales[a], a + 2);
    desc.dims[a + 2] /= scales[a];
  }
  return {desc};
}

Values resize_gradient(GraphBuilder& b, const Op& op, Diffs d) { return {b.op("resize_grad/1", {d[0]}, op.attrs)}; }

constexpr OpRule kResizeRules[] = {{"resize/1", resize, resize_gradient}, {"resize_grad/1", resize_grad, nullptr}};

}  // namespace

std::span<const OpRule> resize_rules() { return kResizeRules; }

}  // namespace clq

// tests/core/ops/closed_form_resampling.cpp -- ops that make maps larger, their results written out from docs/ops.md.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "core/ops/cases.hpp"

namespace clq::test {
namespace {

using I = std::vector<int64_t>;
using Cases = std::vector<ClosedFormCase>;

void transposes(Cases& out) {
  const std::string op = "conv_transpose/1";
  const Tensor src = tensor({1, 1, 1, 2}, {1, 2}), weights = tensor({1, 1, 2, 2}, {10, 20, 30, 40});
  const Attrs twice = {{"strides", attr(I{2, 2})}};
  out.push_back(
      {op, {src, weights, tensor({1}, {5})}, just(op, twice), tensor({1, 1, 2, 4}, {15, 25, 25, 45, 35, 45, 65, 85})});
  // A kernel of 3 at steps of 2 meets itself in one place; one entry is cut off, one stands behind all windows.
  out.push_back({op,
                 {tensor({1, 1, 2}, {1, 2}), tensor({1, 1, 3}, {1, 10, 100})},
                 just(op, {{"strides", attr(I{2})}, {"pads_begin", attr(I{1})}, {"output_padding", attr(I{1})}}),
                 tensor({1, 1, 5}, {10, 102, 20, 200, 0})});
  // Two channels to three by weights [C, K / groups, 1], then the same number of groups as channels.
  const Tensor both = tensor({1, 2, 1}, {1, 2});
  out.push_back({op, {both, tensor({2, 3, 1}, {1, 2, 3, 10, 20, 30})}, just(op), tensor({1, 3, 1}, {21, 42, 63})});
  out.push_back({op,
                 {both, tensor({2, 2, 1}, {1, 2, 10, 20})},
                 just(op, {{"groups", attr(2)}}),
                 tensor({1, 4, 1}, {1, 2, 20, 40})});
}

Attrs scaled(const I& scales, const char* mode) { return {{"scales", attr(scales)}, {"mode", attr(mode)}}; }

void sizes(Cases& out) {
  const Tensor square = tensor({1, 1, 2, 2}, {0, 4, 8, 12});
  out.push_back({"resize/1",
                 {square},
                 just("resize/1", {{"scales", attr(I{1, 3})}}),
                 tensor({1, 1, 2, 6}, {0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12})});
  // A quarter of the way, three quarters, and the first and last beyond the ends.
  out.push_back({"resize/1",
                 {square},
                 just("resize/1", scaled({2, 2}, "bilinear")),
                 tensor({1, 1, 4, 4}, {0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12})});
  // Of odd factors the middle one stands on an element: what is beside it has no part.
  const double inf = std::numeric_limits<double>::infinity();
  out.push_back({"resize/1",
                 {tensor({1, 1, 2}, {1, inf})},
                 just("resize/1", scaled({3}, "bilinear")),
                 tensor({1, 1, 6}, {1, 1, inf, inf, inf, inf})});
  const Tensor diff = tensor({1, 1, 6}, {1, 2, 3, 4, 5, 6});
  out.push_back({"resize_grad/1", {diff}, just("resize_grad/1", scaled({3}, "nearest")), tensor({1, 1, 2}, {6, 15})});
  out.push_back({"resize_grad/1",
                 {tensor({1, 1, 4}, {1, 10, 100, 1000})},
                 just("resize_grad/1", scaled({2}, "bilinear")),
                 tensor({1, 1, 2}, {33.5, 1077.5})});
}

}  // namespace

void add_resampling_closed_forms(Cases& out) { transposes(out), sizes(out); }

}  // namespace clq::test

// tests/core/ops/closed_form_resampling.cpp -- ops that make maps larger, their results written out from docs/ops.md.
// SPDX-License-Identifier: BSD-3-Clause
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

}  // namespace

void add_resampling_closed_forms(Cases& out) { transposes(out); }

}  // namespace clq::test

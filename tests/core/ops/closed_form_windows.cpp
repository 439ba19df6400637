// tests/core/ops/closed_form_windows.cpp -- convolutions, poolings and prelu, written out from docs/ops.md.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "core/ops/cases.hpp"

namespace clq::test {
namespace {

using I = std::vector<int64_t>;
using D = std::vector<double>;
using Cases = std::vector<ClosedFormCase>;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Tensor vec(const D& values) { return tensor({static_cast<int64_t>(values.size())}, values); }

void windows(Cases& out) {
  const Tensor src = tensor({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}), weights = tensor({1, 1, 1, 2}, {10, 1});
  out.push_back({"conv/1", {src, weights, vec({100})}, just("conv/1"), tensor({1, 1, 2, 2}, {112, 123, 145, 156})});
  const Attrs end = {{"pads_end", attr(I{0, 1})}, {"strides", attr(I{1, 2})}};
  out.push_back({"conv/1", {src, weights}, just("conv/1", end), tensor({1, 1, 2, 2}, {12, 30, 45, 60})});
  const Tensor ones = tensor({1, 1, 2, 2}, {1, 1, 1, 1});
  out.push_back({"conv_grad_src/1",
                 {weights, ones},
                 just("conv_grad_src/1", {{"shape", attr(I{1, 1, 2, 3})}}),
                 tensor({1, 1, 2, 3}, {10, 11, 1, 10, 11, 1})});
  const Attrs kernel = {{"kernel", attr(I{1, 2})}};
  const std::string grad = "conv_grad_weights/1";
  out.push_back({grad, {src, ones}, output(grad, 0, kernel), tensor({1, 1, 1, 2}, {12, 16})});
  out.push_back({grad, {src, ones}, output(grad, 1, kernel), vec({4})});
}

void pools(Cases& out) {
  const Tensor src = tensor({1, 1, 4}, {1, 3, 3, kNaN}), finite = tensor({1, 1, 3}, {1, 3, 3});
  const Attrs two = {{"kernel", attr(I{2})}}, same = {{"kernel", attr(I{2})}, {"pads_end", attr(I{1})}};
  out.push_back({"max_pool/1", {src}, just("max_pool/1", two), tensor({1, 1, 3}, {3, 3, kNaN})});
  out.push_back({"max_pool_grad/1",
                 {finite, tensor({1, 1, 2}, {1, 10})},
                 just("max_pool_grad/1", two),
                 tensor({1, 1, 3}, {0, 11, 0})});
  out.push_back({"avg_pool/1", {finite}, just("avg_pool/1", same), tensor({1, 1, 3}, {2, 3, 3})});
  Attrs counted = same;
  counted.emplace_back("count_padding", attr(1));
  out.push_back({"avg_pool/1", {finite}, just("avg_pool/1", counted), tensor({1, 1, 3}, {2, 3, 1.5})});
  Attrs shaped = same;
  shaped.emplace_back("shape", attr(I{1, 1, 3}));
  Attrs bare = two;
  bare.emplace_back("shape", attr(I{1, 1, 3}));
  out.push_back(
      {"avg_pool_grad/1", {tensor({1, 1, 2}, {2, 4})}, just("avg_pool_grad/1", bare), tensor({1, 1, 3}, {1, 3, 2})});
  out.push_back({"avg_pool_grad/1",
                 {tensor({1, 1, 3}, {2, 4, 8})},
                 just("avg_pool_grad/1", shaped),
                 tensor({1, 1, 3}, {1, 3, 10})});
}

void prelus(Cases& out) {
  const Tensor x = tensor({2, 2}, {-1, 2, 0, -4}), slope = vec({0.5, 0.25}), diff = tensor({2, 2}, {1, 2, 3, 4});
  out.push_back({"prelu/1", {x, slope}, just("prelu/1"), tensor({2, 2}, {-0.5, 2, 0, -1})});
  const std::string grad = "prelu_grad/1";
  out.push_back({grad, {x, slope, diff}, output(grad, 0), tensor({2, 2}, {0.5, 2, 1.5, 1})});
  out.push_back({grad, {x, slope, diff}, output(grad, 1), vec({-1, -16})});
}

}  // namespace

void add_window_closed_forms(Cases& out) { windows(out), pools(out), prelus(out); }

}  // namespace clq::test

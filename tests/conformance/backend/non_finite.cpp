// tests/conformance/backend/non_finite.cpp -- NaN and infinities come out where docs/ops.md has them, nowhere else.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include "conformance/backend/each_case.hpp"
#include "conformance/backend/lists.hpp"

namespace clq::conformance {
namespace {

using test::Array;
using test::Dims;
using test::OpCase;

// Three of its elements; `first` says which stands first: of a single element all three are tried.
void make_some_non_finite(Array& a, size_t first) {
  constexpr float kInf = std::numeric_limits<float>::infinity(), kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kValues[] = {kNaN, kInf, -kInf};
  if (a.dtype != CLQ_F32) return;
  auto values = a.as<float>();
  const size_t step = values.size() / 3 + 1;
  for (size_t i = values.size() / 5, k = first; i < values.size(); i += step, ++k) values[i] = kValues[k % 3];
  a = test::array<float>(a.dims, values);
}

// All inputs at once, and each alone: in the company of others most of what comes out is NaN.
std::vector<OpCase> non_finite_twins(const OpCase& c) {
  std::vector<OpCase> twins;
  for (size_t first = 0; first < 3; ++first) {
    for (Array& a : twins.emplace_back(c).inputs) make_some_non_finite(a, first);
    for (size_t i = 0; c.inputs.size() > 1 && i < c.inputs.size(); ++i)
      if (c.inputs[i].dtype == CLQ_F32) make_some_non_finite(twins.emplace_back(c).inputs[i], first);
  }
  return twins;
}

Dims list_of(const OpCase& c, const std::string& name) {
  for (const auto& [key, value] : c.attrs)
    if (key == name) return std::get<Dims>(value);
  return {};
}

// An image with 0 around it.
Array padded(const Array& image, const Dims& begin, const Dims& end) {
  Dims dims = image.dims;
  for (size_t d = 0; d < begin.size(); ++d) dims[d + 2] += begin[d] + end[d];
  const auto values = image.as<float>();
  std::vector<float> all(static_cast<size_t>(test::empty(CLQ_F32, dims).count()), 0.0f);
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t rest = static_cast<int64_t>(i), to = 0, stride = 1;
    for (size_t d = dims.size(); d-- > 0; rest /= image.dims[d], stride *= dims[d])
      to += stride * (rest % image.dims[d] + (d < 2 ? 0 : begin[d - 2]));
    all[static_cast<size_t>(to)] = values[i];
  }
  return test::array<float>(dims, all);
}

// A convolution may leave out what is 0 by its definition or add it (docs/ops.md), and 0 times what is not finite is
// NaN.
bool may_add_zeros(const std::string& op) { return op.starts_with("conv"); }

// The case in which the padding is there.
OpCase with_padding_there(OpCase c) {
  const Dims begin = list_of(c, "pads_begin"), end = list_of(c, "pads_end");
  if (!may_add_zeros(c.op) || c.op == "conv_grad_src/1" || c.op == "conv_transpose/1" || begin.empty()) return c;
  c.inputs[0] = padded(c.inputs[0], begin, end);
  for (auto& [key, value] : c.attrs)
    if (key == "pads_begin" || key == "pads_end") value = Dims(begin.size(), 0);
  return c;
}

// Finite, NaN, or the infinity of one sign.
enum class Sort { finite, nan, above, below };

template <class T>
Sort sort_of(T v) {
  return std::isfinite(v) ? Sort::finite : std::isnan(v) ? Sort::nan : v > 0 ? Sort::above : Sort::below;
}

template <class T>
bool right(T got, T want, T other, bool zeros) {
  if (zeros && std::isnan(got) && std::isinf(want)) return true;
  return sort_of(got) == sort_of(want) || sort_of(got) == sort_of(other);
}

// The first element that is of neither's sort. zeros: an infinity may have become NaN.
template <class T>
void compare_sorts(const Array& got, const Array& want, const Array& other, bool zeros, const std::string& what,
                   Findings& findings) {
  const auto g = got.as<T>(), w = want.as<T>(), o = other.as<T>();
  for (size_t k = 0; k < w.size(); ++k)
    if (!findings.expect(right(g[k], w[k], o[k], zeros), "{}, element {}: {}, cpu_ref's is {}", what, k, g[k], w[k]))
      return;
}

void compare(UnderTest& tested, test::Session& reference, const OpCase& c, Findings& findings) {
  const auto want = test::run_case(reference, c), got = test::run_case(tested.session(), c);
  const auto other = test::run_case(reference, with_padding_there(c));
  const bool zeros = may_add_zeros(c.op);
  for (size_t i = 0; i < want.size(); ++i) {
    const std::string what = fmt::format("{}: output {}", text_of(c), i);
    if (want[i].dtype == CLQ_F32)
      compare_sorts<float>(got[i], want[i], other[i], zeros, what, findings);
    else if (want[i].dtype == CLQ_F64)
      compare_sorts<double>(got[i], want[i], other[i], zeros, what, findings);
    else
      findings.expect(got[i].data == want[i].data, "{}: other bits than cpu_ref's", what);
  }
}

}  // namespace

void keeps_non_finite(const Subject& subject, const std::string& op, Findings& findings) {
  UnderTest tested(subject);
  test::Session reference(reference_of(subject));
  each_case(tested, op, subject.seed + 3, findings, [&](const OpCase& c) {
    for (OpCase& twin : non_finite_twins(c)) {
      twin.flags = CLQ_SEG_STRICT_F32;  // Winograd's transforms spread what is not finite over a tile (docs/ops.md)
      compare(tested, reference, twin, findings);
    }
  });
}

}  // namespace clq::conformance

// tests/conformance/hurting.cpp -- the kinds of shapes that hurt.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/hurting.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace clq::test {
namespace {

bool is_prime(int64_t n) {
  for (int64_t d = 2; d * d <= n; ++d)
    if (n % d == 0) return false;
  return n > 1;
}

const Dims* list_of(const OpCase& c, const std::string& name) {
  for (const auto& [key, value] : c.attrs)
    if (key == name) return std::get_if<Dims>(&value);
  return nullptr;
}

bool is_window(const std::string& op) { return op.starts_with("conv") || op.find("_pool") != std::string::npos; }

bool has_channels(const std::string& op) {
  return is_window(op) || op.starts_with("resize") || op.starts_with("prelu") || op.starts_with("batch_norm") ||
         op.starts_with("layer_norm");
}

bool broadcasts(const std::string& op) {
  static const std::set<std::string> ops = {"add/1",     "sub/1", "mul/1",     "div/1",    "maximum/1",
                                            "minimum/1", "pow/1", "compare/1", "select/1", "broadcast/1"};
  return ops.contains(op);
}

// The sizes of windows: an attribute, or behind the first two axes of the weights.
Dims kernel_of(const OpCase& c) {
  if (const Dims* kernel = list_of(c, "kernel")) return *kernel;
  const Dims& weights = c.inputs[c.op == "conv_grad_src/1" ? 0 : 1].dims;
  return {weights.begin() + 2, weights.end()};
}

bool steps_over(const OpCase& c) {
  const Dims* strides = is_window(c.op) ? list_of(c, "strides") : nullptr;
  if (strides == nullptr) return false;
  const Dims kernel = kernel_of(c);
  for (size_t a = 0; a < kernel.size(); ++a)
    if ((*strides)[a] > kernel[a]) return true;
  return false;
}

int64_t channels_of(const OpCase& c) {
  const Dims& dims = c.inputs[c.op == "conv_grad_src/1" ? 1 : 0].dims;
  return c.op.starts_with("layer_norm") ? dims.back() : dims[1];
}

void count_broadcasts(const OpCase& c, Kinds& kinds) {
  const Dims& out = c.outputs[0].dims;
  for (size_t axis = 0; axis < out.size() && out.size() == 4; ++axis)
    if (std::any_of(c.inputs.begin(), c.inputs.end(),
                    [&](const Array& a) { return a.dims.size() == 4 && a.dims[axis] == 1 && out[axis] > 1; }))
      ++kinds[fmt::format("broadcast axis {}", axis)];
}

}  // namespace

void count_kinds(const OpCase& c, Kinds& kinds) {
  std::set<int64_t> sizes;
  for (const Array& a : c.inputs) sizes.insert(a.dims.begin(), a.dims.end());
  for (const OutputSpec& o : c.outputs) sizes.insert(o.dims.begin(), o.dims.end());
  const auto any = [&](const char* kind, auto holds) {
    if (std::any_of(sizes.begin(), sizes.end(), holds)) ++kinds[kind];
  };
  any("size 0", [](int64_t n) { return n == 0; });
  any("size 1", [](int64_t n) { return n == 1; });
  any("odd", [](int64_t n) { return n > 1 && n % 2 == 1; });
  any("prime", [](int64_t n) { return n >= 7 && is_prime(n); });
  if (steps_over(c)) ++kinds["stride > kernel"];
  if (has_channels(c.op)) ++kinds[fmt::format("channels {}", channels_of(c))];
  if (broadcasts(c.op)) count_broadcasts(c, kinds);
}

std::set<std::string> kinds_wanted(const std::string& op) {
  std::set<std::string> kinds = {"size 0", "size 1", "odd", "prime"};
  if (is_window(op)) kinds.insert("stride > kernel");
  if (has_channels(op)) kinds.insert({"channels 1", "channels 3", "channels 5", "channels 64"});
  if (broadcasts(op)) kinds.insert({"broadcast axis 0", "broadcast axis 1", "broadcast axis 2", "broadcast axis 3"});
  return kinds;
}

std::string text_of(const Kinds& kinds) {
  std::string text;
  for (const auto& [kind, n] : kinds) text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", kind, n);
  return text;
}

}  // namespace clq::test

// core/src/ops/window.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/window.hpp"

#include <algorithm>

namespace clq::rules {
namespace {

constexpr int64_t kMost = int64_t{1} << 30;  // sums and products of a few of them stay in 64 bits

std::vector<int64_t> entries(const OpView& op, const char* name, size_t n_axes, int64_t absent) {
  std::vector<int64_t> list = op.list(name);
  if (list.empty()) list.assign(n_axes, absent);
  CLQ_REQUIRE(list.size() == n_axes, "{} has {} entries, src has {} axes after N and C", name, list.size(), n_axes);
  for (const int64_t entry : list)
    CLQ_REQUIRE(entry >= absent && entry < kMost, "{} must be from {} to 2^30, got {}", name, absent, entry);
  return list;
}

// Over how many elements the kernel reaches along an axis.
int64_t reach_of(const Window& w, size_t a) { return w.dilations[a] * (w.kernel[a] - 1) + 1; }

}  // namespace

const TensorDesc& spatial_input(const OpView& op, size_t i) {
  const TensorDesc& desc = float_input(op, i);
  const size_t rank = desc.dims.size();
  const bool empty =
      std::any_of(desc.dims.begin() + (rank > 0), desc.dims.end(), [](int64_t n) { return n < 1 || n >= kMost; });
  CLQ_REQUIRE((rank == 3 || rank == 4) && !empty, "input {} must be [N, C, L] or [N, C, H, W], got {}", i,
              to_string(desc.dims));
  return desc;
}

Shape spatial(const Shape& dims) { return {dims.begin() + 2, dims.end()}; }

Window read_window(const OpView& op, std::vector<int64_t> kernel) {
  const size_t n = kernel.size();
  for (const int64_t size : kernel) CLQ_REQUIRE(size >= 1 && size < kMost, "kernel must be positive, got {}", size);
  return {std::move(kernel), entries(op, "strides", n, 1), entries(op, "dilations", n, 1),
          entries(op, "pads_begin", n, 0), entries(op, "pads_end", n, 0)};
}

Shape windows_over(const Window& w, const Shape& sizes) {
  CLQ_REQUIRE(w.kernel.size() == sizes.size(), "kernel {} has not one entry for each of {}", to_string(w.kernel),
              to_string(sizes));
  Shape out;
  for (size_t a = 0; a < sizes.size(); ++a) {
    CLQ_REQUIRE(sizes[a] >= 1 && sizes[a] < kMost, "axis {} of src must be from 1 to 2^30, got {}", a + 2, sizes[a]);
    const int64_t reach = reach_of(w, a);
    const int64_t room = sizes[a] + w.pads_begin[a] + w.pads_end[a];
    CLQ_REQUIRE(reach <= room, "a kernel that reaches over {} does not fit into {} with padding {} and {}", reach,
                sizes[a], w.pads_begin[a], w.pads_end[a]);
    out.push_back((room - reach) / w.strides[a] + 1);
  }
  return out;
}

Shape sizes_under(const OpView& op, const Window& w, const Shape& windows) {
  CLQ_REQUIRE(w.kernel.size() == windows.size(), "kernel {} has not one entry for each of {}", to_string(w.kernel),
              to_string(windows));
  const std::vector<int64_t> more = entries(op, "output_padding", windows.size(), 0);
  Shape out;
  for (size_t a = 0; a < windows.size(); ++a) {
    CLQ_REQUIRE(more[a] < w.strides[a], "output_padding must be less than the stride {}, got {}", w.strides[a],
                more[a]);
    const int64_t pads = w.pads_begin[a] + w.pads_end[a];
    const int64_t size = (windows[a] - 1) * w.strides[a] + reach_of(w, a) - pads + more[a];
    CLQ_REQUIRE(size >= 1 && size < kMost, "axis {} of dst must be from 1 to 2^30, got {}", a + 2, size);
    out.push_back(size);
  }
  return out;
}

}  // namespace clq::rules

// core/src/layers/window_options.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/window_options.hpp"

#include <algorithm>

namespace clq {
namespace {

constexpr int64_t kMost = int64_t{1} << 20;

}  // namespace

std::vector<int64_t> entries_of(const Config& config, const char* key, int64_t least, std::vector<int64_t> absent) {
  if (!config.has(key)) return absent;
  const auto value = config.require<Json>(key);
  auto list =
      value.is_array() ? config.require<std::vector<int64_t>>(key) : std::vector<int64_t>{config.require<int64_t>(key)};
  CLQ_REQUIRE(!list.empty(), "{}.{} is empty", config.path(), key);
  for (const int64_t entry : list)
    CLQ_REQUIRE(entry >= least && entry <= kMost, "{}.{} must be from {} to {}, got {}", config.path(), key, least,
                kMost, entry);
  return list;
}

WindowOptions::WindowOptions(const Config& config, const char* layer, bool dilated, const char* padding)
    : layer_(layer),
      padding_(padding),
      dilated_(dilated),
      kernel_(entries_of(config, "kernel", 1, {})),
      stride_(entries_of(config, "stride", 1, {})),
      dilation_(dilated ? entries_of(config, "dilation", 1, {1}) : std::vector<int64_t>{1}) {
  CLQ_REQUIRE(!kernel_.empty(), "{}.kernel is missing", config.path());
  if (config.has("padding") && config.require<Json>("padding").is_string()) {
    padding_ = config.require<std::string>("padding");
    CLQ_REQUIRE(padding_ == "same" || padding_ == "valid",
                "{}.padding must be \"same\", \"valid\" or numbers, got '{}'", config.path(), padding_);
  } else if (config.has("padding")) {
    padding_ = "given";
    pads_ = entries_of(config, "padding", 0, {});
  }
}

void WindowOptions::set_stride_to_kernel() {
  if (stride_.empty()) stride_ = kernel_;
}

void WindowOptions::read_output_padding(const Config& config) {
  output_padding_ = entries_of(config, "output_padding", 0, {0});
  CLQ_REQUIRE(!config.has("output_padding") || padding_ != "same",
              "{}.output_padding needs padding as numbers or \"valid\"", config.path());
}

std::vector<int64_t> WindowOptions::over(const std::vector<int64_t>& entries, const char* key, size_t n_axes) const {
  if (entries.empty()) return std::vector<int64_t>(n_axes, 1);
  if (entries.size() == 1) return std::vector<int64_t>(n_axes, entries.front());
  CLQ_REQUIRE(entries.size() == n_axes, "{}: {} has {} entries, src has {} axes after N and C", layer_, key,
              entries.size(), n_axes);
  return entries;
}

std::vector<int64_t> WindowOptions::kernel(const Shape& src) const {
  CLQ_REQUIRE(src.size() == 3 || src.size() == 4, "{}: src must be [N, C, L] or [N, C, H, W], got {}", layer_,
              to_string(src));
  return over(kernel_, "kernel", src.size() - 2);
}

std::vector<int64_t> WindowOptions::strides(const Shape& src) const { return over(stride_, "stride", src.size() - 2); }

Attrs WindowOptions::attrs(const Shape& src) const {
  const std::vector<int64_t> size = kernel(src);
  const size_t n = size.size();
  const std::vector<int64_t> strides = over(stride_, "stride", n), dilations = over(dilation_, "dilation", n);
  std::vector<int64_t> begin(n, 0), end(n, 0);
  if (padding_ == "given") begin = end = over(pads_, "padding", n);
  for (size_t a = 0; a < n && padding_ == "same"; ++a) {
    const int64_t out = (src[a + 2] + strides[a] - 1) / strides[a];
    const int64_t total = (out - 1) * strides[a] + dilations[a] * (size[a] - 1) + 1 - src[a + 2];
    begin[a] = std::max<int64_t>(0, total) / 2;
    end[a] = std::max<int64_t>(0, total) - begin[a];
  }
  Attrs attrs = {{"strides", attr(strides)}, {"pads_begin", attr(begin)}, {"pads_end", attr(end)}};
  if (dilated_) attrs.emplace_back("dilations", attr(dilations));
  return attrs;
}

Attrs WindowOptions::transposed_attrs(const Shape& src) const {
  const std::vector<int64_t> size = kernel(src), steps = strides(src);
  const size_t n = size.size();
  const std::vector<int64_t> dilations = over(dilation_, "dilation", n);
  std::vector<int64_t> begin(n, 0), end(n, 0), more = over(output_padding_, "output_padding", n);
  if (padding_ == "given") begin = end = over(pads_, "padding", n);
  for (size_t a = 0; a < n && padding_ == "same"; ++a) {
    const int64_t total = dilations[a] * (size[a] - 1) + 1 - steps[a];  // what windows have beyond the stride
    begin[a] = std::max<int64_t>(0, total) / 2;
    end[a] = std::max<int64_t>(0, total) - begin[a];
    more[a] = std::max<int64_t>(0, -total);
  }
  return {{"strides", attr(steps)},
          {"dilations", attr(dilations)},
          {"pads_begin", attr(begin)},
          {"pads_end", attr(end)},
          {"output_padding", attr(more)}};
}

}  // namespace clq

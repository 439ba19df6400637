// core/src/layers/rearrange.cpp -- a part of the input, or the same values in another shape or order.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>
#include <numeric>

#include "layers/layers.hpp"

namespace clq {
namespace {

// Counts from the end where it is negative.
int64_t from_end(int64_t place, int64_t size) { return place < 0 ? place + size : place; }

class Slice final : public Layer {
 public:
  explicit Slice(const Config& config)
      : axis_(config.get("axis", int64_t{1})),
        begin_(config.get("begin", int64_t{0})),
        end_(config.has("end") ? config.require<int64_t>("end") : kToTheEnd) {
    CLQ_REQUIRE(axis_ > 0, "slice: axis must be 1 or more (axis 0 holds the samples), got {}", axis_);
  }

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "slice");
    std::vector<int64_t> end = graph.shape(x), begin(end.size(), 0);
    const auto axis = static_cast<size_t>(axis_);
    CLQ_REQUIRE(axis < end.size(), "slice: src is {}, there is no axis {}", to_string(end), axis_);
    const int64_t size = end[axis];
    begin[axis] = from_end(begin_, size);
    if (end_ != kToTheEnd) end[axis] = from_end(end_, size);
    CLQ_REQUIRE(begin[axis] >= 0 && begin[axis] < end[axis] && end[axis] <= size,
                "slice: from {} to {} is no part of axis {}, which has {}", begin[axis], end[axis], axis_, size);
    return graph.op("slice/1", {x}, {{"begin", attr(begin)}, {"end", attr(end)}});
  }

 private:
  static constexpr int64_t kToTheEnd = std::numeric_limits<int64_t>::max();
  int64_t axis_, begin_, end_;
};

class Reshape final : public Layer {
 public:
  explicit Reshape(const Config& config) : shape_(config.require<std::vector<int64_t>>("shape")) {
    for (const int64_t dim : shape_)
      CLQ_REQUIRE(dim > 0 || dim == -1, "reshape: a size must be positive, or -1 for what is left, got {}", dim);
    CLQ_REQUIRE(std::count(shape_.begin(), shape_.end(), -1) <= 1, "reshape: one size may be -1, here are {}",
                std::count(shape_.begin(), shape_.end(), -1));
  }

  // `shape` is that of one sample.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "reshape");
    const Shape dims = graph.shape(x);
    CLQ_REQUIRE(!dims.empty() && dims[0] > 0, "reshape: src must be [N, ...], got {}", to_string(dims));
    const int64_t count = element_count(dims) / dims[0];
    int64_t left = count;
    for (const int64_t dim : shape_) {
      CLQ_REQUIRE(dim < 0 || (left > 0 && left % dim == 0), "reshape: a sample of {} has {} values, not {}",
                  to_string(dims), count, to_string(shape_));
      if (dim > 0) left /= dim;
    }
    const bool open = std::count(shape_.begin(), shape_.end(), -1) == 1;
    CLQ_REQUIRE(open || left == 1, "reshape: a sample of {} has {} values, not {}", to_string(dims), count,
                to_string(shape_));
    Shape to = shape_;
    std::replace(to.begin(), to.end(), int64_t{-1}, left);
    to.insert(to.begin(), dims[0]);
    return graph.op("reshape/1", {x}, {{"shape", attr(to)}});
  }

 private:
  Shape shape_;
};

class Permute final : public Layer {
 public:
  explicit Permute(const Config& config) : axes_(config.require<std::vector<int64_t>>("axes")) {
    std::vector<int64_t> sorted = axes_, each(axes_.size());
    std::sort(sorted.begin(), sorted.end());
    std::iota(each.begin(), each.end(), 1);
    CLQ_REQUIRE(!axes_.empty() && sorted == each,
                "permute: axes must be 1 to {} in some order (axis 0 holds the samples)", axes_.size());
  }

  // Axis i + 1 of the output is axis axes[i] of the input.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "permute");
    const Shape dims = graph.shape(x);
    CLQ_REQUIRE(dims.size() == axes_.size() + 1, "permute: {} axes for src {}", axes_.size(), to_string(dims));
    std::vector<int64_t> perm = {0};
    perm.insert(perm.end(), axes_.begin(), axes_.end());
    return graph.op("transpose/1", {x}, {{"perm", attr(perm)}});
  }

 private:
  std::vector<int64_t> axes_;
};

}  // namespace

std::unique_ptr<Layer> make_slice(const Config& config) { return std::make_unique<Slice>(config); }
std::unique_ptr<Layer> make_reshape(const Config& config) { return std::make_unique<Reshape>(config); }
std::unique_ptr<Layer> make_permute(const Config& config) { return std::make_unique<Permute>(config); }

}  // namespace clq

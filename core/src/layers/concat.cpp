// core/src/layers/concat.cpp -- several inputs side by side along one axis.
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/layers.hpp"

namespace clq {
namespace {

class Concat final : public Layer {
 public:
  explicit Concat(const Config& config) : axis_(config.get("axis", int64_t{1})) {
    CLQ_REQUIRE(axis_ > 0, "concat: axis must be 1 or more (axis 0 holds the samples), got {}", axis_);
  }

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    CLQ_REQUIRE(!inputs.empty(), "concat: needs `from`, the layers to join");
    return graph.op("concat/1", {inputs.begin(), inputs.end()}, {{"axis", attr(axis_)}});
  }

 private:
  int64_t axis_;
};

}  // namespace

std::unique_ptr<Layer> make_concat(const Config& config) { return std::make_unique<Concat>(config); }

}  // namespace clq

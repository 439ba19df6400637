// core/src/layers/flatten.cpp -- all axes but the samples' become one.
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/layers.hpp"

namespace clq {
namespace {

class Flatten final : public Layer {
 public:
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "flatten");
    const Shape& dims = graph.shape(x);
    CLQ_REQUIRE(!dims.empty() && dims[0] > 0, "flatten: src must be [N, ...], got {}", to_string(dims));
    const std::vector<int64_t> flat = {dims[0], element_count(dims) / dims[0]};
    return graph.op("reshape/1", {x}, {{"shape", attr(flat)}});
  }
};

}  // namespace

std::unique_ptr<Layer> make_flatten(const Config&) { return std::make_unique<Flatten>(); }

}  // namespace clq

// core/src/layers/layer_norm.cpp -- what lies along one axis to mean beta and deviation gamma, row by row.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <numeric>

#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

class LayerNorm final : public Layer {
 public:
  explicit LayerNorm(const Config& config) : axis_(config.get("axis", int64_t{-1})), eps_(config.get("eps", 1e-5)) {
    CLQ_REQUIRE(axis_ == -1 || axis_ > 0, "layer_norm: axis must be -1 (the last) or 1 or more, got {}", axis_);
    CLQ_REQUIRE(eps_ > 0, "layer_norm: eps must be positive, got {}", eps_);
  }

  // The op has the last axis: any other one is moved there, and back.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "layer_norm");
    const Shape dims = graph.shape(x);
    const auto rank = static_cast<int64_t>(dims.size()), axis = axis_ == -1 ? rank - 1 : axis_;
    CLQ_REQUIRE(rank >= 2 && axis < rank, "layer_norm: axis {} is not one of {} after N", axis_, to_string(dims));
    const int64_t size = dims[static_cast<size_t>(axis)];
    CLQ_REQUIRE(size > 0, "layer_norm: axis {} of {} is empty", axis_, to_string(dims));
    const uint32_t flags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
    const Value gamma = graph.param("gamma", {size}, init::constant(1), flags);
    const Value beta = graph.param("beta", {size}, init::zeros(), flags);
    if (axis + 1 == rank) return normalised(graph, x, gamma, beta);
    std::vector<int64_t> there(dims.size()), back(dims.size());
    std::iota(there.begin(), there.end(), 0);
    std::rotate(there.begin() + axis, there.begin() + axis + 1, there.end());
    for (size_t i = 0; i < there.size(); ++i) back[static_cast<size_t>(there[i])] = static_cast<int64_t>(i);
    const Value rows = graph.op("transpose/1", {x}, {{"perm", attr(there)}});
    return graph.op("transpose/1", {normalised(graph, rows, gamma, beta)}, {{"perm", attr(back)}});
  }

 private:
  Value normalised(GraphBuilder& graph, Value x, Value gamma, Value beta) const {
    return graph.multi_op("layer_norm/1", {x, gamma, beta}, {{"eps", attr(eps_)}})[0];
  }

  int64_t axis_;
  double eps_;
};

}  // namespace

std::unique_ptr<Layer> make_layer_norm(const Config& config) { return std::make_unique<LayerNorm>(config); }

}  // namespace clq

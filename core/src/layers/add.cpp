// core/src/layers/add.cpp -- the sum of several inputs of one shape: a residual connection.
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/layers.hpp"

namespace clq {
namespace {

class Add final : public Layer {
 public:
  explicit Add(const Config& config) : activation_(config.get("activation", std::string())) {
    require_activation(activation_);
  }

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    CLQ_REQUIRE(inputs.size() >= 2, "add: needs `from`, two layers or more to add");
    Value sum = inputs[0];
    for (const Value x : inputs.subspan(1)) {
      CLQ_REQUIRE(graph.shape(x) == graph.shape(sum), "add: shapes {} and {} differ", to_string(graph.shape(sum)),
                  to_string(graph.shape(x)));
      sum = graph.op("add/1", {sum, x});
    }
    return activate(graph, activation_, sum);
  }

 private:
  std::string activation_;
};

}  // namespace

std::unique_ptr<Layer> make_add(const Config& config) { return std::make_unique<Add>(config); }

}  // namespace clq

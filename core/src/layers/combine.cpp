// core/src/layers/combine.cpp -- sum, product or mean of several inputs: residual connections, gates, ensembles.
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/layers.hpp"

namespace clq {
namespace {

class Combine final : public Layer {
 public:
  Combine(const Config& config, const char* name, const char* op, const char* verb, bool mean = false)
      : name_(name), op_(op), verb_(verb), mean_(mean), activation_(config.get("activation", std::string())) {
    require_activation(activation_);
  }

  // All of one shape; beside maps [N, C, ...] a vector [N, C] counts for each place of them.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    CLQ_REQUIRE(inputs.size() >= 2, "{}: needs `from`, two layers or more to {}", name_, verb_);
    Shape maps = graph.shape(inputs[0]);
    for (const Value x : inputs)
      if (graph.shape(x).size() > maps.size()) maps = graph.shape(x);
    Value joined = spread(graph, inputs[0], maps);
    for (const Value x : inputs.subspan(1)) joined = graph.op(op_, {joined, spread(graph, x, maps)});
    if (mean_) {
      const Value n = graph.constant(static_cast<double>(inputs.size()), graph.dtype(joined));
      joined = graph.op("div/1", {joined, n});
    }
    return activate(graph, activation_, joined);
  }

 private:
  Value spread(GraphBuilder& graph, Value x, const Shape& maps) const {
    Shape dims = graph.shape(x);
    if (dims == maps) return x;
    const bool vector = maps.size() > 2 && dims == Shape(maps.begin(), maps.begin() + 2);
    CLQ_REQUIRE(vector, "{}: shapes {} and {} differ", name_, to_string(maps), to_string(dims));
    dims.resize(maps.size(), 1);
    return graph.op("reshape/1", {x}, {{"shape", attr(dims)}});
  }

  const char *name_, *op_, *verb_;
  bool mean_;
  std::string activation_;
};

}  // namespace

std::unique_ptr<Layer> make_add(const Config& config) {
  return std::make_unique<Combine>(config, "add", "add/1", "add");
}

std::unique_ptr<Layer> make_multiply(const Config& config) {
  return std::make_unique<Combine>(config, "multiply", "mul/1", "multiply");
}

std::unique_ptr<Layer> make_average(const Config& config) {
  return std::make_unique<Combine>(config, "average", "add/1", "average", true);
}

}  // namespace clq

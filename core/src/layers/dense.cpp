// core/src/layers/dense.cpp -- y = x W^T + b over the last axis.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

class Dense final : public Layer {
 public:
  explicit Dense(const Config& config)
      : units_(config.require<int64_t>("units")),
        bias_(config.get("bias", true)),
        bias_init_(config.get("bias_init", 0.0)),
        activation_(config.get("activation", std::string())),
        init_(init::known(config.get("init", std::string("he_uniform")))) {
    CLQ_REQUIRE(units_ > 0, "dense: units must be positive, got {}", units_);
    require_activation(activation_);
  }

  // weights [units, fan_in] as PyTorch keeps them; He's uniform limit sqrt(6 / fan_in) unless `init` names another,
  // bias `bias_init`.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "dense");
    const Shape dims = graph.shape(x);
    CLQ_REQUIRE(dims.size() == 2 || dims.size() == 3,
                "dense: src must be [N, features] or [N, T, features], got {}; put a flatten layer before it",
                to_string(dims));
    const int64_t fan_in = dims.back();
    CLQ_REQUIRE(fan_in > 0, "dense: src has no features");
    if (dims.size() == 2) return rows(graph, x, fan_in);
    const Shape flat = {dims[0] * dims[1], fan_in}, back = {dims[0], dims[1], units_};
    const Value y = rows(graph, graph.op("reshape/1", {x}, {{"shape", attr(flat)}}), fan_in);
    return graph.op("reshape/1", {y}, {{"shape", attr(back)}});
  }

 private:
  // Activated while its features are axis 1, which is where prelu has its slopes.
  Value rows(GraphBuilder& graph, Value x, int64_t fan_in) const {
    const Value weights = graph.param("weights", {units_, fan_in}, init::named(init_, fan_in, units_));
    Value y = graph.op("matmul/1", {x, weights}, {{"transpose_b", attr(1)}});
    if (bias_) {
      const uint32_t flags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
      y = graph.op("add/1", {y, graph.param("bias", {units_}, init::constant(bias_init_), flags)});
    }
    return activate(graph, activation_, y);
  }

  int64_t units_;
  bool bias_;
  double bias_init_;
  std::string activation_, init_;
};

}  // namespace

std::unique_ptr<Layer> make_dense(const Config& config) { return std::make_unique<Dense>(config); }

}  // namespace clq

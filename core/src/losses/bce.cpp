// core/src/losses/bce.cpp -- binary cross-entropy of the sigmoid of each output, averaged over a sample's outputs.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

#include <cmath>

namespace clq {
namespace {

// -w y log p - (1 - y) log(1 - p) with p = sigmoid(x) and w = positive_weight: the op for w = 1, and (w - 1) y
// softplus(-x) more.
class Bce final : public Loss {
 public:
  explicit Bce(const Config& config)
      : positive_weight_(config.get("positive_weight", 1.0)), mask_nan_(config.get("mask_nan", false)) {
    CLQ_REQUIRE(positive_weight_ > 0 && std::isfinite(positive_weight_),
                "bce: positive_weight must be positive, got {}", positive_weight_);
  }

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Target wanted = read_target(graph, target, output, mask_nan_, "bce");
    const Value y = probability(graph, wanted.values);
    const Value plain = graph.op("sigmoid_cross_entropy/1", {output, y});
    return sample_mean(graph, positive_weight_ == 1 ? plain : graph.op("add/1", {plain, more(graph, output, y)}),
                       wanted.counts);
  }

  Value predict(GraphBuilder& graph, Value output) const override { return graph.op("sigmoid/1", {output}); }

 private:
  Value more(GraphBuilder& graph, Value output, Value y) const {
    const Value scaled = graph.op("mul/1", {y, graph.constant(positive_weight_ - 1, graph.dtype(output))});
    return graph.op("mul/1", {scaled, graph.op("softplus/1", {graph.op("neg/1", {output})})});
  }

  double positive_weight_;
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_bce(const Config& config) { return std::make_unique<Bce>(config); }

}  // namespace clq

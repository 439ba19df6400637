// core/src/losses/huber.cpp -- Huber's loss (1964): half the squared error e, linear where |e| is above delta.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

#include <cmath>

namespace clq {
namespace {

// e^2 / 2 up to delta and delta (|e| - delta / 2) above it are both q (|e| - q / 2) with q = min(|e|, delta).
class Huber final : public Loss {
 public:
  explicit Huber(const Config& config) : delta_(config.get("delta", 1.0)), mask_nan_(config.get("mask_nan", false)) {
    CLQ_REQUIRE(delta_ > 0 && std::isfinite(delta_), "huber: delta must be positive, got {}", delta_);
  }

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Target wanted = read_target(graph, target, output, mask_nan_, "huber");
    const DType dtype = graph.dtype(output);
    const Value size = graph.op("abs/1", {graph.op("sub/1", {output, wanted.values})});
    const Value q = graph.op("minimum/1", {size, graph.constant(delta_, dtype)});
    const Value half = graph.op("mul/1", {q, graph.constant(0.5, dtype)});
    return sample_mean(graph, graph.op("mul/1", {q, graph.op("sub/1", {size, half})}), wanted.counts);
  }

  Value predict(GraphBuilder&, Value output) const override { return output; }

 private:
  double delta_;
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_huber(const Config& config) { return std::make_unique<Huber>(config); }

}  // namespace clq

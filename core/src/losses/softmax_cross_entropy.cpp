// core/src/losses/softmax_cross_entropy.cpp -- -sum_k y_k log softmax(output)_k for classes, bins or soft labels.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

namespace clq {
namespace {

class SoftmaxCrossEntropy final : public Loss {
 public:
  explicit SoftmaxCrossEntropy(const Config& config)
      : bins_(read_bins(config.child("bins"))), smoothing_(config.get("label_smoothing", 0.0)) {
    CLQ_REQUIRE(smoothing_ >= 0 && smoothing_ < 1, "softmax_cross_entropy: label_smoothing must be in [0, 1), got {}",
                smoothing_);
  }

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Shape& dims = graph.shape(output);
    CLQ_REQUIRE(dims.size() == 2, "softmax_cross_entropy: the network must give [N, classes], got {}", to_string(dims));
    if (bins_.n > 0) require_bins(graph, output, bins_, "softmax_cross_entropy");
    const bool soft = graph.shape(target).size() == 2 && bins_.n == 0;
    const Value labels = soft ? target_like(graph, target, output, "softmax_cross_entropy") : indices(graph, target);
    return graph.op("softmax_cross_entropy/1", {output, smoothed(graph, labels, output)});
  }

  Value predict(GraphBuilder& graph, Value output) const override { return graph.op("softmax/1", {output}); }

 private:
  // The bin of a number is clamp(floor((z - min) / width), 0, n - 1): numbers outside fall into the end bins.
  Value indices(GraphBuilder& graph, Value target) const {
    CLQ_REQUIRE(graph.shape(target).size() == 1,
                "softmax_cross_entropy: the target must be one number a sample, got {}",
                to_string(graph.shape(target)));
    Value index = target;
    if (bins_.n > 0) {
      const Value from_min = graph.op("sub/1", {target, graph.constant(bins_.min, CLQ_F64)});
      const Value bin = graph.op("floor/1", {graph.op("div/1", {from_min, graph.constant(bins_.width(), CLQ_F64)})});
      index = graph.op("clip/1", {bin}, {{"min", attr(0.0)}, {"max", attr(static_cast<double>(bins_.n - 1))}});
    }
    return graph.op("cast/1", {index}, {{"dtype", attr(CLQ_I64)}});
  }

  // (1 - s) y + s / K
  Value smoothed(GraphBuilder& graph, Value labels, Value output) const {
    if (smoothing_ == 0) return labels;
    const DType dtype = graph.dtype(output);
    const int64_t classes = graph.shape(output)[1];
    const bool hard = graph.dtype(labels) == CLQ_I64;
    const Value y = hard ? graph.op("one_hot/1", {labels}, {{"depth", attr(classes)}, {"dtype", attr(dtype)}}) : labels;
    const Value kept = graph.op("mul/1", {y, graph.constant(1 - smoothing_, dtype)});
    return graph.op("add/1", {kept, graph.constant(smoothing_ / static_cast<double>(classes), dtype)});
  }

  Bins bins_;
  double smoothing_;
};

}  // namespace

std::unique_ptr<Loss> make_softmax_cross_entropy(const Config& config) {
  return std::make_unique<SoftmaxCrossEntropy>(config);
}

}  // namespace clq

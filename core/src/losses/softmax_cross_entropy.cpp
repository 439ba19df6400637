// core/src/losses/softmax_cross_entropy.cpp -- -sum_k y_k log softmax(output)_k for classes, bins or soft labels.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

#include <cmath>
#include <numbers>

namespace clq {
namespace {

class SoftmaxCrossEntropy final : public Loss {
 public:
  explicit SoftmaxCrossEntropy(const Config& config)
      : bins_(read_bins(config.child("bins"))),
        smoothing_(config.get("label_smoothing", 0.0)),
        sigma_(config.get("label_sigma", 0.0)) {
    CLQ_REQUIRE(smoothing_ >= 0 && smoothing_ < 1, "softmax_cross_entropy: label_smoothing must be in [0, 1), got {}",
                smoothing_);
    CLQ_REQUIRE(sigma_ >= 0 && std::isfinite(sigma_), "softmax_cross_entropy: label_sigma must be 0 or more, got {}",
                sigma_);
    CLQ_REQUIRE(sigma_ == 0 || bins_.n > 0, "softmax_cross_entropy: label_sigma {} needs bins", sigma_);
    CLQ_REQUIRE(sigma_ == 0 || std::isfinite((std::abs(bins_.min) + std::abs(bins_.max)) / sigma_),
                "softmax_cross_entropy: label_sigma {} is too small for bins from {} to {}", sigma_, bins_.min,
                bins_.max);
  }

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Shape& dims = graph.shape(output);
    CLQ_REQUIRE(dims.size() == 2, "softmax_cross_entropy: the network must give [N, classes], got {}", to_string(dims));
    CLQ_REQUIRE(dims[1] > 1, "softmax_cross_entropy: the last layer has one output, it needs one unit a class");
    if (bins_.n > 0) require_bins(graph, output, bins_, "softmax_cross_entropy");
    const bool soft = graph.shape(target).size() == 2 && bins_.n == 0;
    const Value labels = soft         ? target_like(graph, target, output, "softmax_cross_entropy")
                         : sigma_ > 0 ? gaussian(graph, target, graph.dtype(output))
                                      : indices(graph, target);
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

  // The mass of a Gaussian N(z, label_sigma) in each bin, over its mass in all of them, computed in F64. A z outside
  // counts as the edge. With label_sigma of the order of a bin a prediction near a bin's edge loses nothing. Divisions
  // are by column, the table of edges has none.
  Value gaussian(GraphBuilder& g, Value target, DType dtype) const {
    CLQ_REQUIRE(g.shape(target).size() == 1, "softmax_cross_entropy: label_sigma needs one number a sample, got {}",
                to_string(g.shape(target)));
    const double scale = sigma_ * std::numbers::sqrt2;
    Tensor edges({CLQ_F64, {1, bins_.n + 1}});
    for (int64_t k = 0; k <= bins_.n; ++k)
      edges.as<double>()[static_cast<size_t>(k)] = (bins_.min + static_cast<double>(k) * bins_.width()) / scale;
    const int64_t samples = g.desc(target).count();
    const std::vector<int64_t> column = {samples, 1};
    const Value inside = g.op("clip/1", {target}, {{"min", attr(bins_.min)}, {"max", attr(bins_.max)}});
    const Value scaled = g.op("div/1", {inside, g.constant(scale, CLQ_F64)});
    const Value z = g.op("reshape/1", {scaled}, {{"shape", attr(column)}});
    const Value phi = g.op("erf/1", {g.op("sub/1", {g.constant(edges), z})});
    const auto part = [&](int64_t begin, int64_t count) {
      const std::vector<int64_t> from = {0, begin}, to = {samples, begin + count};
      return g.op("slice/1", {phi}, {{"begin", attr(from)}, {"end", attr(to)}});
    };
    const Value mass = g.op("sub/1", {part(1, bins_.n), part(0, bins_.n)});
    const Value all = g.op("sub/1", {part(bins_.n, 1), part(0, 1)});
    const Value labels = g.op("mul/1", {mass, g.op("div/1", {g.constant(1.0, CLQ_F64), all})});
    return dtype == CLQ_F64 ? labels : g.op("cast/1", {labels}, {{"dtype", attr(dtype)}});
  }

  // (1 - s) y + s / K. A class outside has a y of zeros: divided by its sum it is NaN, as it is without smoothing.
  Value smoothed(GraphBuilder& graph, Value labels, Value output) const {
    if (smoothing_ == 0) return labels;
    const DType dtype = graph.dtype(output);
    const int64_t classes = graph.shape(output)[1];
    const bool hard = graph.dtype(labels) == CLQ_I64;
    const Value y = hard ? one_hot(graph, labels, classes, dtype) : labels;
    const Value kept = graph.op("mul/1", {y, graph.constant(1 - smoothing_, dtype)});
    return graph.op("add/1", {kept, graph.constant(smoothing_ / static_cast<double>(classes), dtype)});
  }

  static Value one_hot(GraphBuilder& graph, Value labels, int64_t classes, DType dtype) {
    const Value y = graph.op("one_hot/1", {labels}, {{"depth", attr(classes)}, {"dtype", attr(dtype)}});
    return graph.op("div/1", {y, graph.op("reduce_sum/1", {y}, {{"axes", attr(1)}, {"keepdims", attr(1)}})});
  }

  Bins bins_;
  double smoothing_, sigma_;
};

}  // namespace

std::unique_ptr<Loss> make_softmax_cross_entropy(const Config& config) {
  return std::make_unique<SoftmaxCrossEntropy>(config);
}

}  // namespace clq

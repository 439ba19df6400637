// core/src/metrics/segmentation.cpp -- how well maps of yes and no agree, counted over the pixels of all samples.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/metrics.hpp"

namespace clq {
namespace {

constexpr int64_t kExactInF32 = int64_t{1} << 24;  // that many ones can be added

// Of each sample and channel: pixels with a target, and those of them that are yes in both, in prediction, in truth.
struct Counts {
  Value pixels, both, predicted, truth;  // [N, C] F64
};

// Probabilities and targets [N, C, ...] (or without channels); a target that is NaN is no pixel. Each ratio is of sums
// over all samples: that of a small map counts less than that of a large one, and no batch is averaged.
class Segmentation final : public MetricSet {
 public:
  void build(GraphBuilder& graph, Value prediction, Value target) const override {
    const Shape dims = graph.shape(prediction);
    CLQ_REQUIRE(dims.size() > 1 && graph.desc(target).count() == graph.desc(prediction).count(),
                "segmentation: takes as many targets as probabilities [N, ...], got {} and {}",
                to_string(graph.shape(target)), to_string(dims));
    const int64_t channels = dims.size() > 2 ? dims[1] : 1;
    const Counts counts = count(graph, prediction, target, {dims[0], channels, -1});
    for (int64_t c = 0; c < channels; ++c)
      define(graph, counts, c, {channels == 1 ? "" : fmt::format("_{}", c + 1), ""});
  }

 private:
  static Counts count(GraphBuilder& graph, Value prediction, Value target, const std::vector<int64_t>& table) {
    const Value p = graph.op("reshape/1", {prediction}, {{"shape", attr(table)}});
    const Value y = graph.op("reshape/1", {target}, {{"shape", attr(table)}});
    const auto compared = [&](Value a, const char* how, Value b) {
      return graph.op("compare/1", {a, b}, {{"op", attr(how)}});
    };
    const Value known = compared(y, "eq", y), truth = compared(y, "ge", graph.constant(kYes, graph.dtype(y)));
    const Value yes = compared(p, "ge", graph.constant(kYes, graph.dtype(p)));
    const Value predicted = graph.op("mul/1", {yes, known});
    return {sum(graph, known), sum(graph, graph.op("mul/1", {predicted, truth})), sum(graph, predicted),
            sum(graph, truth)};
  }

  static Value sum(GraphBuilder& graph, Value mask) {
    const DType dtype = graph.shape(mask)[2] <= kExactInF32 ? CLQ_F32 : CLQ_F64;
    const Value ones = graph.op("cast/1", {mask}, {{"dtype", attr(dtype)}});
    const Value counts = graph.op("reduce_sum/1", {ones}, {{"axes", attr(2)}});
    return as_f64(graph, counts);
  }

  static void define(GraphBuilder& graph, const Counts& all, int64_t c, const Naming& naming) {
    const auto channel = [&](Value counts) { return flat(graph, columns(graph, counts, c, 1)); };
    const Value pixels = channel(all.pixels), both = channel(all.both);
    const Value predicted = channel(all.predicted), truth = channel(all.truth);
    const Value sizes = graph.op("add/1", {predicted, truth});
    const Value either = graph.op("sub/1", {sizes, both});
    const Value wrong = graph.op("sub/1", {either, both});
    const auto ratio = [&](const char* name, Value top, const char* over) {
      naming.add(graph, name, top, Json{{"finish", "ratio"}, {"over", naming.of(over)}, {"best", "largest"}});
    };
    for (const auto& [name, value] :
         {std::pair{"pixels", pixels}, std::pair{"either", either}, std::pair{"sizes", sizes},
          std::pair{"predicted", predicted}, std::pair{"truth", truth}})
      naming.add(graph, name, value, Json{{"finish", "none"}});
    ratio("pixel_accuracy", graph.op("sub/1", {pixels, wrong}), "pixels");
    ratio("iou", both, "either");
    ratio("dice", graph.op("add/1", {both, both}), "sizes");
    ratio("precision", both, "predicted");
    ratio("recall", both, "truth");
  }
};

}  // namespace

std::unique_ptr<MetricSet> make_segmentation(const Config&) { return std::make_unique<Segmentation>(); }

}  // namespace clq

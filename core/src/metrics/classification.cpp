// core/src/metrics/classification.cpp -- accuracy and log loss of class probabilities.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/metrics.hpp"

namespace clq {
namespace {

constexpr double kLowest = 1e-15;  // below it a probability counts as this: one zero must not make the mean infinite

class Classification final : public MetricSet {
 public:
  void build(GraphBuilder& graph, Value prediction, Value target) const override {
    const Shape dims = graph.shape(prediction);
    CLQ_REQUIRE(dims.size() == 2 && graph.shape(target) == Shape{dims[0]},
                "classification: takes probabilities [N, classes] and one class a sample, got {} and {}",
                to_string(dims), to_string(graph.shape(target)));
    const Value label = graph.op("cast/1", {target}, {{"dtype", attr(CLQ_I64)}});
    const Value hit = graph.op("compare/1", {graph.op("argmax/1", {prediction}), label}, {{"op", attr("eq")}});
    graph.metric("accuracy", graph.op("cast/1", {hit}, {{"dtype", attr(CLQ_F64)}}),
                 Json{{"finish", "mean"}, {"best", "largest"}});

    const Value p = graph.op("cast/1", {prediction}, {{"dtype", attr(CLQ_F64)}});
    const Value is_label = graph.op("one_hot/1", {label}, {{"depth", attr(dims[1])}, {"dtype", attr(CLQ_F64)}});
    const Value own = graph.op("reduce_sum/1", {graph.op("mul/1", {p, is_label})}, {{"axes", attr(1)}});
    const Value bounded = graph.op("clip/1", {own}, {{"min", attr(kLowest)}, {"max", attr(1.0)}});
    graph.metric("log_loss", graph.op("neg/1", {graph.op("log/1", {bounded})}), Json{{"finish", "mean"}});
  }
};

}  // namespace

std::unique_ptr<MetricSet> make_classification(const Config&) { return std::make_unique<Classification>(); }

}  // namespace clq

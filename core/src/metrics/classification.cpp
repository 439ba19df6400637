// core/src/metrics/classification.cpp -- accuracy and log loss of class probabilities; F1 and areas of yes and no.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/metrics.hpp"

namespace clq {
namespace {

constexpr double kLowest = 1e-15;  // below it a probability counts as this: one zero must not make the mean infinite

Value number(GraphBuilder& graph, double value) { return graph.constant(value, CLQ_F64); }

Value bounded_log(GraphBuilder& graph, Value p) {
  return graph.op("log/1", {graph.op("clip/1", {p}, {{"min", attr(kLowest)}, {"max", attr(1.0)}})});
}

Value is_yes(GraphBuilder& graph, Value p) {
  return graph.op("compare/1", {p, number(graph, kYes)}, {{"op", attr("ge")}});
}

Value sum_of_row(GraphBuilder& graph, Value x) { return graph.op("reduce_sum/1", {x}, {{"axes", attr(1)}}); }

// Probabilities [N, classes] with a class a sample, or with a probability of each; [N, 1] is that of yes, and the
// target of a sample that of being one. Two classes, or yes and no, have the metrics of a decision between two as well.
class Classification final : public MetricSet {
 public:
  void build(GraphBuilder& graph, Value prediction, Value target) const override {
    const Shape dims = graph.shape(prediction), labels = graph.shape(target);
    CLQ_REQUIRE(dims.size() == 2 && (labels == Shape{dims[0]} || labels == dims),
                "classification: takes probabilities [N, classes] and one class a sample, got {} and {}",
                to_string(dims), to_string(labels));
    const Value p = as_f64(graph, prediction);
    if (dims[1] == 1)
      of_yes(graph, flat(graph, p), flat(graph, target));
    else
      of_classes(graph, p, target, labels.size() == 2);
  }

 private:
  static void of_classes(GraphBuilder& graph, Value p, Value target, bool soft) {
    const int64_t classes = graph.shape(p)[1];
    const Value label =
        soft ? graph.op("argmax/1", {target}) : graph.op("cast/1", {target}, {{"dtype", attr(CLQ_I64)}});
    const Value chosen = graph.op("argmax/1", {p});
    add_accuracy(graph, graph.op("compare/1", {chosen, label}, {{"op", attr("eq")}}));
    const Attrs hot = {{"depth", attr(classes)}, {"dtype", attr(CLQ_F64)}};
    const Value y = soft ? target : graph.op("one_hot/1", {label}, hot);
    // Of a class its own probability is bounded, and that of no class is 0; of soft labels each of them.
    add_log_loss(graph, soft ? sum_of_row(graph, graph.op("mul/1", {y, bounded_log(graph, p)}))
                             : bounded_log(graph, sum_of_row(graph, graph.op("mul/1", {p, y}))));
    const auto second = [&](Value table) { return flat(graph, columns(graph, table, 1, 1)); };
    if (classes == 2) add_decision(graph, second(p), as_f64(graph, chosen), second(y));
  }

  static void of_yes(GraphBuilder& graph, Value p, Value yes) {
    const Value chosen = is_yes(graph, p);
    add_accuracy(graph, graph.op("compare/1", {chosen, is_yes(graph, yes)}, {{"op", attr("eq")}}));
    const Value no = graph.op("sub/1", {number(graph, 1), yes}), q = graph.op("sub/1", {number(graph, 1), p});
    add_log_loss(graph, graph.op("add/1", {graph.op("mul/1", {yes, bounded_log(graph, p)}),
                                           graph.op("mul/1", {no, bounded_log(graph, q)})}));
    add_decision(graph, p, as_f64(graph, chosen), yes);
  }

  static void add_accuracy(GraphBuilder& graph, Value hit) {
    graph.metric("accuracy", as_f64(graph, hit), Json{{"finish", "mean"}, {"best", "largest"}});
  }

  static void add_log_loss(GraphBuilder& graph, Value log_likelihood) {
    graph.metric("log_loss", graph.op("neg/1", {log_likelihood}), Json{{"finish", "mean"}});
  }

  // score: the probability of yes; chosen: 1 where yes was said; yes: the probability that it is one, mostly 1 or 0.
  static void add_decision(GraphBuilder& graph, Value score, Value chosen, Value yes) {
    const Value right = graph.op("mul/1", {chosen, yes});
    graph.metric("yes", yes, Json{{"finish", "none"}});
    graph.metric("yes_said_or_true", graph.op("add/1", {chosen, yes}), Json{{"finish", "none"}});
    graph.metric("f1", graph.op("add/1", {right, right}),
                 Json{{"finish", "ratio"}, {"over", "yes_said_or_true"}, {"best", "largest"}});
    graph.metric("auc", score, Json{{"finish", "auc"}, {"over", "yes"}, {"best", "largest"}});
    graph.metric("average_precision", score,
                 Json{{"finish", "average_precision"}, {"over", "yes"}, {"best", "largest"}});
  }
};

}  // namespace

std::unique_ptr<MetricSet> make_classification(const Config&) { return std::make_unique<Classification>(); }

}  // namespace clq

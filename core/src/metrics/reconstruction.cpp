// core/src/metrics/reconstruction.cpp -- how far what the network gives again is from its input, element by element.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/metrics.hpp"

namespace clq {
namespace {

// An element that is NaN is none. mse and mae are of all elements of all rows together: a row of which half is masked
// counts half. `error` is a row's own, the root of its mean square.
class Reconstruction final : public MetricSet {
 public:
  void build(GraphBuilder& graph, Value prediction, Value target) const override {
    const TensorDesc made = graph.desc(prediction);
    CLQ_REQUIRE(made.dims.size() > 1 && graph.desc(target).count() == made.count(),
                "reconstruction: takes as many numbers as its input has, got {} and {}", to_string(made.dims),
                to_string(graph.shape(target)));
    const Value wanted = table_of(graph, cast(graph, target, made.dtype)), got = table_of(graph, prediction);
    const Value known = graph.op("compare/1", {wanted, wanted}, {{"op", attr("eq")}});
    const Value off = graph.op("select/1", {known, graph.op("sub/1", {got, wanted}), graph.constant(0, made.dtype)});
    const Value elements = sum(graph, cast(graph, known, CLQ_F64));
    const Value squares = sum(graph, graph.op("square/1", {off}));
    const Value least = graph.op("maximum/1", {elements, graph.constant(1, CLQ_F64)});
    graph.metric("elements", elements, Json{{"finish", "none"}});
    graph.metric("mse", squares, Json{{"finish", "ratio"}, {"over", "elements"}});
    graph.metric("mae", sum(graph, graph.op("abs/1", {off})), Json{{"finish", "ratio"}, {"over", "elements"}});
    graph.metric("error", graph.op("sqrt/1", {graph.op("div/1", {squares, least})}), Json{{"finish", "median"}});
  }

 private:
  static Value cast(GraphBuilder& graph, Value x, DType dtype) {
    return graph.dtype(x) == dtype ? x : graph.op("cast/1", {x}, {{"dtype", attr(dtype)}});
  }

  static Value table_of(GraphBuilder& graph, Value x) {
    const std::vector<int64_t> dims = {graph.shape(x)[0], -1};
    return graph.op("reshape/1", {x}, {{"shape", attr(dims)}});
  }

  static Value sum(GraphBuilder& graph, Value x) {
    return as_f64(graph, graph.op("reduce_sum/1", {x}, {{"axes", attr(1)}}));
  }
};

}  // namespace

std::unique_ptr<MetricSet> make_reconstruction(const Config&) { return std::make_unique<Reconstruction>(); }

}  // namespace clq

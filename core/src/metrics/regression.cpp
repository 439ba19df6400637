// core/src/metrics/regression.cpp -- bias, rmse, mae and sigma_mad of prediction minus target.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/metrics.hpp"

namespace clq {
namespace {

class Regression final : public MetricSet {
 public:
  // One set of metrics; with K > 1 outputs one set each, "rmse_1" to "rmse_<K>".
  void build(GraphBuilder& graph, Value prediction, Value target) const override {
    CLQ_REQUIRE(graph.desc(prediction).count() == graph.desc(target).count() && !graph.shape(target).empty(),
                "regression: the prediction is {} and the target {}", to_string(graph.shape(prediction)),
                to_string(graph.shape(target)));
    const int64_t n = graph.shape(target)[0];
    const int64_t outputs = n == 0 ? 1 : graph.desc(target).count() / n;
    const std::vector<int64_t> table = {n, outputs};
    const Value residual = graph.op("sub/1", {as_f64(graph, prediction, table), as_f64(graph, target, table)});
    for (int64_t k = 0; k < outputs; ++k) {
      const std::vector<int64_t> begin = {0, k}, end = {n, k + 1}, rows = {n};
      const Value column = graph.op("slice/1", {residual}, {{"begin", attr(begin)}, {"end", attr(end)}});
      define(graph, graph.op("reshape/1", {column}, {{"shape", attr(rows)}}),
             outputs == 1 ? "" : fmt::format("_{}", k + 1));
    }
  }

 private:
  static Value as_f64(GraphBuilder& graph, Value x, const std::vector<int64_t>& dims) {
    const Value wide = graph.op("cast/1", {x}, {{"dtype", attr(CLQ_F64)}});
    return graph.op("reshape/1", {wide}, {{"shape", attr(dims)}});
  }

  static void define(GraphBuilder& graph, Value residual, const std::string& suffix) {
    graph.metric("bias" + suffix, residual, Json{{"finish", "mean"}, {"best", 0}});
    graph.metric("rmse" + suffix, residual, Json{{"finish", "rms"}});
    graph.metric("mae" + suffix, graph.op("abs/1", {residual}), Json{{"finish", "mean"}});
    graph.metric("sigma_mad" + suffix, residual, Json{{"finish", "sigma_mad"}});
  }
};

}  // namespace

std::unique_ptr<MetricSet> make_regression(const Config&) { return std::make_unique<Regression>(); }

}  // namespace clq

// core/src/metrics/regression.cpp -- bias, rmse, mae, sigma_mad and r2 of numbers, and how good densities of them are.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/densities.hpp"

namespace clq {
namespace {

// One set of metrics; with K > 1 targets one set each, "rmse_1" to "rmse_<K>". Of densities the errors are those of
// their means, and metrics of the densities follow. A network may give more than the targets where the loss says what
// the rest is: its first numbers count.
class Regression final : public MetricSet {
 public:
  explicit Regression(const Config& config)
      : density_(config.get<std::string>("density", "")),
        mask_nan_(config.get("mask_nan", false)),
        has_rest_(config.get("has_rest", false)) {}

  void build(GraphBuilder& graph, Value prediction, Value target) const override {
    const Shape dims = graph.shape(target);
    const int64_t n = dims.empty() ? 0 : dims[0];
    const int64_t outputs = n == 0 ? 1 : graph.desc(target).count() / n;
    const int64_t given = n == 0 ? 0 : graph.desc(prediction).count() / n;
    const Value z = table_of(graph, target, {n, outputs}), p = table_of(graph, prediction, {n, given});
    const std::vector<Gaussians> densities = densities_of(graph, p, outputs, density_);
    const bool fits = given == outputs || !densities.empty() || (has_rest_ && given > outputs);
    CLQ_REQUIRE(n > 0 && fits, "regression: the prediction is {} and the target {}", to_string(graph.shape(prediction)),
                to_string(dims));
    for (int64_t k = 0; k < outputs; ++k) {
      const Value wanted = columns(graph, z, k, 1);
      const Naming naming = naming_of(graph, wanted, outputs == 1 ? "" : fmt::format("_{}", k + 1));
      if (densities.empty()) {
        define(graph, columns(graph, p, k, 1), wanted, naming);
        continue;
      }
      const Gaussians& density = densities[static_cast<size_t>(k)];
      define(graph, mean_of(graph, density), wanted, naming);
      add_density_metrics(graph, density, wanted, naming);
    }
  }

 private:
  static Value table_of(GraphBuilder& graph, Value x, const std::vector<int64_t>& dims) {
    return graph.op("reshape/1", {as_f64(graph, x)}, {{"shape", attr(dims)}});
  }

  // Where targets may miss, a row without this one is none of its metrics'.
  Naming naming_of(GraphBuilder& graph, Value target, const std::string& suffix) const {
    if (!mask_nan_) return {suffix, ""};
    const Naming naming = {suffix, fmt::format("known{}", suffix)};
    const Value known = graph.op("compare/1", {target, target}, {{"op", attr("eq")}});
    naming.add(graph, "known", flat(graph, as_f64(graph, known)), Json{{"finish", "none"}});
    return naming;
  }

  // prediction, target: [N, 1].
  static void define(GraphBuilder& graph, Value prediction, Value target, const Naming& naming) {
    const Value residual = flat(graph, graph.op("sub/1", {prediction, target}));
    naming.add(graph, "bias", residual, Json{{"finish", "mean"}, {"best", 0}});
    naming.add(graph, "rmse", residual, Json{{"finish", "rms"}});
    naming.add(graph, "mae", graph.op("abs/1", {residual}), Json{{"finish", "mean"}});
    naming.add(graph, "sigma_mad", residual, Json{{"finish", "sigma_mad"}});
    naming.add(graph, "target", flat(graph, target), Json{{"finish", "none"}});
    naming.add(graph, "r2", residual, Json{{"finish", "r2"}, {"over", naming.of("target")}, {"best", "largest"}});
  }

  std::string density_;
  bool mask_nan_, has_rest_;
};

}  // namespace

std::unique_ptr<MetricSet> make_regression(const Config& config) { return std::make_unique<Regression>(config); }

}  // namespace clq

// core/src/metrics/densities.cpp -- how good predicted Gaussians and their mixtures are: likelihood, CRPS, calibration.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/densities.hpp"

#include <cmath>
#include <numbers>

namespace clq {
namespace {

// -log sum_k w_k N(z; m_k, s_k), by the largest term.
Value minus_log_density(GraphBuilder& graph, const Gaussians& mixture, Value z) {
  const Value y = graph.op("div/1", {graph.op("sub/1", {z, mixture.means}), mixture.sigmas});
  const Value height = graph.op("log/1", {graph.op("div/1", {mixture.weights, mixture.sigmas})});
  const Value terms = graph.op("sub/1", {height, times(graph, graph.op("square/1", {y}), 0.5)});
  const Value constant = graph.constant(0.5 * std::log(2 * std::numbers::pi), CLQ_F64);
  return graph.op("sub/1", {constant, graph.op("log_sum_exp/1", {terms})});
}

Value weighted_sum(GraphBuilder& graph, const Gaussians& mixture, Value of) {
  const Value weighted = graph.op("mul/1", {mixture.weights, of});
  return graph.op("reduce_sum/1", {weighted}, {{"axes", attr(1)}, {"keepdims", attr(1)}});
}

// 1 where the target lies between the quantiles `tail` and 1 - `tail`.
Value is_covered(GraphBuilder& graph, Value pit, double tail) {
  const auto flag = [&](const char* how, double bound) {
    return graph.op("compare/1", {pit, graph.constant(bound, CLQ_F64)}, {{"op", attr(how)}});
  };
  return as_f64(graph, graph.op("mul/1", {flag("ge", tail), flag("le", 1 - tail)}));
}

}  // namespace

std::vector<Gaussians> densities_of(GraphBuilder& graph, Value prediction, int64_t targets, const std::string& kind) {
  if (kind.empty()) return {};
  const Shape dims = graph.shape(prediction);
  const int64_t n = dims[0], width = dims.size() == 2 ? dims[1] : 0, m = width / 3;
  const auto part = [&](int64_t begin, int64_t count) { return columns(graph, prediction, begin, count); };
  if (kind == "mixture") {
    CLQ_REQUIRE(m > 0 && width == 3 * m && targets == 1, "mixture: takes [N, 3M] for one target, got {} for {}",
                to_string(dims), targets);
    return {Gaussians{part(0, m), part(m, m), part(2 * m, m)}};
  }
  CLQ_REQUIRE(kind == "gaussian" && width == 2 * targets, "{}: takes [N, 2K] for K targets, got {} for {}", kind,
              to_string(dims), targets);
  const std::vector<int64_t> column = {n, 1};
  const Value one = graph.op("broadcast/1", {graph.constant(1, graph.dtype(prediction))}, {{"shape", attr(column)}});
  std::vector<Gaussians> densities;
  for (int64_t k = 0; k < targets; ++k) densities.push_back({one, part(k, 1), part(targets + k, 1)});
  return densities;
}

Value mean_of(GraphBuilder& graph, const Gaussians& mixture) { return weighted_sum(graph, mixture, mixture.means); }

Value sigma_of(GraphBuilder& graph, const Gaussians& mixture) {
  const Value off = graph.op("sub/1", {mixture.means, mean_of(graph, mixture)});
  const Value squares = graph.op("add/1", {graph.op("square/1", {mixture.sigmas}), graph.op("square/1", {off})});
  return graph.op("sqrt/1", {weighted_sum(graph, mixture, squares)});
}

void add_density_metrics(GraphBuilder& graph, const Gaussians& mixture, Value z, const Naming& naming,
                         Value log_slope) {
  const Value pit = mixture_cdf(graph, mixture, z), nll = minus_log_density(graph, mixture, z);
  naming.add(graph, "nll", log_slope ? graph.op("sub/1", {nll, flat(graph, log_slope)}) : nll,
             Json{{"finish", "mean"}});
  if (!log_slope) naming.add(graph, "crps", mixture_crps(graph, mixture, z), Json{{"finish", "mean"}});
  naming.add(graph, "pit_ks", pit, Json{{"finish", "ks_uniform"}});
  naming.add(graph, "coverage_68", is_covered(graph, pit, 0.16), Json{{"finish", "mean"}, {"best", 0.68}});
  naming.add(graph, "coverage_95", is_covered(graph, pit, 0.025), Json{{"finish", "mean"}, {"best", 0.95}});
}

}  // namespace clq

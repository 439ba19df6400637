// core/src/graph/gaussians.cpp -- scores of Gaussians and their mixtures, written in ops: of losses and metrics alike.
// SPDX-License-Identifier: BSD-3-Clause
#include "graph/gaussians.hpp"

#include <numbers>

namespace clq {
namespace {

Value sum_of(GraphBuilder& graph, Value x, std::vector<int64_t> axes) {
  return graph.op("reduce_sum/1", {x}, {{"axes", attr(std::move(axes))}});
}

// [N, M] -> [N, M, M]: x_i op x_j.
Value pairs(GraphBuilder& graph, const char* op, Value x) {
  const Shape dims = graph.shape(x);
  const std::vector<int64_t> rows = {dims[0], dims[1], 1}, columns = {dims[0], 1, dims[1]};
  return graph.op(op, {graph.op("reshape/1", {x}, {{"shape", attr(rows)}}),
                       graph.op("reshape/1", {x}, {{"shape", attr(columns)}})});
}

}  // namespace

Value times(GraphBuilder& graph, Value x, double factor) {
  return graph.op("mul/1", {x, graph.constant(factor, graph.dtype(x))});
}

// sigma sqrt(2 / pi) e^(-u^2) + d erf(u) with u = d / (sigma sqrt 2).
Value mean_size(GraphBuilder& graph, Value d, Value sigma) {
  const Value u = graph.op("div/1", {d, times(graph, sigma, std::numbers::sqrt2)});
  const Value bell = graph.op("exp/1", {graph.op("neg/1", {graph.op("square/1", {u})})});
  const Value spread = times(graph, graph.op("mul/1", {sigma, bell}), std::numbers::sqrt2 * std::numbers::inv_sqrtpi);
  return graph.op("add/1", {graph.op("mul/1", {d, graph.op("erf/1", {u})}), spread});
}

// The mean of |X - z| less half that of |X - X'|, X and X' from the mixture: of every component, and every pair.
Value mixture_crps(GraphBuilder& graph, const Gaussians& mixture, Value z) {
  const Value far = mean_size(graph, graph.op("sub/1", {z, mixture.means}), mixture.sigmas);
  const Value both = graph.op("sqrt/1", {pairs(graph, "add/1", graph.op("square/1", {mixture.sigmas}))});
  const Value apart = mean_size(graph, pairs(graph, "sub/1", mixture.means), both);
  const Value outer = sum_of(graph, graph.op("mul/1", {mixture.weights, far}), {1});
  const Value inner = sum_of(graph, graph.op("mul/1", {pairs(graph, "mul/1", mixture.weights), apart}), {1, 2});
  return graph.op("sub/1", {outer, times(graph, inner, 0.5)});
}

Value mixture_cdf(GraphBuilder& graph, const Gaussians& mixture, Value z) {
  const Value scale = times(graph, mixture.sigmas, std::numbers::sqrt2);
  const Value u = graph.op("div/1", {graph.op("sub/1", {z, mixture.means}), scale});
  const Value erf = graph.op("erf/1", {u});
  const Value twice = graph.op("add/1", {erf, graph.constant(1, graph.dtype(erf))});
  return sum_of(graph, graph.op("mul/1", {mixture.weights, times(graph, twice, 0.5)}), {1});
}

}  // namespace clq

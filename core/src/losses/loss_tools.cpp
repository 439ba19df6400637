// core/src/losses/loss_tools.cpp -- what losses share.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

#include <cmath>
#include <limits>

namespace clq {

Bins read_bins(const Config& table) {
  if (table.json().empty()) return {};
  const Bins bins{table.require<double>("min"), table.require<double>("max"), table.require<int64_t>("n")};
  table.reject_unknown();
  CLQ_REQUIRE(bins.n > 0, "bins.n must be positive, got {}", bins.n);
  CLQ_REQUIRE(std::isfinite(bins.min) && std::isfinite(bins.max) && bins.max > bins.min,
              "bins.max {} must be above bins.min {}", bins.max, bins.min);
  return bins;
}

Value target_like(GraphBuilder& graph, Value target, Value output, const char* loss) {
  const TensorDesc out = graph.desc(output);
  CLQ_REQUIRE(graph.desc(target).count() == out.count(), "{}: the network gives {} and the target is {}", loss,
              to_string(out.dims), to_string(graph.shape(target)));
  const Value cast =
      graph.dtype(target) == out.dtype ? target : graph.op("cast/1", {target}, {{"dtype", attr(out.dtype)}});
  return graph.shape(cast) == out.dims ? cast : graph.op("reshape/1", {cast}, {{"shape", attr(out.dims)}});
}

void require_bins(const GraphBuilder& graph, Value output, const Bins& bins, const char* loss) {
  const Shape& dims = graph.shape(output);
  CLQ_REQUIRE(dims.size() == 2 && dims[1] == bins.n, "{}: the network gives {}, and there are {} bins", loss,
              to_string(dims), bins.n);
}

Target read_target(GraphBuilder& graph, Value target, Value output, bool mask_nan, const char* loss) {
  const Value values = target_like(graph, target, output, loss);
  if (!mask_nan) return {values, Value{}};
  const Value counts = graph.op("compare/1", {values, values}, {{"op", attr("eq")}});
  return {counted(graph, values, counts), counts};
}

Value counted(GraphBuilder& graph, Value elements, Value counts) {
  if (!counts) return elements;
  return graph.op("select/1", {counts, elements, graph.constant(0, graph.dtype(elements))});
}

Value sample_mean(GraphBuilder& graph, Value elements, Value counts) {
  std::vector<int64_t> axes;
  for (size_t i = 1; i < graph.shape(elements).size(); ++i) axes.push_back(static_cast<int64_t>(i));
  if (axes.empty()) return counted(graph, elements, counts);
  if (!counts) return graph.op("reduce_mean/1", {elements}, {{"axes", attr(axes)}});
  const DType dtype = graph.dtype(elements);
  const Value sum = graph.op("reduce_sum/1", {counted(graph, elements, counts)}, {{"axes", attr(axes)}});
  const Value ones = graph.op("cast/1", {counts}, {{"dtype", attr(dtype)}});
  const Value n = graph.op("reduce_sum/1", {ones}, {{"axes", attr(axes)}});
  return graph.op("div/1", {sum, graph.op("maximum/1", {n, graph.constant(1, dtype)})});
}

Value probability(GraphBuilder& graph, Value target) {
  const DType dtype = graph.dtype(target);
  const Value nearest = graph.op("clip/1", {target}, {{"min", attr(0.0)}, {"max", attr(1.0)}});
  const Value is_one = graph.op("compare/1", {target, nearest}, {{"op", attr("eq")}});
  return graph.op("select/1", {is_one, target, graph.constant(std::numeric_limits<double>::quiet_NaN(), dtype)});
}

}  // namespace clq

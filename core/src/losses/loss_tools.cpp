// core/src/losses/loss_tools.cpp -- what losses share.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

#include <cmath>

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

}  // namespace clq

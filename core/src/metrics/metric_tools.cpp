// core/src/metrics/metric_tools.cpp -- what metrics share.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/metrics.hpp"

namespace clq {

void Naming::add(GraphBuilder& graph, const char* name, Value value, Json finish) const {
  if (!where.empty() && finish_has_number(finish)) finish["where"] = where;
  graph.metric(of(name), value, std::move(finish));
}

Value as_f64(GraphBuilder& graph, Value x) { return graph.op("cast/1", {x}, {{"dtype", attr(CLQ_F64)}}); }

Value columns(GraphBuilder& graph, Value table, int64_t begin, int64_t width) {
  const std::vector<int64_t> from = {0, begin}, to = {graph.shape(table)[0], begin + width};
  return graph.op("slice/1", {table}, {{"begin", attr(from)}, {"end", attr(to)}});
}

Value flat(GraphBuilder& graph, Value x) {
  return graph.op("reshape/1", {x}, {{"shape", attr(graph.desc(x).count())}});
}

}  // namespace clq

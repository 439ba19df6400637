// core/src/compile/passes/remove_dead.cpp -- drops what reaches no result, and the values it alone used.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "compile/passes/passes.hpp"
#include "compile/passes/renumber.hpp"

namespace clq {
namespace {

// Values that a result depends on; inputs, scalars and states stay whatever reads them: hosts bind them by place.
std::vector<bool> live_values(const Graph& graph) {
  std::vector<bool> live(graph.values.size(), false);
  visit_results(graph, [&](Value v) { live[v.index] = true; });
  for (auto op = graph.ops.rbegin(); op != graph.ops.rend(); ++op) {
    if (std::none_of(op->outputs.begin(), op->outputs.end(), [&](Value v) { return live[v.index]; })) continue;
    for (const Value v : op->inputs)
      if (v) live[v.index] = true;
    for (const Value v : op->outputs) live[v.index] = true;  // a live op writes all of its outputs
  }
  return live;
}

}  // namespace

Graph remove_dead(const Graph& graph) {
  const std::vector<bool> live = live_values(graph);
  Graph out = graph;
  std::erase_if(out.ops, [&](const Op& op) { return !live[op.outputs[0].index]; });
  std::erase_if(out.constants, [&](const Constant& c) { return !live[c.value.index]; });

  std::vector<bool> kept = live;
  visit_sources(out, [&](Value v) { kept[v.index] = true; });
  std::vector<Value> renamed(graph.values.size());
  out.values.clear();
  for (size_t i = 0; i < kept.size(); ++i) {
    if (!kept[i]) continue;
    renamed[i] = Value{static_cast<uint32_t>(out.values.size())};
    out.values.push_back(graph.values[i]);
  }
  const auto rename = [&](Value& v) {
    if (v) v = renamed[v.index];
  };
  visit_sources(out, rename);
  visit_results(out, rename);
  for (Op& op : out.ops) {
    std::for_each(op.inputs.begin(), op.inputs.end(), rename);
    std::for_each(op.outputs.begin(), op.outputs.end(), rename);
  }
  return out;
}

}  // namespace clq

// core/src/compile/passes/renumber.hpp -- every place of a graph that names a value, visited once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/graph.hpp>

namespace clq {

// Calls visit(Value&) for what is read at the program's end: outputs, metrics, the states' next values and conditions.
template <class G, class Visit>
void visit_results(G& graph, Visit&& visit) {
  for (auto& output : graph.outputs) visit(output.value);
  for (auto& metric : graph.metrics) visit(metric.value);
  for (auto& state : graph.states) {
    if (state.after) visit(state.after);
    if (state.when) visit(state.when);
  }
}

// ... and for what exists before its first op.
template <class G, class Visit>
void visit_sources(G& graph, Visit&& visit) {
  for (auto& input : graph.inputs) visit(input.value);
  for (auto& scalar : graph.scalars) visit(scalar.value);
  for (auto& constant : graph.constants) visit(constant.value);
  for (auto& state : graph.states) visit(state.before);
}

}  // namespace clq

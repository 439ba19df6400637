// core/src/compile/passes/passes.hpp -- graph to graph, one file a pass, each with its own test.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/graph.hpp>

namespace clq {

// Drops ops whose results reach no output, state or metric, and the values and constants they alone used.
Graph remove_dead(const Graph& graph);
// Computes equal ops on equal inputs once (random/1 excepted when its stream differs).
Graph merge_equal(const Graph& graph);

}  // namespace clq

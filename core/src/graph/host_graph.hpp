// core/src/graph/host_graph.hpp -- "clq.host-graph/1": the graph builder as plugins see it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include <calanque/plugin/builder.h>

#include "graph/graph_builder.hpp"

namespace clq {

const clq_host_graph& host_graph_table();  // what the runtime hands to plugins
// A clq_graph is a GraphBuilder; the pointer is valid while the builder lives.
inline clq_graph* to_c(GraphBuilder& builder) { return reinterpret_cast<clq_graph*>(&builder); }

// Runs a plugin's builder and turns its status into an Error with the plugin's words; an exception that it lets through
// is one that names the plugin.
std::vector<Value> run_builder(const clq_builder& builder, GraphBuilder& graph, const Json& config,
                               std::span<const Value> inputs, const std::string& plugin = "");

}  // namespace clq

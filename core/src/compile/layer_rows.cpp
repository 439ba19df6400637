// core/src/compile/layer_rows.cpp -- what each layer of a model gives, holds and costs.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/layer_rows.hpp"

#include <calanque/plugin/builder.h>

#include "compile/build.hpp"
#include "compile/chain.hpp"

namespace clq {
namespace {

const std::vector<int64_t>& list_of(const Op& op, const char* name) {
  for (const auto& [key, value] : op.attrs)
    if (const auto* list = std::get_if<std::vector<int64_t>>(&value); key == name && list != nullptr) return *list;
  static const std::vector<int64_t> none;
  return none;
}

// Products and sums of matmul and conv count by their formula, one element of any other output as one operation.
// In doubles: a product of sizes that come from a file may be beyond 2^63.
double flops_of(const Graph& graph, const Op& op) {
  const std::string stem = op.name.substr(0, op.name.find('/'));
  const auto count = [&](Value v) { return static_cast<double>(graph.desc(v).count()); };
  const double made = count(op.outputs.front());
  if (stem == "matmul") {
    const bool transposed = list_of(op, "transpose_a") == std::vector<int64_t>{1};
    return 2 * made * static_cast<double>(graph.desc(op.inputs[0]).dims[transposed ? 0 : 1]);
  }
  if (stem == "batch_matmul") {
    const Shape& a = graph.desc(op.inputs[0]).dims;
    const size_t from_end = list_of(op, "transpose_a") == std::vector<int64_t>{1} ? 2 : 1;
    return 2 * made * static_cast<double>(a[a.size() - from_end]);
  }
  const auto per_channel = [&] { return count(op.inputs[1]) / static_cast<double>(graph.desc(op.inputs[1]).dims[0]); };
  if (stem == "conv") return 2 * made * per_channel();
  if (stem == "conv_transpose") return 2 * count(op.inputs[0]) * per_channel();
  if (stem == "max_pool" || stem == "avg_pool") return made * static_cast<double>(element_count(list_of(op, "kernel")));
  if (stem == "reshape" || stem == "identity" || stem == "cast") return 0;
  return made;
}

LayerRow row_of(const Graph& graph, const BuiltLayer& layer) {
  LayerRow row{layer.name, layer.use, graph.desc(layer.output).dims};
  row.output.erase(row.output.begin());
  for (size_t i = layer.first_op; i < layer.end_op; ++i) {
    row.flops += flops_of(graph, graph.ops[i]);
    for (const Value made : graph.ops[i].outputs) row.bytes += static_cast<double>(graph.desc(made).bytes());
  }
  for (size_t i = layer.first_state; i < layer.end_state; ++i)
    if ((graph.states[i].flags & CLQ_STATE_TRAINABLE) != 0)
      row.parameters += graph.desc(graph.states[i].before).count();
  return row;
}

}  // namespace

std::vector<LayerRow> layer_rows(const ModelSpec& model, const OpTable& ops, const BuilderLookup& builders) {
  const Build build{ProgramKind::forward, model, {}, 1, ops, builders};
  GraphBuilder builder(ops, Mode::infer, batch_fields(build, false), model.dtype);
  std::vector<BuiltLayer> built;
  build_network(builder, model, builders, &built);
  std::vector<LayerRow> rows;
  for (const BuiltLayer& layer : built) rows.push_back(row_of(builder.graph(), layer));
  return rows;
}

}  // namespace clq

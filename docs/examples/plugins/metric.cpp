// docs/examples/plugins/metric.cpp -- task "example.redshift": its column ZEST, and how far the estimates are off.
// SPDX-License-Identifier: BSD-3-Clause
//
// Metrics belong to the task of their name. Of d = (estimate - z) / (1 + z): nmad, 1.4826 times the median distance
// from the median; outliers, the share of rows with abs(d) > 0.15; outlier_size, the mean abs(d) of those.
#include <calanque/plugin/sdk_graph.hpp>

namespace {

using clq::sdk::fail;
using clq::sdk::Graph;

// `task` says what a run file need not: here the loss.
constexpr const char* kTaskSchema = R"json({
  "type": "object",
  "additionalProperties": false,
  "task": {"defaults": {"model": {"loss": {"use": "huber", "delta": 0.1}}}}
})json";

uint32_t of_rows(Graph& graph, uint32_t prediction) {
  const clq_tensor_desc desc = graph.desc(prediction);
  if (desc.rank != 2 || desc.dims[1] != 1) fail(CLQ_E_INVALID, "the network must give one number");
  return graph.op("reshape/1", {prediction}, {{"shape", desc.dims[0]}});
}

clq_status CLQ_CALL build_task(const clq_builder*, clq_graph* raw, const char*, const uint32_t* inputs,
                               uint32_t n_inputs, uint32_t*, uint32_t, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 1) fail(CLQ_E_INVALID, "it takes the prediction");
    Graph graph(raw);
    graph.output("ZEST", of_rows(graph, inputs[0]));
    *n_outputs = 0;
    return CLQ_OK;
  });
}

// One F64 a row each; the host weighs the rows and makes one number of them all, as `finish` says.
void measure(Graph& graph, uint32_t estimate, uint32_t z) {
  const uint32_t distance = graph.op("sub/1", {graph.cast(estimate, CLQ_F64), z});
  const uint32_t d = graph.op("div/1", {distance, graph.op("add/1", {z, graph.constant(1)})});
  const uint32_t size = graph.op("abs/1", {d});
  const uint32_t far = graph.cast(graph.op("compare/1", {size, graph.constant(0.15)}, {{"op", "gt"}}), CLQ_F64);
  graph.metric("nmad", d, R"({"finish": "sigma_mad"})");
  graph.metric("outliers", far, R"({"finish": "mean"})");
  graph.metric("outlier_size", graph.op("mul/1", {size, far}), R"({"finish": "ratio", "over": "outliers"})");
}

clq_status CLQ_CALL build_metrics(const clq_builder*, clq_graph* raw, const char*, const uint32_t* inputs,
                                  uint32_t n_inputs, uint32_t*, uint32_t, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 2) fail(CLQ_E_INVALID, "it takes the prediction and the target");
    Graph graph(raw);
    measure(graph, of_rows(graph, inputs[0]), inputs[1]);
    *n_outputs = 0;
    return CLQ_OK;
  });
}

const clq_builder kTask = {sizeof(clq_builder), 0, nullptr, "task", "example.redshift", kTaskSchema, build_task};
const clq_builder kMetrics = {
    sizeof(clq_builder), 0, nullptr, "metric", "example.redshift", R"({"additionalProperties": false})", build_metrics};
const clq_builder* const kBuilders[] = {&kTask, &kMetrics};
const clq_builder_list kList = {sizeof(clq_builder_list), 2, kBuilders};

clq_status CLQ_CALL init(const clq_host* host) noexcept { return clq::sdk::take_host(host); }
void CLQ_CALL deinit() noexcept { clq::sdk::host = nullptr; }
const void* CLQ_CALL get_factory(const char* id) noexcept {
  return std::strcmp(id, CLQ_BUILDER_ID) == 0 ? &kList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.redshift", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);

// docs/examples/plugins/loss.cpp -- loss "example.pinball": the network learns a quantile of the target.
// SPDX-License-Identifier: BSD-3-Clause
//
// Of an error e = target - output it is max(q e, (q - 1) e), averaged over the targets (Koenker & Bassett 1978).
// Option: q = 0.5, which quantile; 0.5 is the median.
#include <nlohmann/json.hpp>

#include <calanque/plugin/sdk_graph.hpp>

namespace {

using clq::sdk::fail;
using clq::sdk::Graph;

constexpr const char* kSchema = R"json({
  "type": "object",
  "properties": {"q": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.5}},
  "additionalProperties": false
})json";

// output [N, K]; target F64 [N] or [N, K]. The weights of the rows, and the mean over them, are the host's.
uint32_t pinball(Graph& graph, uint32_t output, uint32_t target, double q) {
  const clq_tensor_desc shape = graph.desc(output), of_target = graph.desc(target);
  if (shape.rank != 2 || shape.dims[1] != (of_target.rank == 2 ? of_target.dims[1] : 1))
    fail(CLQ_E_INVALID, "the network must give [N, K] for K targets");
  const std::vector<int64_t> dims(shape.dims, shape.dims + 2);
  const uint32_t wanted = graph.op("reshape/1", {graph.cast(target, shape.dtype)}, {{"shape", dims}});
  const uint32_t error = graph.op("sub/1", {wanted, output});
  const auto times = [&](double factor) {
    return graph.op("mul/1", {error, graph.cast(graph.constant(factor), shape.dtype)});
  };
  return graph.op("reduce_mean/1", {graph.op("maximum/1", {times(q), times(q - 1)})}, {{"axes", 1}});
}

clq_status CLQ_CALL build(const clq_builder*, clq_graph* raw, const char* config_json, const uint32_t* inputs,
                          uint32_t n_inputs, uint32_t* outputs, uint32_t capacity, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 2 || capacity < 1) fail(CLQ_E_INVALID, "it takes the network's output and the target");
    Graph graph(raw);
    outputs[0] = pinball(graph, inputs[0], inputs[1], nlohmann::json::parse(config_json).value("q", 0.5));
    *n_outputs = 1;
    return CLQ_OK;
  });
}

const clq_builder kPinball = {sizeof(clq_builder), 0, nullptr, "loss", "example.pinball", kSchema, build};
const clq_builder* const kBuilders[] = {&kPinball};
const clq_builder_list kList = {sizeof(clq_builder_list), 1, kBuilders};

clq_status CLQ_CALL init(const clq_host* host) noexcept { return clq::sdk::take_host(host); }
void CLQ_CALL deinit() noexcept { clq::sdk::host = nullptr; }
const void* CLQ_CALL get_factory(const char* id) noexcept {
  return std::strcmp(id, CLQ_BUILDER_ID) == 0 ? &kList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.pinball", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);

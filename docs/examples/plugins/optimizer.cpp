// docs/examples/plugins/optimizer.cpp -- optimizer "example.lion": Lion of Chen et al. 2023.
// SPDX-License-Identifier: BSD-3-Clause
//
// w -= lr (sign(beta1 m + (1 - beta1) g) + weight_decay w), then m = beta2 m + (1 - beta2) g. Options: beta1 = 0.9,
// beta2 = 0.99, weight_decay = 0.
#include <nlohmann/json.hpp>

#include <calanque/plugin/sdk_graph.hpp>

namespace {

using clq::sdk::fail;
using clq::sdk::Graph;
using Json = nlohmann::json;

constexpr const char* kSchema = R"json({
  "type": "object",
  "properties": {
    "beta1": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.9},
    "beta2": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.99},
    "weight_decay": {"type": "number", "minimum": 0, "default": 0}
  },
  "additionalProperties": false
})json";

// Once a parameter. The host keeps the moment of each apart, saves it in checkpoints, and lets neither change in a step
// whose gradient is not finite.
void lion(Graph& graph, uint32_t parameter, uint32_t gradient, const Json& options) {
  const clq_tensor_desc desc = graph.desc(parameter);
  const auto times = [&](uint32_t x, double factor) {
    return graph.op("mul/1", {x, graph.cast(graph.constant(factor), desc.dtype)});
  };
  const auto mixed = [&](uint32_t moment, double beta) {
    return graph.op("add/1", {times(moment, beta), times(gradient, 1 - beta)});
  };
  const uint32_t moment = graph.state("m", desc, R"({"use": "zeros"})", 0);
  const uint32_t direction = graph.op("sign/1", {mixed(moment, options.value("beta1", 0.9))});
  const uint32_t decay = times(parameter, options.value("weight_decay", 0.0));
  const uint32_t rate = graph.cast(graph.scalar("learning_rate"), desc.dtype);
  const uint32_t step = graph.op("mul/1", {graph.op("add/1", {direction, decay}), rate});
  graph.assign(moment, mixed(moment, options.value("beta2", 0.99)));
  graph.assign(parameter, graph.op("sub/1", {parameter, step}));
}

clq_status CLQ_CALL build(const clq_builder*, clq_graph* raw, const char* config_json, const uint32_t* inputs,
                          uint32_t n_inputs, uint32_t*, uint32_t, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 2) fail(CLQ_E_INVALID, "it takes a parameter and its gradient");
    Graph graph(raw);
    lion(graph, inputs[0], inputs[1], Json::parse(config_json));
    *n_outputs = 0;
    return CLQ_OK;
  });
}

const clq_builder kLion = {sizeof(clq_builder), 0, nullptr, "optimizer", "example.lion", kSchema, build};
const clq_builder* const kBuilders[] = {&kLion};
const clq_builder_list kList = {sizeof(clq_builder_list), 1, kBuilders};

clq_status CLQ_CALL init(const clq_host* host) noexcept { return clq::sdk::take_host(host); }
void CLQ_CALL deinit() noexcept { clq::sdk::host = nullptr; }
const void* CLQ_CALL get_factory(const char* id) noexcept {
  return std::strcmp(id, CLQ_BUILDER_ID) == 0 ? &kList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.lion", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);

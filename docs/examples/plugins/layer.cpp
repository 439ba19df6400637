// docs/examples/plugins/layer.cpp -- layer "example.excite": squeeze and excitation of Hu et al. 2018.
// SPDX-License-Identifier: BSD-3-Clause
//
// x [N, C, ...] -> x w, w [N, C] = sigmoid(W2 relu(W1 m + b1) + b2), m the mean of each channel. Option: reduction = 4,
// how many times fewer rows than channels W1 has.
#include <nlohmann/json.hpp>

#include <calanque/plugin/sdk_graph.hpp>

namespace {

using clq::sdk::fail;
using clq::sdk::Graph;
using Json = nlohmann::json;

// The host holds the options against it before it calls `build`.
constexpr const char* kSchema = R"json({
  "type": "object",
  "properties": {"reduction": {"type": "integer", "minimum": 1, "default": 4}},
  "additionalProperties": false
})json";

// y = x W^T + b; the states are called NAME.weights and NAME.bias, within the name of the layer.
uint32_t dense(Graph& graph, const std::string& name, uint32_t x, int64_t units) {
  const clq_tensor_desc desc = graph.desc(x);
  const Json he = {{"use", "he_uniform"}, {"fan_in", desc.dims[1]}}, zeros = {{"use", "zeros"}};
  const uint32_t weights =
      graph.state((name + ".weights").c_str(), clq::sdk::dense_desc(desc.dtype, {units, desc.dims[1]}),
                  he.dump().c_str(), CLQ_STATE_TRAINABLE);
  const uint32_t bias = graph.state((name + ".bias").c_str(), clq::sdk::dense_desc(desc.dtype, {units}),
                                    zeros.dump().c_str(), CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY);
  return graph.op("add/1", {graph.op("matmul/1", {x, weights}, {{"transpose_b", 1}}), bias});
}

uint32_t excite(Graph& graph, uint32_t x, int64_t reduction) {
  const clq_tensor_desc desc = graph.desc(x);
  if (desc.rank < 3) fail(CLQ_E_INVALID, "src must be [N, C, L] or [N, C, H, W]");
  std::vector<int64_t> within, per_channel(static_cast<size_t>(desc.rank), 1);  // axes of a channel; [N, C, 1, 1]
  for (int32_t axis = 2; axis < desc.rank; ++axis) within.push_back(axis);
  per_channel[0] = desc.dims[0];
  per_channel[1] = desc.dims[1];
  const uint32_t squeezed = graph.op("reduce_mean/1", {x}, {{"axes", within}});
  const int64_t hidden = std::max<int64_t>(1, desc.dims[1] / reduction);
  const uint32_t inner = graph.op("relu/1", {dense(graph, "squeeze", squeezed, hidden)});
  const uint32_t weights = graph.op("sigmoid/1", {dense(graph, "excite", inner, desc.dims[1])});
  return graph.op("mul/1", {x, graph.op("reshape/1", {weights}, {{"shape", per_channel}})});
}

// Called for each program that is built: training, evaluation, prediction. It only writes ops; gradients follow.
clq_status CLQ_CALL build(const clq_builder*, clq_graph* raw, const char* config_json, const uint32_t* inputs,
                          uint32_t n_inputs, uint32_t* outputs, uint32_t capacity, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 1 || capacity < 1) fail(CLQ_E_INVALID, "it takes one input and gives one output");
    Graph graph(raw);
    outputs[0] = excite(graph, inputs[0], Json::parse(config_json).value("reduction", int64_t{4}));
    *n_outputs = 1;
    return CLQ_OK;
  });
}

const clq_builder kExcite = {sizeof(clq_builder), 0, nullptr, "layer", "example.excite", kSchema, build};
const clq_builder* const kBuilders[] = {&kExcite};
const clq_builder_list kList = {sizeof(clq_builder_list), 1, kBuilders};

clq_status CLQ_CALL init(const clq_host* host) noexcept { return clq::sdk::take_host(host); }
void CLQ_CALL deinit() noexcept { clq::sdk::host = nullptr; }
const void* CLQ_CALL get_factory(const char* id) noexcept {
  return std::strcmp(id, CLQ_BUILDER_ID) == 0 ? &kList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.excite", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);

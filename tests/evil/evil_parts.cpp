// tests/evil/evil_parts.cpp -- a layer, a loss, an optimizer, metrics and an op that are right but for what CLQ_EVIL
// names. SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <calanque/plugin/sdk_graph.hpp>

namespace {

using clq::sdk::fail;
using clq::sdk::Graph;

constexpr const char* kTwice = "org.test.evil.twice/1";
constexpr const char* kZeros = R"({"use": "zeros"})";

bool is(const char* how) {
  const char* evil = std::getenv("CLQ_EVIL");
  return evil != nullptr && std::strcmp(evil, how) == 0;
}

uint32_t times(Graph& graph, uint32_t x, double factor) {
  return graph.op("mul/1", {x, graph.cast(graph.constant(factor), graph.desc(x).dtype)});
}

// y = 2 (x + shift), shift learned.
uint32_t layer(Graph& graph, uint32_t x) {
  const clq_tensor_desc desc = graph.desc(x);
  if (desc.rank != 2) fail(CLQ_E_INVALID, "src must be [N, columns]");
  const bool training = graph.mode() == CLQ_MODE_TRAIN;
  const char* name = is("layer_renames_its_parameter") && !training ? "shifted" : "shift";
  const int64_t columns = is("layer_follows_the_batch") ? desc.dims[0] : 1;
  const uint32_t shift = graph.state(name, clq::sdk::dense_desc(desc.dtype, {columns, 1}), kZeros, CLQ_STATE_TRAINABLE);
  if (is("layer_assigns_in_prediction") && !training) graph.assign(shift, shift);
  uint32_t sum = graph.op("add/1", {x, shift});
  if (is("layer_mixes_rows") && !training)
    sum = graph.op("sub/1", {sum, graph.op("reduce_mean/1", {x}, {{"axes", 0}})});
  if (is("layer_divides_by_nothing") && !training) sum = graph.op("div/1", {sum, times(graph, sum, 0)});
  if (is("layer_stops_gradients")) sum = graph.op("stop_gradient/1", {sum});
  const uint32_t y = graph.op(kTwice, {sum});
  if (is("layer_gives_f64")) return graph.cast(y, CLQ_F64);
  return is("layer_has_a_mode_of_its_own") && !training ? graph.op("concat/1", {y, y}, {{"axis", 1}}) : y;
}

uint32_t loss(Graph& graph, uint32_t output, uint32_t target) {
  const clq_tensor_desc desc = graph.desc(output);
  if (desc.rank != 2 || desc.dims[1] != 1) fail(CLQ_E_INVALID, "the network must give one number");
  const std::vector<int64_t> dims = {desc.dims[0], 1};
  const uint32_t wanted = graph.op("reshape/1", {graph.cast(target, desc.dtype)}, {{"shape", dims}});
  uint32_t error = graph.op("sub/1", {output, wanted});
  if (is("loss_stops_gradients")) error = graph.op("stop_gradient/1", {error});
  if (is("loss_takes_logarithms")) error = graph.op("log/1", {error});
  const uint32_t squares = graph.op("square/1", {error});
  if (is("loss_is_no_vector")) return squares;
  return graph.op("reduce_sum/1", {squares}, {{"axes", 1}});
}

void optimizer(Graph& graph, uint32_t parameter, uint32_t gradient) {
  const uint32_t rate = graph.cast(graph.scalar("learning_rate"), graph.desc(parameter).dtype);
  const uint32_t step = graph.op("mul/1", {gradient, rate});
  if (is("optimizer_forgets")) return;
  if (is("optimizer_stands")) return graph.assign(parameter, graph.op("identity/1", {parameter}));
  graph.assign(parameter, graph.op(is("optimizer_climbs") ? "add/1" : "sub/1", {parameter, step}));
}

void metrics(Graph& graph, uint32_t prediction, uint32_t target) {
  const clq_tensor_desc rows = graph.desc(target);
  if (rows.rank != 1) fail(CLQ_E_INVALID, "one target is measured");
  const uint32_t flat = graph.op("reshape/1", {graph.cast(prediction, CLQ_F64)}, {{"shape", rows.dims[0]}});
  const uint32_t off = graph.op("sub/1", {flat, target});
  if (is("metric_is_none")) return;
  if (is("metric_takes_logarithms"))
    graph.metric("log", graph.op("log/1", {graph.op("sub/1", {off, off})}), R"({"finish": "mean"})");
  graph.metric("off", off, is("metric_ends_unheard_of") ? R"({"finish": "meen"})" : R"({"finish": "rms"})");
}

clq_status CLQ_CALL build(const clq_builder* self, clq_graph* raw, const char*, const uint32_t* inputs, uint32_t,
                          uint32_t* outputs, uint32_t, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    Graph graph(raw);
    const std::string_view kind = self->kind;
    *n_outputs = kind == "layer" || kind == "loss" ? 1 : 0;
    if (kind == "layer") outputs[0] = layer(graph, inputs[0]);
    if (kind == "loss") outputs[0] = loss(graph, inputs[0], inputs[1]);
    if (kind == "optimizer") optimizer(graph, inputs[0], inputs[1]);
    if (kind == "metric") metrics(graph, inputs[0], inputs[1]);
    return CLQ_OK;
  });
}

clq_status CLQ_CALL infer(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values,
                          clq_tensor_desc* outputs) noexcept {
  return clq::sdk::guard([&] {
    if (op->n_inputs != 1) fail(CLQ_E_INVALID, "it takes x");
    outputs[0] = values[op->inputs[0]];
    return CLQ_OK;
  });
}

clq_status CLQ_CALL gradient(const clq_op_def*, clq_graph* raw, const clq_op*, const uint32_t* diff_outputs,
                             uint32_t* diff_inputs) noexcept {
  return clq::sdk::guard([&] {
    Graph graph(raw);
    diff_inputs[0] = times(graph, diff_outputs[0], is("op_has_another_gradient") ? 3 : 2);
    return CLQ_OK;
  });
}

clq_status CLQ_CALL kernel(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values, void* const* data, void*,
                           const clq_host_threads*, clq_team*) noexcept {
  const clq_tensor_desc& desc = values[op->inputs[0]];
  int64_t n = 1;
  for (int32_t d = 0; d < desc.rank; ++d) n *= desc.dims[d];
  const auto run = [&](const auto* x, auto* y, auto factor) {
    for (int64_t i = 0; i < n; ++i) y[i] = factor * x[i];
  };
  if (desc.dtype == CLQ_F32)
    run(static_cast<const float*>(data[op->inputs[0]]), static_cast<float*>(data[op->outputs[0]]),
        is("op_is_wrong_in_f32") ? 2.001f : 2.0f);
  else
    run(static_cast<const double*>(data[op->inputs[0]]), static_cast<double*>(data[op->outputs[0]]), 2.0);
  return CLQ_OK;
}

const clq_builder kLayer = {sizeof(clq_builder), 0, nullptr, "layer", "evil.layer", nullptr, build};
const clq_builder kLoss = {sizeof(clq_builder), 0, nullptr, "loss", "evil.loss", nullptr, build};
const clq_builder kOptimizer = {sizeof(clq_builder), 0, nullptr, "optimizer", "evil.optimizer", nullptr, build};
const clq_builder kMetric = {sizeof(clq_builder), 0, nullptr, "metric", "evil.metric", nullptr, build};
const clq_builder* const kBuilders[] = {&kLayer, &kLoss, &kOptimizer, &kMetric};
const clq_builder_list kBuilderList = {sizeof(clq_builder_list), 4, kBuilders};
const clq_op_def kOp = {sizeof(clq_op_def), 0, nullptr, kTwice, nullptr, infer, gradient, nullptr, kernel};
const clq_op_def* const kOps[] = {&kOp};
const clq_op_list kOpList = {sizeof(clq_op_list), 1, kOps};

clq_status CLQ_CALL init(const clq_host* host) noexcept { return clq::sdk::take_host(host); }
void CLQ_CALL deinit() noexcept { clq::sdk::host = nullptr; }
const void* CLQ_CALL get_factory(const char* id) noexcept {
  if (std::strcmp(id, CLQ_OPS_ID) == 0) return &kOpList;
  return std::strcmp(id, CLQ_BUILDER_ID) == 0 ? &kBuilderList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.test.evil-parts", "0.1.0", "BSD-3-Clause", init, deinit, get_factory);

// docs/examples/plugins/op.cpp -- op "org.example.asinh/1", y = asinh(x / s), and a layer that learns s.
// SPDX-License-Identifier: BSD-3-Clause
//
// x [N, C, ...], s [C]: a softening for each column or band. Written in ops of docs/ops.md it would be
// log(u + sqrt(u^2 + 1)), which in F32 loses what is faint: at u = 1e-4 three digits are left.
#include <cmath>

#include <calanque/plugin/sdk_graph.hpp>

namespace {

using clq::sdk::fail;
using clq::sdk::Graph;

constexpr const char* kAsinh = "org.example.asinh/1";

// The shape rule. `values` are those of this op's operands, whatever graph or segment they stand in.
clq_status CLQ_CALL infer(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values,
                          clq_tensor_desc* outputs) noexcept {
  return clq::sdk::guard([&] {
    if (op->n_inputs != 2 || op->n_outputs != 1 || op->inputs[0] == CLQ_NONE || op->inputs[1] == CLQ_NONE)
      fail(CLQ_E_INVALID, "it takes x and s and gives y");
    const clq_tensor_desc &x = values[op->inputs[0]], &s = values[op->inputs[1]];
    if (x.dtype != CLQ_F32 && x.dtype != CLQ_F64) fail(CLQ_E_UNSUPPORTED, "x must be f32 or f64");
    if (s.dtype != x.dtype || s.rank != 1 || x.rank < 2 || s.dims[0] != x.dims[1])
      fail(CLQ_E_INVALID, "x must be [N, C, ...], and s [C] of its dtype");
    outputs[0] = x;
    return CLQ_OK;
  });
}

// With r = sqrt(x^2 + s^2): dy/dx = 1 / r and dy/ds = -x / (r s), summed over all that shares s.
clq_status CLQ_CALL gradient(const clq_op_def*, clq_graph* raw, const clq_op* op, const uint32_t* diff_outputs,
                             uint32_t* diff_inputs) noexcept {
  return clq::sdk::guard([&] {
    Graph graph(raw);
    const uint32_t x = op->inputs[0];
    const clq_tensor_desc desc = graph.desc(x);
    std::vector<int64_t> others = {0}, per_channel(static_cast<size_t>(desc.rank) - 1, 1);  // [C, 1, ...]
    for (int32_t axis = 2; axis < desc.rank; ++axis) others.push_back(axis);
    per_channel[0] = desc.dims[1];
    const uint32_t s = graph.op("reshape/1", {op->inputs[1]}, {{"shape", per_channel}});
    const uint32_t squares = graph.op("add/1", {graph.op("square/1", {x}), graph.op("square/1", {s})});
    const uint32_t diff_x = graph.op("div/1", {diff_outputs[0], graph.op("sqrt/1", {squares})});
    const uint32_t each = graph.op("div/1", {graph.op("mul/1", {diff_x, x}), s});
    diff_inputs[1] = graph.op("neg/1", {graph.op("reduce_sum/1", {each}, {{"axes", others}})});
    diff_inputs[0] = diff_x;
    return CLQ_OK;
  });
}

int64_t count(const clq_tensor_desc& desc) {
  int64_t n = 1;
  for (int32_t d = 0; d < desc.rank; ++d) n *= desc.dims[d];
  return n;
}

// Room for 1 / s. The backend owns it and may share it with other ops: nothing stays in it from run to run.
clq_status CLQ_CALL prepare(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values,
                            int64_t* workspace_bytes) noexcept {
  *workspace_bytes = values[op->inputs[1]].dims[0] * 8;
  return CLQ_OK;
}

constexpr int64_t kPiece = 8192;  // elements: work is cut by the shape alone, so that threads change no bit

template <class T>
struct Job {
  const T *x, *inverse;
  T* y;
  int64_t n, channels, pixels;

  static void CLQ_CALL run(void* arg, uint32_t piece, uint32_t) noexcept {
    const Job& j = *static_cast<const Job*>(arg);
    const int64_t begin = piece * kPiece, end = std::min(begin + kPiece, j.n);
    for (int64_t i = begin; i < end; ++i) j.y[i] = std::asinh(j.x[i] * j.inverse[i / j.pixels % j.channels]);
  }
};

template <class T>
void compute(const clq_tensor_desc& desc, const void* x, const void* s, void* y, void* workspace,
             const clq_host_threads* threads, clq_team* team) noexcept {
  const int64_t n = count(desc), channels = desc.dims[1];
  if (n == 0) return;
  T* inverse = static_cast<T*>(workspace);
  for (int64_t c = 0; c < channels; ++c) inverse[c] = 1 / static_cast<const T*>(s)[c];
  Job<T> job{static_cast<const T*>(x), inverse, static_cast<T*>(y), n, channels, n / desc.dims[0] / channels};
  threads->parallel_for(team, static_cast<uint32_t>((n + kPiece - 1) / kPiece), Job<T>::run, &job);
}

// Every step: no allocation, no lock, no string.
clq_status CLQ_CALL kernel(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values, void* const* data,
                           void* workspace, const clq_host_threads* threads, clq_team* team) noexcept {
  const uint32_t x = op->inputs[0], s = op->inputs[1], y = op->outputs[0];
  const auto run = values[x].dtype == CLQ_F32 ? compute<float> : compute<double>;
  run(values[x], data[x], data[s], data[y], workspace, threads, team);
  return CLQ_OK;
}

// Layer "example.asinh". It learns log s, so that s stays above 0.
clq_status CLQ_CALL build(const clq_builder*, clq_graph* raw, const char*, const uint32_t* inputs, uint32_t n_inputs,
                          uint32_t* outputs, uint32_t capacity, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 1 || capacity < 1) fail(CLQ_E_INVALID, "it takes one input and gives one output");
    Graph graph(raw);
    const clq_tensor_desc x = graph.desc(inputs[0]);
    if (x.rank < 2) fail(CLQ_E_INVALID, "src must be [N, C, ...]");
    const uint32_t log_s = graph.state("log_softening", clq::sdk::dense_desc(x.dtype, {x.dims[1]}),
                                       R"({"use": "zeros"})", CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY);
    outputs[0] = graph.op(kAsinh, {inputs[0], graph.op("exp/1", {log_s})});
    *n_outputs = 1;
    return CLQ_OK;
  });
}

const clq_op_def kOp = {sizeof(clq_op_def), 0,       nullptr, kAsinh, R"({"type": "object"})", infer,
                        gradient,           prepare, kernel};
const clq_op_def* const kOps[] = {&kOp};
const clq_op_list kOpList = {sizeof(clq_op_list), 1, kOps};
const clq_builder kLayer = {
    sizeof(clq_builder), 0, nullptr, "layer", "example.asinh", R"({"additionalProperties": false})", build};
const clq_builder* const kLayers[] = {&kLayer};
const clq_builder_list kLayerList = {sizeof(clq_builder_list), 1, kLayers};

clq_status CLQ_CALL init(const clq_host* host) noexcept { return clq::sdk::take_host(host); }
void CLQ_CALL deinit() noexcept { clq::sdk::host = nullptr; }
const void* CLQ_CALL get_factory(const char* id) noexcept {
  if (std::strcmp(id, CLQ_OPS_ID) == 0) return &kOpList;
  return std::strcmp(id, CLQ_BUILDER_ID) == 0 ? &kLayerList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.asinh", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);

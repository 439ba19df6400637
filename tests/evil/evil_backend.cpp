// tests/evil/evil_backend.cpp -- cpu_ref, but for what CLQ_EVIL names: what clq validate must find.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include <calanque/plugin/sdk.hpp>

#include "backend.hpp"

namespace {

bool is(std::string_view how) {
  const char* chosen = std::getenv("CLQ_EVIL");
  return chosen != nullptr && how == chosen;
}

const clq_backend_api& good() { return clq::ref::backend_api(); }

struct Value {
  std::byte* data;
  int64_t bytes;
  bool is_float;
};
struct Seen {  // of an executable the descriptions, of a binding the addresses, too
  std::vector<Value> inputs, outputs;
};
std::mutex mutex;
std::map<const void*, Seen> seen;

Seen look_at(const clq_segment& s) {
  const auto value = [&](uint32_t v) {
    const clq_tensor_desc& d = s.values[v];
    int64_t n = d.dtype == CLQ_F32 || d.dtype == CLQ_I32 || d.dtype == CLQ_U32 ? 4 : d.dtype == CLQ_U8 ? 1 : 8;
    for (int32_t i = 0; i < d.rank; ++i) n *= d.dims[i];
    return Value{nullptr, n, d.dtype == CLQ_F32};
  };
  Seen all;
  for (uint32_t i = 0; i < s.n_inputs; ++i) all.inputs.push_back(value(s.inputs[i]));
  for (uint32_t i = 0; i < s.n_outputs; ++i) all.outputs.push_back(value(s.outputs[i]));
  return all;
}

uint32_t device_count() { return is("counts_none") ? 0 : is("counts_too_many") ? 3 : good().device_count(); }

clq_status device_info(uint32_t device, clq_device_info* out) {
  if (is("info_overruns")) std::memset(reinterpret_cast<char*>(out) + sizeof *out, 0, 8);
  if (is("info_of_any")) device = 0;
  const clq_status status = good().device_info(device, out);
  if (is("info_nameless")) out->name = nullptr;
  return status;
}

clq_status open(uint32_t device, const char* options, clq_team* team, clq_backend** out) {
  if (is("open_exits")) _exit(0);
  return good().open(device, options, team, out);
}

clq_status alloc(clq_backend* backend, int64_t bytes, uint32_t kind, void** out) {
  const clq_status status = good().alloc(backend, bytes + (is("alloc_unaligned") ? 64 : 0), kind, out);
  if (is("alloc_unaligned") && status == CLQ_OK) *out = static_cast<char*>(*out) + 8;
  return status;
}

void free_memory(clq_backend* backend, void* p, uint32_t kind) {
  good().free(backend, is("alloc_unaligned") && p != nullptr ? static_cast<char*>(p) - 8 : p, kind);
}

clq_status copy(clq_stream* stream, void* dst, uint32_t dst_kind, const void* src, uint32_t src_kind, int64_t bytes) {
  return good().copy(stream, dst, dst_kind, src, src_kind, is("copy_stops_short") && bytes > 64 ? bytes - 4 : bytes);
}

bool touches_f64(const clq_segment& s, const clq_op& op) {
  bool any = false;
  for (uint32_t i = 0; i < op.n_inputs; ++i) any = any || s.values[op.inputs[i]].dtype == CLQ_F64;
  for (uint32_t i = 0; i < op.n_outputs; ++i)
    any = any || (op.outputs[i] != CLQ_NONE && s.values[op.outputs[i]].dtype == CLQ_F64);
  return any;
}

clq_status supports(clq_backend* backend, const clq_segment* segment, uint32_t op, clq_support* out) {
  const clq_status status = good().supports(backend, segment, op, out);
  if (is("supports_anything") && status == CLQ_OK) out->score = 100;
  if (is("wrong_in_f32_alone") && status == CLQ_OK && touches_f64(*segment, segment->ops[op])) {
    out->score = 0;
    std::strcpy(out->reason, "f32 alone");
  }
  if (is("supports_without_reason") && status == CLQ_OK) out->reason[0] = '\0';
  return status;
}

clq_status compile(clq_backend* backend, const clq_segment* segment, const clq_state_layout* const* wanted,
                   clq_executable** out) {
  if (is("compile_crashes")) std::abort();
  clq_segment mine = *segment;
  std::vector<clq_state> states(segment->states, segment->states + segment->n_states);
  if (is("ignores_when"))
    for (clq_state& s : states) s.when = CLQ_NONE;
  mine.states = states.data();
  if (is("takes_any_flag")) mine.flags = 0;
  if (is("takes_any_size")) mine.struct_size = sizeof mine;
  const clq_status status = good().compile(backend, &mine, wanted, out);
  const std::lock_guard lock(mutex);
  if (status == CLQ_OK) seen[*out] = look_at(*segment);
  if (is("refuses_silently") && status < 0) clq::sdk::host->set_error(clq::sdk::host, "");
  return status;
}

clq_status executable_info(clq_executable* executable, clq_executable_info* out) {
  const clq_status status = good().executable_info(executable, out);
  if (is("workspace_too_small") && status == CLQ_OK) out->workspace_bytes = out->workspace_bytes / 2;
  return status;
}

clq_status state_export(clq_executable* executable, uint32_t state, clq_stream* stream, void* plain,
                        const void* storage) {
  const clq_status status = good().state_export(executable, state, stream, plain, storage);
  if (is("export_changes_a_bit")) *static_cast<unsigned char*>(plain) ^= 1;
  return status;
}

clq_status bind(clq_executable* executable, const clq_bind_args* args, clq_binding** out) {
  const clq_status status = good().bind(executable, args, out);
  if (status != CLQ_OK) return status;
  const std::lock_guard lock(mutex);
  Seen bound = seen[executable];
  for (size_t i = 0; i < bound.inputs.size(); ++i) bound.inputs[i].data = static_cast<std::byte*>(args->inputs[i]);
  for (size_t i = 0; i < bound.outputs.size(); ++i) bound.outputs[i].data = static_cast<std::byte*>(args->outputs[i]);
  seen[*out] = bound;
  return status;
}

void change_non_finite(float* values, int64_t n) {
  bool any = false;
  for (int64_t i = 0; i < n; ++i) {
    const bool infinite = std::isinf(values[i]);
    any = any || !std::isfinite(values[i]);
    if (is("hides_non_finite") && !std::isfinite(values[i])) values[i] = 0;
    if (is("makes_nan_of_infinity") && infinite) values[i] = std::numeric_limits<float>::quiet_NaN();
    if (is("turns_infinity") && infinite) values[i] = -values[i];
  }
  if (is("spreads_non_finite") && any) values[0] = std::numeric_limits<float>::quiet_NaN();
}

void change_floats(const Value& v) {
  static int runs = 0;
  const bool odd = ++runs % 2 == 1;
  auto* values = reinterpret_cast<float*>(v.data);
  for (int64_t i = 0; v.is_float && i < v.bytes / 4; ++i) {
    if (is("wrong_result") || is("wrong_in_f32_alone")) values[i] *= 1.001f;
    if (is("not_repeatable") && odd) values[i] = std::nextafterf(values[i], 1e30f);
  }
}

// As a plugin may: itself, through the C and the C++ library, and past malloc. volatile: or the compiler drops both
// ends.
void allocate() {
  if (is("run_allocates")) {
    void* volatile block = ::operator new(100);
    ::operator delete(block);
  }
  if (is("run_makes_text")) {
    const volatile size_t n = 100;
    volatile char first = std::string(n, 'x')[0];
    static_cast<void>(first);
  }
  void* block = nullptr;
  if (is("run_allocates_aligned") && posix_memalign(&block, 64, 100) == 0) std::free(block);
  if (is("run_copies_text")) std::free(strdup("the C library allocates"));
  if (is("run_maps")) munmap(mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
}

void misuse(const Seen& bound) {
  if (is("run_hangs"))
    for (;;) pause();
  if (is("run_throws")) throw std::runtime_error("out of a C function");
  allocate();
  if (is("writes_input") && !bound.inputs.empty()) *bound.inputs[0].data ^= std::byte{1};
  for (const Value& v : bound.outputs) {
    if (is("writes_behind")) v.data[v.bytes] = std::byte{7};
    if (is("writes_far")) v.data[(v.bytes + 63) / 64 * 64] = std::byte{7};
    change_floats(v);
    if (v.is_float) change_non_finite(reinterpret_cast<float*>(v.data), v.bytes / 4);
  }
}

clq_status run(clq_binding* binding, clq_stream* stream, const clq_run_args* args) {
  const clq_status status = good().run(binding, stream, args);
  if (is("loses_errors")) return CLQ_OK;
  if (status == CLQ_OK) misuse(seen[binding]);
  return status;
}

clq_backend_api& table() {
  static clq_backend_api api = good();
  api.device_count = device_count;
  api.device_info = device_info;
  api.open = open;
  api.alloc = alloc;
  api.free = free_memory;
  api.copy = copy;
  api.supports = supports;
  api.compile = compile;
  api.executable_info = executable_info;
  api.state_export = state_export;
  api.bind = bind;
  api.run = run;
  return api;
}

clq_status init(const clq_host* host) { return clq::sdk::take_host(host); }
void deinit() { clq::sdk::host = nullptr; }
const void* get_factory(const char* id) { return std::string_view(id) == CLQ_BACKEND_ID ? &table() : nullptr; }

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin;
const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.evil-backend", "6.6.6", "BSD-3-Clause", init, deinit, get_factory);

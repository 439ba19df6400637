// docs/examples/plugins/backend.cpp -- device "mini:0": a whole backend, whose work is done when a call returns.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <unistd.h>

#include "backend_program.hpp"

using clq::sdk::fail;
using clq::sdk::report;
using clq::sdk::require_size;

struct clq_backend {};
struct clq_stream {};
struct clq_event {};
struct clq_executable {
  std::shared_ptr<const mini::Program> program;  // bindings may outlive the handle
};
struct clq_binding {
  mini::Binding binding;
};

namespace {

template <class Body>
clq_status done(Body&& body) noexcept {
  return clq::sdk::guard([&] {
    body();
    return CLQ_OK;
  });
}

void require_device(uint32_t device) {
  if (device != 0) fail(CLQ_E_NOT_FOUND, "mini has one device, there is no " + std::to_string(device));
}

void describe_device(uint32_t device, clq_device_info& out) {
  require_size(out.struct_size, CLQ_SIZE_UPTO(clq_device_info, memory_free), "device_info");
  require_device(device);
  out.kind = CLQ_DEV_CPU;
  out.name = "mini";
  out.description = "five ops in plain loops, an example";
  out.memory_total = int64_t{sysconf(_SC_PAGESIZE)} * sysconf(_SC_PHYS_PAGES);
  out.memory_free = int64_t{sysconf(_SC_PAGESIZE)} * sysconf(_SC_AVPHYS_PAGES);
}

void* allocate(int64_t bytes, uint32_t kind) {
  if (bytes < 0 || kind < CLQ_MEM_HOST || kind > CLQ_MEM_DEVICE) fail(CLQ_E_INVALID, "alloc: there is no such memory");
  void* p = bytes > int64_t{1} << 48 ? nullptr : std::aligned_alloc(64, static_cast<size_t>(mini::rounded(bytes + 1)));
  if (p == nullptr) fail(CLQ_E_NOMEM, "alloc: no memory for " + std::to_string(bytes) + " bytes");
  return p;
}

clq_status move_state(clq_executable* e, uint32_t state, void* to, const void* from) noexcept {
  return done([&] { std::memcpy(to, from, static_cast<size_t>(e->program->state_bytes(state))); });
}

clq_status run(clq_binding* b, clq_stream*, const clq_run_args* args) noexcept {
  if (args == nullptr || args->struct_size < CLQ_SIZE_UPTO(clq_run_args, scalars))
    return report(CLQ_E_ABI, "run: struct_size is too small");
  if (args->n_scalars != b->binding.n_cells()) return report(CLQ_E_INVALID, "run: wrong number of scalars");
  b->binding.run(args->scalars);
  return CLQ_OK;
}

void add_device(clq_backend_api& t) {
  t.device_count = []() -> uint32_t { return 1; };
  t.device_info = [](uint32_t device, clq_device_info* out) { return done([&] { describe_device(device, *out); }); };
  t.open = [](uint32_t device, const char*, clq_team*, clq_backend** out) {
    return done([&] { require_device(device), *out = new clq_backend; });
  };
  t.close = [](clq_backend* backend) { delete backend; };
  t.get_extension = [](clq_backend*, const char*) -> const void* { return nullptr; };
  t.alloc = [](clq_backend*, int64_t bytes, uint32_t kind, void** out) {
    return done([&] { *out = allocate(bytes, kind); });
  };
  t.free = [](clq_backend*, void* p, uint32_t) { std::free(p); };
}

// Nothing is ever left to wait for: an event has passed when it is recorded.
void add_queues(clq_backend_api& t) {
  t.stream_create = [](clq_backend*, clq_stream** out) { return done([&] { *out = new clq_stream; }); };
  t.stream_destroy = [](clq_stream* stream) { delete stream; };
  t.event_create = [](clq_backend*, clq_event** out) { return done([&] { *out = new clq_event; }); };
  t.event_destroy = [](clq_event* event) { delete event; };
  t.event_record = [](clq_event*, clq_stream*) { return CLQ_OK; };
  t.event_query = t.event_sync = [](clq_event*) { return CLQ_OK; };
  t.stream_wait = [](clq_stream*, clq_event*) { return CLQ_OK; };
  t.copy = [](clq_stream*, void* dst, uint32_t, const void* src, uint32_t, int64_t bytes) {
    return bytes < 0 ? report(CLQ_E_INVALID, "copy: negative number of bytes")
                     : done([&] { std::memcpy(dst, src, static_cast<size_t>(bytes)); });
  };
}

void add_programs(clq_backend_api& t) {
  t.supports = [](clq_backend*, const clq_segment* segment, uint32_t op, clq_support* out) {
    return done([&] { mini::describe_support(*segment, op, *out); });
  };
  t.compile = [](clq_backend*, const clq_segment* s, const clq_state_layout* const* wanted, clq_executable** out) {
    return done([&] { *out = new clq_executable{std::make_shared<const mini::Program>(*s, wanted)}; });
  };
  t.executable_info = [](clq_executable* e, clq_executable_info* out) {
    return done([&] { e->program->describe(*out); });
  };
  t.executable_destroy = [](clq_executable* executable) { delete executable; };
  t.state_layout = [](clq_executable* e, uint32_t state, clq_state_layout* out) {
    return done([&] { e->program->describe_state(state, *out); });
  };
  t.state_import = [](clq_executable* e, uint32_t state, clq_stream*, void* storage, const void* plain) {
    return move_state(e, state, storage, plain);
  };
  t.state_export = [](clq_executable* e, uint32_t state, clq_stream*, void* plain, const void* storage) {
    return move_state(e, state, plain, storage);
  };
  t.bind = [](clq_executable* e, const clq_bind_args* args, clq_binding** out) {
    return done([&] { *out = new clq_binding{mini::Binding(e->program, *args)}; });
  };
  t.binding_destroy = [](clq_binding* binding) { delete binding; };
  t.run = run;
}

clq_backend_api make_table() {
  clq_backend_api t{};
  t.struct_size = sizeof t;
  add_device(t);
  add_queues(t);
  add_programs(t);
  return t;
}

clq_status init(const clq_host* host) { return clq::sdk::take_host(host); }
void deinit() { clq::sdk::host = nullptr; }
const void* get_factory(const char* id) {
  static const clq_backend_api table = make_table();
  return std::strcmp(id, CLQ_BACKEND_ID) == 0 ? &table : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.example.mini", "1.0.0", "BSD-3-Clause", init, deinit, get_factory);

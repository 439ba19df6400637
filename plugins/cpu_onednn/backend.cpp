// plugins/cpu_onednn/backend.cpp -- the C table: everything is done when the call returns.
// SPDX-License-Identifier: BSD-3-Clause
#include "backend.hpp"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>

#include "plan/executable.hpp"
#include "plan/lowering.hpp"
#include "signals_blocked.hpp"
#include "team.hpp"

using clq::onednn::Layouts;
using clq::onednn::Team;
using clq::ref::Binding;
using clq::ref::Executable;
using clq::sdk::fail;
using clq::sdk::guard;
using clq::sdk::report;
using clq::sdk::require_size;

// What executables need beyond the backend that made them.
struct Shared {
  clq::onednn::Engine engine;
  Layouts layouts;
  Team team;
  clq::ref::Context host;  // the team that the host lent

  Shared(const clq_host_threads* threads, clq_team* lent)
      : engine(clq::onednn::open_engine()),
        team(lent == nullptr ? 1 : threads->thread_count(lent)),
        host{threads, lent, nullptr} {}
  // Dynamic cuts on the host's team go on when a core is taken; only oneDNN's own regions need OpenMP's.
  clq::ref::Context context(bool openmp) {
    if (team.threads() == 1) return {nullptr, nullptr, nullptr};
    return openmp ? clq::ref::Context{&clq::onednn::team_threads(), clq::onednn::as_clq(&team), nullptr} : host;
  }
};

struct clq_backend {
  std::shared_ptr<Shared> shared;
};
struct clq_stream {};
struct clq_event {};
struct clq_executable {
  std::shared_ptr<Shared> device;
  std::shared_ptr<const Executable> shared;
  std::vector<clq_tensor_desc> states;
  bool needs_openmp;
};
struct clq_binding {
  std::shared_ptr<Shared> device;
  Binding binding;
  bool needs_openmp;
};

namespace clq::onednn {
namespace {

using ref::kAlign;
using ref::round_up;

constexpr uint32_t kScore = 60;  // native speed, but for ops that plain loops run; above cpu_ref
constexpr uint32_t kWideScore = 1;

template <class Body>
clq_status done(Body&& body) noexcept {
  return guard([&] {
    body();
    return CLQ_OK;
  });
}

uint32_t device_count() { return 1; }

clq_status device_info(uint32_t device, clq_device_info* out) {
  return done([&] {
    require_size(out->struct_size, CLQ_SIZE_UPTO(clq_device_info, memory_free), "device_info");
    if (device != 0) fail(CLQ_E_NOT_FOUND, "cpu_onednn has one device, there is no " + std::to_string(device));
    const int64_t page = sysconf(_SC_PAGESIZE);
    out->kind = CLQ_DEV_CPU;
    out->name = "cpu_onednn";
    out->description = "oneDNN on the CPU, in F32";
    out->memory_total = page * sysconf(_SC_PHYS_PAGES);
    out->memory_free = page * sysconf(_SC_AVPHYS_PAGES);
  });
}

const clq_host_threads* host_threads() {
  if (sdk::host == nullptr) return nullptr;
  return static_cast<const clq_host_threads*>(sdk::host->get_extension(sdk::host, CLQ_HOST_THREADS_ID));
}

clq_status open(uint32_t device, const char*, clq_team* team, clq_backend** out) {
  return done([&] {
    if (device != 0) fail(CLQ_E_NOT_FOUND, "cpu_onednn has one device, there is no " + std::to_string(device));
    const clq_host_threads* threads = host_threads();
    const bool usable = team != nullptr && threads != nullptr && CLQ_HAS(clq_host_threads, threads, parallel_for);
    *out = new clq_backend{std::make_shared<Shared>(threads, usable ? team : nullptr)};
  });
}

// body() in a call of the team, what it throws in this thread.
template <class Body>
void call_throwing(Team& team, const Body& body) {
  team.require_here();
  std::exception_ptr thrown;
  team.call([&]() noexcept {
    try {
      body();
    } catch (...) {
      thrown = std::current_exception();
    }
  });
  if (thrown != nullptr) std::rethrow_exception(thrown);
}

void close(clq_backend* backend) { delete backend; }

const void* get_extension(clq_backend*, const char*) { return nullptr; }

clq_status alloc(clq_backend*, int64_t bytes, uint32_t kind, void** out) {
  return done([&] {
    if (bytes < 0 || kind < CLQ_MEM_HOST || kind > CLQ_MEM_DEVICE)
      fail(CLQ_E_INVALID, "alloc: " + std::to_string(bytes) + " bytes of memory kind " + std::to_string(kind));
    void* p = bytes > INT64_MAX - kAlign ? nullptr : std::aligned_alloc(kAlign, static_cast<size_t>(round_up(bytes)));
    if (p == nullptr) fail(CLQ_E_NOMEM, "alloc: no memory for " + std::to_string(bytes) + " bytes");
    *out = p;
  });
}

void free_memory(clq_backend*, void* p, uint32_t) { std::free(p); }

clq_status stream_create(clq_backend*, clq_stream** out) {
  return done([&] { *out = new clq_stream; });
}

void stream_destroy(clq_stream* stream) { delete stream; }

clq_status event_create(clq_backend*, clq_event** out) {
  return done([&] { *out = new clq_event; });
}

void event_destroy(clq_event* event) { delete event; }

clq_status event_record(clq_event*, clq_stream*) { return CLQ_OK; }
clq_status event_done(clq_event*) { return CLQ_OK; }
clq_status stream_wait(clq_stream*, clq_event*) { return CLQ_OK; }

clq_status copy(clq_stream*, void* dst, uint32_t, const void* src, uint32_t, int64_t bytes) {
  if (bytes < 0) return report(CLQ_E_INVALID, "copy: negative number of bytes");
  if (bytes > 0) std::memcpy(dst, src, static_cast<size_t>(bytes));
  return CLQ_OK;
}

// Products and convolutions in F64 run in cpu_ref's loops: no better than cpu_ref itself.
uint32_t score_of(const clq_segment& segment, const clq_op& op) {
  const std::string_view name = op.name;
  const bool heavy = name == "matmul/1" || name.starts_with("conv");
  return heavy && segment.values[op.inputs[0]].dtype == CLQ_F64 ? kWideScore : kScore;
}

clq_status supports(clq_backend*, const clq_segment* segment, uint32_t op, clq_support* out) {
  return done([&] {
    ref::describe_support(*segment, op, kScore, *out);
    if (out->score > 0) out->score = score_of(*segment, segment->ops[op]);
  });
}

clq_status compile(clq_backend* backend, const clq_segment* segment, const clq_state_layout* const* wanted,
                   clq_executable** out) {
  return done([&] {
    const std::shared_ptr<Shared>& shared = backend->shared;
    Planned planned;
    call_throwing(shared->team, [&] { planned = make_plan(*segment, wanted, {shared->engine, shared->layouts}); });
    auto executable =
        std::make_shared<const Executable>(std::move(planned.plan), shared->context(planned.needs_openmp));
    std::vector<clq_tensor_desc> states;
    for (uint32_t i = 0; i < segment->n_states; ++i) states.push_back(segment->values[segment->states[i].before]);
    *out = new clq_executable{shared, std::move(executable), std::move(states), planned.needs_openmp};
  });
}

clq_status executable_info(clq_executable* executable, clq_executable_info* out) {
  return done([&] { executable->shared->describe(*out); });
}

void executable_destroy(clq_executable* executable) { delete executable; }

clq_status state_layout(clq_executable* executable, uint32_t state, clq_state_layout* out) {
  return done([&] { executable->shared->describe_state(state, *out); });
}

// body(format of the storage, the same plainly) where the two differ.
template <class Body>
clq_status move_state(clq_executable* executable, uint32_t state, void* to, const void* from, const Body& body) {
  return done([&] {
    const Executable& e = *executable->shared;
    const auto bytes = static_cast<size_t>(e.state_bytes(state));
    const LayoutId layout = e.plan().states[state].layout;
    if (layout == kPlainLayout) return static_cast<void>(std::memcpy(to, from, bytes));
    const Desc desc = executable->device->layouts.desc(layout);
    call_throwing(executable->device->team, [&] { body(executable->device->engine, desc, plain_like(desc)); });
  });
}

clq_status state_import(clq_executable* executable, uint32_t state, clq_stream*, void* storage, const void* plain) {
  return move_state(executable, state, storage, plain, [&](const Engine& engine, const Desc& own, const Desc& rows) {
    reorder_now(engine, rows, plain, own, storage);
  });
}

clq_status state_export(clq_executable* executable, uint32_t state, clq_stream*, void* plain, const void* storage) {
  return move_state(executable, state, plain, storage, [&](const Engine& engine, const Desc& own, const Desc& rows) {
    reorder_now(engine, own, storage, rows, plain);
  });
}

clq_status bind(clq_executable* executable, const clq_bind_args* args, clq_binding** out) {
  return done([&] {
    *out = new clq_binding{executable->device, Binding(executable->shared, *args), executable->needs_openmp};
  });
}

void binding_destroy(clq_binding* binding) { delete binding; }

clq_status run(clq_binding* binding, clq_stream*, const clq_run_args* args) {  // hot
  clq_status status = CLQ_OK;
  if (const char* problem = ref::run_args_problem(args, binding->binding.n_scalars(), &status))
    return report(status, problem);
  Team& team = binding->device->team;
  if (team.is_left_behind()) return report(CLQ_E_FORKED, kForked);
  const auto body = [&]() noexcept { status = binding->binding.run(args->scalars); };
  if (binding->needs_openmp) {
    team.call(body);
  } else {
    const SignalsBlocked quiet;
    body();
  }
  const char* problem = status == CLQ_OK ? nullptr : binding->binding.problem();
  return problem == nullptr ? status : report(status, problem);
}

constexpr clq_backend_api kApi = {CLQ_TABLE(clq_backend_api),
                                  device_count,
                                  device_info,
                                  open,
                                  close,
                                  get_extension,
                                  alloc,
                                  free_memory,
                                  stream_create,
                                  stream_destroy,
                                  event_create,
                                  event_destroy,
                                  event_record,
                                  event_done,
                                  event_done,
                                  stream_wait,
                                  copy,
                                  supports,
                                  compile,
                                  executable_info,
                                  executable_destroy,
                                  state_layout,
                                  state_import,
                                  state_export,
                                  bind,
                                  binding_destroy,
                                  run};

}  // namespace

const clq_backend_api& backend_api() { return kApi; }

}  // namespace clq::onednn

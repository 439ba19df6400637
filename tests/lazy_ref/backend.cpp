// tests/lazy_ref/backend.cpp -- the C table: everything is queued, and read or written as late as it may be.
// SPDX-License-Identifier: BSD-3-Clause
//
// Device 0 has memory of its own; device 1 computes in the host's, later than the host may expect.
// open() options: {"seed": n} (else CLQ_LAZY_SEED, else 0) draws the order; {"fail_run": n} lets the n-th run, from 1,
// fail, {"tell_at": m} not before the m-th event is recorded behind it, whose recording tells of it (in a scheduler
// that goes on by itself). CLQ_LAZY_IMMEDIATE and CLQ_LAZY_STRICT set its manner (scheduler.hpp).
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <semaphore>

#include "bound.hpp"
#include "scheduler.hpp"

using clq::lazy::Manner;
using clq::lazy::Mark;
using clq::lazy::Queue;
using clq::lazy::Scheduler;
using clq::ref::Executable;
using clq::sdk::fail;
using clq::sdk::guard;
using clq::sdk::report;
using clq::sdk::require_size;

struct clq_backend {
  clq_backend(uint64_t seed, Manner manner, bool in_host_memory, int64_t bad_run, int64_t told_at)
      : scheduler(seed, manner), shares_host_memory(in_host_memory), fail_run(bad_run), tell_at(told_at) {}
  Scheduler scheduler;
  bool shares_host_memory;
  int64_t fail_run, tell_at, runs = 0, queued_runs = 0, events_behind = 0;
  Queue* failing = nullptr;  // from when the run that fails is queued
  std::binary_semaphore may_fail{0};
};
struct clq_stream {
  clq_backend& backend;
  Queue* queue;
};
struct clq_event {
  clq_backend& backend;
  std::shared_ptr<Mark> mark;
};
struct clq_executable {
  clq_backend& backend;
  std::shared_ptr<const Executable> shared;
};
struct clq_binding {
  clq_backend& backend;
  std::shared_ptr<clq::lazy::Bound> bound;
};

namespace clq::lazy {
namespace {

constexpr uint32_t kScore = 1;

template <class Body>
clq_status done(Body&& body) noexcept {
  return guard([&] {
    body();
    return CLQ_OK;
  });
}

// The integer behind "key": in a flat JSON object.
int64_t option(const char* json, const char* key, int64_t absent) {
  const char* at = json != nullptr ? std::strstr(json, (std::string("\"") + key + "\"").c_str()) : nullptr;
  at = at != nullptr ? std::strchr(at, ':') : nullptr;
  return at != nullptr ? std::strtoll(at + 1, nullptr, 10) : absent;
}

int64_t environment_seed() {
  const char* text = std::getenv("CLQ_LAZY_SEED");
  return text != nullptr ? std::strtoll(text, nullptr, 10) : 0;
}

constexpr uint32_t kDevices = 2;
std::atomic<int64_t> open_devices{0};

void require_device(uint32_t device) {
  if (device >= kDevices) fail(CLQ_E_NOT_FOUND, "lazy_ref has two devices, there is no " + std::to_string(device));
}

uint32_t device_count() { return kDevices; }

clq_status device_info(uint32_t device, clq_device_info* out) {
  return done([&] {
    require_size(out->struct_size, CLQ_SIZE_UPTO(clq_device_info, memory_free), "device_info");
    require_device(device);
    out->kind = device == 0 ? CLQ_DEV_GPU : CLQ_DEV_CPU;
    out->name = "lazy_ref";
    out->description = device == 0 ? "for tests: cpu_ref behind queues, with memory of its own"
                                   : "for tests: cpu_ref behind queues, in the host's memory";
    out->memory_total = out->memory_free = int64_t{1} << 32;
  });
}

clq_status open(uint32_t device, const char* options, clq_team*, clq_backend** out) {
  return done([&] {
    require_device(device);
    const auto seed = static_cast<uint64_t>(option(options, "seed", environment_seed()));
    const Manner manner{std::getenv("CLQ_LAZY_IMMEDIATE") != nullptr, std::getenv("CLQ_LAZY_STRICT") != nullptr};
    const bool fails = option(options, "fail_device", open_devices) == open_devices;
    *out = new clq_backend(seed, manner, device == 1, fails ? option(options, "fail_run", 0) : 0,
                           fails ? option(options, "tell_at", 0) : 0);
    ++open_devices;
  });
}

void close(clq_backend* backend) {
  if (backend == nullptr) return;
  backend->scheduler.drain();
  delete backend;
  --open_devices;
}

const void* get_extension(clq_backend*, const char*) { return nullptr; }

clq_status alloc(clq_backend* backend, int64_t bytes, uint32_t kind, void** out) {
  return done([&] {
    if (bytes < 0 || kind < CLQ_MEM_HOST || kind > CLQ_MEM_DEVICE)
      fail(CLQ_E_INVALID, "alloc: " + std::to_string(bytes) + " bytes of memory kind " + std::to_string(kind));
    const std::lock_guard lock(backend->scheduler.mutex());
    if (kind == CLQ_MEM_DEVICE) {
      *out = backend->scheduler.memory().alloc(bytes);
      return;
    }
    const auto size = static_cast<size_t>(ref::round_up(bytes));
    void* p = std::aligned_alloc(ref::kAlign, size);
    if (p == nullptr) throw std::bad_alloc();
    *out = std::memset(p, 0xFF, size);
  });
}

void free_memory(clq_backend* backend, void* p, uint32_t kind) {
  if (kind != CLQ_MEM_DEVICE) return std::free(p);
  const std::lock_guard lock(backend->scheduler.mutex());
  if (p != nullptr && !backend->scheduler.memory().free(p)) std::abort();  // not device memory, or freed before
}

clq_status stream_create(clq_backend* backend, clq_stream** out) {
  return done([&] { *out = new clq_stream{*backend, backend->scheduler.add_queue()}; });
}

void stream_destroy(clq_stream* stream) {
  if (stream == nullptr) return;
  stream->backend.scheduler.drop_queue(stream->queue);
  delete stream;
}

clq_status event_create(clq_backend* backend, clq_event** out) {
  return done([&] { *out = new clq_event{*backend, std::make_shared<Mark>()}; });
}

void event_destroy(clq_event* event) { delete event; }

clq_status event_record(clq_event* event, clq_stream* stream) {
  return done([&] {
    clq_backend& backend = event->backend;
    if (backend.tell_at > 0 && backend.failing == stream->queue && ++backend.events_behind == backend.tell_at) {
      backend.may_fail.release();
      backend.scheduler.await_failure(*stream->queue);
    }
    backend.scheduler.record(*stream->queue, event->mark);
  });
}

clq_status event_query(clq_event* event) {
  return guard([&] {
    const std::lock_guard lock(event->backend.scheduler.mutex());
    event->backend.scheduler.progress();
    Scheduler::tell(event->mark->failure, "event");
    return event->mark->passed >= event->mark->recorded ? CLQ_OK : CLQ_PENDING;
  });
}

clq_status event_sync(clq_event* event) {
  return done([&] {
    event->backend.scheduler.sync(*event->mark);
    const std::lock_guard lock(event->backend.scheduler.mutex());
    Scheduler::tell(event->mark->failure, "event");
  });
}

clq_status stream_wait(clq_stream* stream, clq_event* event) {
  return done([&] { stream->backend.scheduler.wait(*stream->queue, event->mark); });
}

// Device memory must be the device's, and other memory not.
void check_kind(DeviceMemory& memory, const void* data, uint32_t kind, int64_t bytes, const char* what) {
  const bool fits = kind == CLQ_MEM_DEVICE ? memory.contains(data, bytes) : !memory.owns(data);
  if (!fits) fail(CLQ_E_INVALID, std::string(what) + " is not memory of the kind it is said to be, or is freed");
}

clq_status copy(clq_stream* stream, void* dst, uint32_t dst_kind, const void* src, uint32_t src_kind, int64_t bytes) {
  return done([&] {
    if (bytes < 0) fail(CLQ_E_INVALID, "copy: negative number of bytes");
    DeviceMemory& memory = stream->backend.scheduler.memory();
    const auto check = [=, &memory] {
      check_kind(memory, dst, dst_kind, bytes, "copy: dst");
      check_kind(memory, src, src_kind, bytes, "copy: src");
    };
    const std::lock_guard lock(stream->backend.scheduler.mutex());
    check();
    std::recursive_mutex& mutex = stream->backend.scheduler.mutex();
    stream->backend.scheduler.push(*stream->queue, [=, &mutex] {
      const std::lock_guard held(mutex);
      check();
      if (bytes > 0) std::memmove(dst, src, static_cast<size_t>(bytes));
    });
  });
}

clq_status supports(clq_backend*, const clq_segment* segment, uint32_t op, clq_support* out) {
  return done([&] { ref::describe_support(*segment, op, kScore, *out); });
}

clq_status compile(clq_backend* backend, const clq_segment* segment, const clq_state_layout* const* wanted,
                   clq_executable** out) {
  return done([&] {
    *out = new clq_executable{
        *backend, std::make_shared<const Executable>(*segment, wanted, ref::Context{nullptr, nullptr, nullptr})};
  });
}

clq_status executable_info(clq_executable* executable, clq_executable_info* out) {
  return done([&] { executable->shared->describe(*out); });
}

void executable_destroy(clq_executable* executable) { delete executable; }

clq_status state_layout(clq_executable* executable, uint32_t state, clq_state_layout* out) {
  return done([&] { executable->shared->describe_state(state, *out); });
}

clq_status state_import(clq_executable* executable, uint32_t state, clq_stream* stream, void* storage,
                        const void* plain) {
  int64_t bytes = 0;
  const clq_status status = done([&] { bytes = executable->shared->state_bytes(state); });
  return status != CLQ_OK ? status : copy(stream, storage, CLQ_MEM_DEVICE, plain, CLQ_MEM_HOST, bytes);
}

clq_status state_export(clq_executable* executable, uint32_t state, clq_stream* stream, void* plain,
                        const void* storage) {
  int64_t bytes = 0;
  const clq_status status = done([&] { bytes = executable->shared->state_bytes(state); });
  return status != CLQ_OK ? status : copy(stream, plain, CLQ_MEM_HOST, storage, CLQ_MEM_DEVICE, bytes);
}

clq_status bind(clq_executable* executable, const clq_bind_args* args, clq_binding** out) {
  return done([&] {
    if (args->comm != nullptr && args->comm->n_ranks > 1) executable->backend.scheduler.go_on_by_itself();
    const std::lock_guard lock(executable->backend.scheduler.mutex());
    auto bound = std::make_shared<Bound>(executable->shared, *args, executable->backend.scheduler.memory(),
                                         executable->backend.shares_host_memory);
    *out = new clq_binding{executable->backend, std::move(bound)};
  });
}

void binding_destroy(clq_binding* binding) {
  if (binding == nullptr) return;
  const std::lock_guard lock(binding->backend.scheduler.mutex());
  binding->bound->retire();
  delete binding;
}

[[noreturn]] void fail_now(clq_backend& backend) {
  if (backend.tell_at > 0 && !backend.may_fail.try_acquire_for(std::chrono::seconds(2)))
    fail(CLQ_E_INTERNAL, "lazy_ref: no event was recorded that could tell of the failure");
  fail(CLQ_E_DEVICE, "this run fails because fail_run says so");
}

clq_status run(clq_binding* binding, clq_stream* stream, const clq_run_args* args) {
  clq_status status = CLQ_OK;
  if (const char* problem = ref::run_args_problem(args, binding->bound->n_scalars(), &status))
    return report(status, problem);
  return done([&] {
    std::vector<uint64_t> cells(args->scalars, args->scalars + args->n_scalars);
    const auto turn = [bound = binding->bound, cells = std::move(cells), &backend = binding->backend] {
      if (++backend.runs == backend.fail_run) fail_now(backend);
      {
        const std::lock_guard lock(backend.scheduler.mutex());
        bound->check();
      }
      bound->run(cells);
    };
    clq_backend& backend = binding->backend;
    if (++backend.queued_runs == backend.fail_run) backend.failing = stream->queue;
    backend.scheduler.push(*stream->queue, turn);
  });
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
                                  event_query,
                                  event_sync,
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

}  // namespace clq::lazy

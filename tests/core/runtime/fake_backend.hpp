// tests/core/runtime/fake_backend.hpp -- a backend of nothing but counters: what the core asks of a table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <cstring>
#include <string>

#include "runtime/device.hpp"
#include "runtime/log.hpp"

namespace clq::test {

struct FakeCounts {
  int open = 0, memory = 0, streams = 0, events = 0, executables = 0, bindings = 0, runs = 0;
};
inline FakeCounts counts;
inline uint32_t fake_threads = 0;
inline clq_executable_info fake_info = {0, 0, 640, 64, 0};
inline clq_state_layout fake_layout = {0, 0, 16, 64, 0};

template <class T>
T* token(int& count) {  // a handle that is never looked into
  ++count;
  return reinterpret_cast<T*>(&count);
}

inline clq_status open(uint32_t, const char* options, clq_team* team, clq_backend** out) {
  if (std::strcmp(options, "fail") == 0) {
    set_thread_error("the card has fallen off the bus");
    return CLQ_E_DEVICE;
  }
  if (std::strcmp(options, "silent") == 0) return CLQ_E_LOST;
  fake_threads = host_threads_table().thread_count(team);
  *out = token<clq_backend>(counts.open);
  return CLQ_OK;
}

inline clq_status alloc(clq_backend*, int64_t bytes, uint32_t, void** out) {
  if (bytes > 1'000'000) return CLQ_E_NOMEM;
  ++counts.memory;
  *out = std::aligned_alloc(64, static_cast<size_t>(bytes));
  return CLQ_OK;
}

inline clq_status supports(clq_backend*, const clq_segment* segment, uint32_t op, clq_support* out) {
  const std::string name = segment->ops[op].name;
  out->score = name == "sqrt/1" ? 0 : name == "relu/1" ? 40 : 100;
  if (out->score == 0) std::strncpy(out->reason, "no square roots here", sizeof out->reason - 1);
  return CLQ_OK;
}

inline const clq_backend_api& fake_api() {
  static const clq_backend_api api = {
      CLQ_TABLE(clq_backend_api),
      [] { return 1u; },
      [](uint32_t, clq_device_info*) -> clq_status { return CLQ_OK; },
      open,
      [](clq_backend*) { --counts.open; },
      nullptr,
      alloc,
      [](clq_backend*, void* p, uint32_t) {
        --counts.memory;
        std::free(p);
      },
      [](clq_backend*, clq_stream** out) -> clq_status {
        *out = token<clq_stream>(counts.streams);
        return CLQ_OK;
      },
      [](clq_stream*) { --counts.streams; },
      [](clq_backend*, clq_event** out) -> clq_status {
        *out = token<clq_event>(counts.events);
        return CLQ_OK;
      },
      [](clq_event*) { --counts.events; },
      [](clq_event*, clq_stream*) -> clq_status { return CLQ_OK; },
      [](clq_event*) -> clq_status { return CLQ_PENDING; },
      [](clq_event*) -> clq_status { return CLQ_E_LOST; },
      [](clq_stream*, clq_event*) -> clq_status { return CLQ_OK; },
      [](clq_stream*, void* dst, uint32_t, const void* src, uint32_t, int64_t n) -> clq_status {
        std::memcpy(dst, src, static_cast<size_t>(n));
        return CLQ_OK;
      },
      supports,
      [](clq_backend*, const clq_segment*, const clq_state_layout* const*, clq_executable** out) -> clq_status {
        *out = token<clq_executable>(counts.executables);
        return CLQ_OK;
      },
      [](clq_executable*, clq_executable_info* out) -> clq_status {
        const uint32_t size = out->struct_size;
        *out = fake_info;
        out->struct_size = size;
        return CLQ_OK;
      },
      [](clq_executable*) { --counts.executables; },
      [](clq_executable*, uint32_t, clq_state_layout* out) -> clq_status {
        const uint32_t size = out->struct_size;
        *out = fake_layout;
        out->struct_size = size;
        return CLQ_OK;
      },
      [](clq_executable*, uint32_t, clq_stream*, void*, const void*) -> clq_status { return CLQ_OK; },
      [](clq_executable*, uint32_t, clq_stream*, void*, const void*) -> clq_status { return CLQ_OK; },
      [](clq_executable*, const clq_bind_args*, clq_binding** out) -> clq_status {
        *out = token<clq_binding>(counts.bindings);
        return CLQ_OK;
      },
      [](clq_binding*) { --counts.bindings; },
      [](clq_binding*, clq_stream*, const clq_run_args* args) -> clq_status {
        counts.runs += static_cast<int>(args->n_scalars);
        return CLQ_OK;
      }};
  return api;
}

inline DeviceEntry fake_entry() { return {"fake:0", "counts calls", CLQ_DEV_CPU, 0, 0, 0, &fake_api()}; }

}  // namespace clq::test

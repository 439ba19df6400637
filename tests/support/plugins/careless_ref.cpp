// tests/support/plugins/careless_ref.cpp -- cpu_ref with faults that a check must see.
// SPDX-License-Identifier: BSD-3-Clause
//
// A run allocates a vector and locks a mutex; and with more than one thread the numbers differ in their last bit.
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <vector>

#include <calanque/plugin/sdk.hpp>

#include "backend.hpp"

namespace {

constexpr int64_t kWeightBytes = 1024;  // smaller states may be counters

const clq_backend_api& exact() { return clq::ref::backend_api(); }

std::atomic<uint32_t> threads{1};
std::mutex mutex;

clq_status device_info(uint32_t device, clq_device_info* out) {
  const clq_status status = exact().device_info(device, out);
  if (status == CLQ_OK) out->name = "careless_ref";
  return status;
}

clq_status open(uint32_t device, const char* options, clq_team* team, clq_backend** out) {
  const auto* table =
      static_cast<const clq_host_threads*>(clq::sdk::host->get_extension(clq::sdk::host, CLQ_HOST_THREADS_ID));
  if (table != nullptr && team != nullptr) threads = table->thread_count(team);
  return exact().open(device, options, team, out);
}

clq_status state_import(clq_executable* executable, uint32_t state, clq_stream* stream, void* storage,
                        const void* plain) {
  clq_state_layout layout{};
  layout.struct_size = sizeof layout;
  clq_status status = exact().state_layout(executable, state, &layout);
  if (status == CLQ_OK) status = exact().state_import(executable, state, stream, storage, plain);
  if (status != CLQ_OK || threads < 2 || layout.bytes < kWeightBytes) return status;
  float first = 0;
  std::memcpy(&first, storage, sizeof first);
  first = std::nextafter(first, std::numeric_limits<float>::infinity());
  std::memcpy(storage, &first, sizeof first);
  return status;
}

clq_status run(clq_binding* binding, clq_stream* stream, const clq_run_args* args) {
  const std::lock_guard lock(mutex);
  const std::vector<uint64_t> cells(args->scalars, args->scalars + args->n_scalars);
  clq_run_args copy = *args;
  copy.scalars = cells.data();
  return exact().run(binding, stream, &copy);
}

clq_backend_api careless() {
  clq_backend_api table = exact();
  table.device_info = device_info;
  table.open = open;
  table.state_import = state_import;
  table.run = run;
  return table;
}

clq_status init(const clq_host* host) {
  clq::sdk::host = host;
  return CLQ_OK;
}

void deinit() { clq::sdk::host = nullptr; }

const void* get_factory(const char* id) {
  static const clq_backend_api table = careless();
  return std::strcmp(id, CLQ_BACKEND_ID) == 0 ? &table : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin;
const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.test.careless-ref", CLQ_RELEASE, "BSD-3-Clause", init, deinit, get_factory);

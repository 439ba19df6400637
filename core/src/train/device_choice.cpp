// core/src/train/device_choice.cpp -- which device a run computes on, and how it is asked to.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/device_choice.hpp"

#include <algorithm>

#include "base/cores.hpp"
#include "runtime/log.hpp"

namespace clq {
namespace {

std::unique_ptr<Device> best_cpu(const Registry& registry, const Compute& compute, const Segment& segment) {
  std::unique_ptr<Device> best;
  uint32_t best_score = 0;
  std::string scores;
  for (const DeviceEntry& entry : registry.devices()) {
    if (entry.kind != CLQ_DEV_CPU) continue;
    auto device = std::make_unique<Device>(entry, compute.options, compute.threads);
    const uint32_t score = device->score(segment);
    scores += fmt::format("{}{} scores {}", scores.empty() ? "" : ", ", entry.name, score);
    if (best && score <= best_score) continue;
    best_score = score;
    best = std::move(device);
  }
  if (!best) fail(CLQ_E_NOT_FOUND, "no CPU device: no plugin with a backend is loaded");
  log_line(CLQ_LOG_INFO, fmt::format("device {} ({})", best->name(), scores));
  return best;
}

// Teams of threads that wait for one another on the same cores.
void warn_of_too_many_threads(const Compute& compute, bool on_cpu) {
  const size_t replicas = compute.devices.size(), cores = allowed_cores();
  if (!on_cpu || replicas < 2 || cores == 0 || replicas * compute.threads <= cores) return;
  log_line(CLQ_LOG_WARNING, fmt::format("{} replicas with compute.threads {} each on {} cores wait for one another; {} "
                                        "would be faster",
                                        replicas, compute.threads, cores, std::max<size_t>(1, cores / replicas)));
}

bool is_any_cpu(const std::string& name) { return name == "cpu" || name == "cpu:0"; }

}  // namespace

Compute read_compute(const Config& compute) {
  Compute result;
  const auto devices = compute.get<std::vector<std::string>>("devices", {"cpu"});
  CLQ_REQUIRE(!devices.empty(), "compute.devices is empty");
  const auto precision = compute.get<std::string>("precision", "f32");
  if (precision != "f32" && precision != "f32-strict")
    fail(CLQ_E_UNSUPPORTED, "compute.precision '{}' is not offered, use f32 or f32-strict", precision);
  if (compute.get("allow_fallback", false))
    fail(CLQ_E_UNSUPPORTED, "compute.allow_fallback is not offered, an op that the device lacks ends the run");
  result.device = devices.front();
  result.devices = devices;
  result.options = compute.json().dump();
  result.threads = narrow<uint32_t>(compute.get<int64_t>("threads", 2));
  result.readers = narrow<uint32_t>(compute.get<int64_t>("readers", 1));
  CLQ_REQUIRE(result.threads >= 1 && result.readers >= 1, "compute.threads and compute.readers must be at least 1");
  if (compute.get("deterministic", false)) result.flags |= CLQ_SEG_DETERMINISTIC;
  if (precision == "f32-strict") result.flags |= CLQ_SEG_STRICT_F32;
  return result;
}

std::unique_ptr<Device> open_device(const Registry& registry, const Compute& compute, const Graph& graph,
                                    uint32_t flags) {
  const Segment segment(graph, flags);
  if (is_any_cpu(compute.device)) return best_cpu(registry, compute, segment);
  return std::make_unique<Device>(registry.device(compute.device), compute.options, compute.threads);
}

std::vector<std::unique_ptr<Device>> open_devices(const Registry& registry, const Compute& compute, const Graph& graph,
                                                  uint32_t flags) {
  std::vector<std::unique_ptr<Device>> all;
  all.push_back(open_device(registry, compute, graph, flags));
  if (!is_any_cpu(compute.device)) log_line(CLQ_LOG_INFO, fmt::format("device {}", all.front()->name()));
  const bool on_cpu = all.front()->shares_host_memory();
  for (size_t i = 1; i < compute.devices.size(); ++i) {
    const std::string& name = is_any_cpu(compute.devices[i]) && on_cpu ? all.front()->name() : compute.devices[i];
    all.push_back(std::make_unique<Device>(registry.device(name), compute.options, compute.threads));
    if (&all.back()->api() != &all.front()->api())
      fail(CLQ_E_UNSUPPORTED, "compute.devices: {} and {} are of two backends, replicas must be of one",
           all.front()->name(), all.back()->name());
    if (all.back()->shares_host_memory() != on_cpu)
      fail(CLQ_E_UNSUPPORTED, "compute.devices: {} and {} are of two kinds, replicas must be of one",
           all.front()->name(), all.back()->name());
  }
  warn_of_too_many_threads(compute, on_cpu);
  return all;
}

}  // namespace clq

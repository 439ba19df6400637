// capi/cli/machine.cpp -- what this machine lets a program use.
// SPDX-License-Identifier: BSD-3-Clause
#include "machine.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <thread>

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cgroup.hpp"

namespace clq::cli {
namespace {

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

// "MemTotal:       24634308 kB" -> bytes
std::optional<int64_t> meminfo(std::string_view key) {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ':') continue;
    const size_t digits = line.find_first_of("0123456789");
    if (digits == std::string::npos) break;
    if (const auto kilobytes = whole_number(std::string_view(line).substr(digits))) return *kilobytes * 1024;
  }
  return std::nullopt;
}

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name"))
      if (const size_t colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  return "";
}

std::vector<std::string> vector_instructions() {
  std::vector<std::string> found;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2")) found.emplace_back("sse4.2");
  if (__builtin_cpu_supports("avx")) found.emplace_back("avx");
  if (__builtin_cpu_supports("avx2")) found.emplace_back("avx2");
  if (__builtin_cpu_supports("fma")) found.emplace_back("fma");
  if (__builtin_cpu_supports("avx512f")) found.emplace_back("avx512f");
  if (__builtin_cpu_supports("avx512vnni")) found.emplace_back("avx512vnni");
#elif defined(__aarch64__)
  found.emplace_back("neon");
#endif
  return found;
}

}  // namespace

Json cpu_facts() {
  Json facts = {{"cores", std::thread::hardware_concurrency()}};
  if (const std::string model = cpu_model(); !model.empty()) facts["model"] = model;
  if (const long online = ::sysconf(_SC_NPROCESSORS_ONLN); online > 0) facts["cores"] = online;
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) facts["cores_allowed"] = CPU_COUNT(&allowed);
  if (const auto quota = cgroup_cores()) facts["cores_quota"] = *quota;
  facts["instructions"] = vector_instructions();
  return facts;
}

Json memory_facts() {
  Json facts = Json::object();
  if (const auto total = meminfo("MemTotal")) facts["total"] = *total;
  if (const auto available = meminfo("MemAvailable")) facts["available"] = *available;
  if (const auto limit = cgroup_memory()) facts["limit"] = *limit;
  return facts;
}

Json system_facts() {
  utsname names{};
  if (::uname(&names) != 0) return Json::object();
  Json facts = {{"kernel", std::string(names.sysname) + " " + names.release}, {"machine", names.machine}};
  std::ifstream file("/etc/os-release");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("PRETTY_NAME=")) {
      std::string name = line.substr(line.find('=') + 1);
      std::erase(name, '"');
      facts["system"] = name;
    }
  return facts;
}

Json environment_facts() {
  Json facts = Json::object();
  constexpr std::string_view kFronts[] = {"CLQ_", "OMP_", "GOMP_", "KMP_", "DNNL_", "ONEDNN_", "CUDA_", "NCCL_", "SLURM_CPUS",
                                          "SLURM_NTASKS", "LD_PRELOAD=", "LD_LIBRARY_PATH=", "LC_ALL=", "LANG="};
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view entry = *at;
    const size_t equals = entry.find('=');
    const bool wanted = std::any_of(std::begin(kFronts), std::end(kFronts),
                                    [&](std::string_view front) { return entry.starts_with(front); });
    if (wanted && equals != std::string_view::npos)
      facts[std::string(entry.substr(0, equals))] = std::string(entry.substr(equals + 1));
  }
  return facts;
}

}  // namespace clq::cli

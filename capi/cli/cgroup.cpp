// capi/cli/cgroup.cpp -- what a container or a batch system lets a process use.
// SPDX-License-Identifier: BSD-3-Clause
#include "cgroup.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace clq::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRoot = "/sys/fs/cgroup";

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Numbers that are one; "max" is none.
std::optional<double> number(const std::string& text) {
  const size_t begin = std::min(text.find_first_not_of(' '), text.size());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || value <= 0) return std::nullopt;
  return value;
}

// The folder of this process and those above it, of a controller of version 1, or of version 2 ("").
std::vector<fs::path> folders(const std::string& controller) {
  std::vector<fs::path> all;
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {  // "0::/user.slice", "4:memory:/slurm/job_7"
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    std::istringstream names(line.substr(first + 1, second - first - 1));  // "cpu,cpuacct"; none of version 2
    bool mine = controller.empty() && second == first + 1;
    for (std::string name; std::getline(names, name, ',');) mine = mine || name == controller;
    if (!mine) continue;
    const fs::path top = controller.empty() ? fs::path(kRoot) : fs::path(kRoot) / controller;
    for (fs::path place = fs::path(line.substr(second + 1)).relative_path(); !place.empty();
         place = place.parent_path())
      all.push_back(top / place);
    all.push_back(top);
  }
  return all;
}

std::optional<double> least(const std::string& controller,
                            const std::function<std::optional<double>(const fs::path&)>& of) {
  std::optional<double> result;
  for (const fs::path& folder : folders(controller))
    if (const auto value = of(folder)) result = std::min(result.value_or(*value), *value);
  return result;
}

std::optional<double> smaller(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace

std::optional<double> cgroup_cores() {
  const auto version_2 = least("", [](const fs::path& folder) -> std::optional<double> {
    const std::string line = first_line(folder / "cpu.max");  // "200000 100000", or "max 100000"
    const auto share = number(line), period = number(line.substr(std::min(line.find(' '), line.size())));
    return share && period ? std::optional(*share / *period) : std::nullopt;
  });
  const auto version_1 = least("cpu", [](const fs::path& folder) -> std::optional<double> {
    const auto share = number(first_line(folder / "cpu.cfs_quota_us")),
               period = number(first_line(folder / "cpu.cfs_period_us"));
    return share && period ? std::optional(*share / *period) : std::nullopt;
  });
  return smaller(version_2, version_1);
}

std::optional<int64_t> cgroup_memory() {
  const auto of = [](const char* name) {
    return [name](const fs::path& folder) { return number(first_line(folder / name)); };
  };
  const auto bytes = smaller(least("", of("memory.max")), least("memory", of("memory.limit_in_bytes")));
  if (!bytes || *bytes > 1e18) return std::nullopt;  // version 1 says 2^63 for no limit
  return static_cast<int64_t>(*bytes);
}

}  // namespace clq::cli

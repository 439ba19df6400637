// core/src/train/provenance.cpp -- run.json: what ran where, on which data, and why it ended.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/provenance.hpp"

#include <chrono>
#include <ctime>
#include <fstream>
#include <vector>

#include <sys/utsname.h>
#include <unistd.h>

#include "train/hash_state.hpp"

namespace clq {
namespace {

// "" where the file cannot be read any more.
std::string file_hash(const std::filesystem::path& file) {
  const HashState state = make_hash_state();
  XXH3_64bits_reset(state.get());
  std::ifstream in(file, std::ios::binary);
  if (!in) return "";
  std::vector<char> block(1 << 16);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
    XXH3_64bits_update(state.get(), block.data(), static_cast<size_t>(in.gcount()));
  return in.bad() ? "" : fmt::format("{:016x}", XXH3_64bits_digest(state.get()));
}

Json plugins_in_use(const Registry& registry) {
  Json list = Json::array();
  for (const PluginReport& report : registry.reports())
    if (report.problem.empty())
      list.push_back({{"id", report.id},
                      {"version", report.version},
                      {"file", report.file.string()},
                      {"xxh3", file_hash(report.file)}});
  return list;
}

}  // namespace

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string hex(const std::array<uint8_t, 32>& bytes) {
  std::string text;
  for (const uint8_t b : bytes) text += fmt::format("{:02x}", b);
  return text;
}

Json start_of_run(const Registry& registry) {
  utsname system{};
  uname(&system);
  return {{"version", CLQ_VERSION_TEXT},
          {"plugins", plugins_in_use(registry)},
          {"host", system.nodename},
          {"system", fmt::format("{} {} {}", system.sysname, system.release, system.machine)},
          {"pid", getpid()},
          {"start", utc_now()}};
}

bool is_simulated(const Json& metadata) {
  const Json table = metadata.is_object() ? metadata.value("table", Json()) : Json();
  return table.is_object() && table.value("simulated", Json()) == Json(true);
}

Json simulated_card() { return {{"key", "SIMULATD"}, {"value", true}, {"comment", "of a simulation, not of the sky"}}; }

}  // namespace clq

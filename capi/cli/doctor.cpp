// capi/cli/doctor.cpp -- clq doctor: this machine and this installation on one page.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include <calanque/plugin/abi.h>

#include "commands.hpp"
#include "disk_speed.hpp"
#include "machine.hpp"
#include "printable.hpp"
#include "probe.hpp"

namespace clq::cli {
namespace {

std::string size_text(const Json& bytes) {
  if (!bytes.is_number()) return "not known";
  const double value = bytes.get<double>();
  return value < 1e9 ? fmt::format("{:.0f} MB", value / 1e6) : fmt::format("{:.1f} GB", value / 1e9);
}

std::string list_text(const Json& words) {
  std::string text;
  for (const Json& word : words) text += word.get<std::string>() + " ";
  return text.empty() ? "none" : text.substr(0, text.size() - 1);
}

void line(const char* what, const std::string& text) { fmt::print("{:<12} {}\n", what, printable(text)); }

void print_machine(const Json& all) {
  const Json &system = all["system"], &cpu = all["cpu"], &memory = all["memory"];
  line("calanque", fmt::format("{}, plugin ABI {}", all["version"].get<std::string>(), all["abi"].get<std::string>()));
  line("system", fmt::format("{}, {}, {}", system.value("system", "not known"), system.value("kernel", "not known"),
                             system.value("machine", "not known")));
  std::string cores = fmt::format("{} cores", cpu["cores"].get<int64_t>());
  if (cpu.contains("cores_allowed")) cores += fmt::format(", {} allowed", cpu["cores_allowed"].get<int64_t>());
  if (cpu.contains("cores_quota")) cores += fmt::format(", quota {:.1f}", cpu["cores_quota"].get<double>());
  line("cpu", fmt::format("{}: {}; {}", cpu.value("model", "not known"), cores, list_text(cpu["instructions"])));
  line("memory", fmt::format("{}, {} available{}", size_text(memory.value("total", Json())),
                             size_text(memory.value("available", Json())),
                             memory.contains("limit") ? ", limit " + size_text(memory["limit"]) : ""));
  const Json& disk = all["disk"];
  line("disk", disk.contains("problem")
                   ? fmt::format("{}: {} free; {}", disk["folder"].get<std::string>(), size_text(disk.value("free", Json())),
                                 disk["problem"].get<std::string>())
                   : fmt::format("{}: {} free, writes {} a second, reads {}", disk["folder"].get<std::string>(),
                                 size_text(disk["free"]), size_text(disk["write"]), size_text(disk["read"])));
  for (const auto& [name, value] : all["environment"].items())
    line("environment", name + "=" + value.get<std::string>());
}

}  // namespace

int doctor(const std::string& folder, bool json, const std::string& plugins, int64_t limit) {
  if (!folder.empty() && !std::filesystem::is_directory(folder)) throw Failure(kUsage, folder + ": is no folder");
  Json all = {{"version", clq_version()},
              {"abi", fmt::format("{}.{}", CLQ_ABI_MAJOR, CLQ_ABI_MINOR)},
              {"system", system_facts()},
              {"cpu", cpu_facts()},
              {"memory", memory_facts()},
              {"disk", disk_speed(folder)},
              {"environment", environment_facts()}};
  if (!json) print_machine(all), std::fflush(stdout);
  const PluginsReport report = plugins_report(plugins, std::chrono::seconds(limit));
  all["plugins"] = report.plugins;
  all["devices"] = report.devices;
  all["compute"] = report.compute;
  if (report.devices.is_null()) all["problem"] = report.problem;
  if (json) {
    fmt::print("{}\n", all.dump(-1, ' ', false, Json::error_handler_t::replace));
    return kDone;
  }
  if (report.compute.contains("problem"))
    line("threads", fmt::format("not known: {}", report.compute["problem"].get<std::string>()));
  else if (!report.compute.is_null())
    line("threads", fmt::format("{} compute and {} read, unless the run file says others",
                                report.compute["threads"].get<int64_t>(), report.compute["readers"].get<int64_t>()));
  if (report.devices.is_null()) line("device", "not asked: " + report.problem);
  for (const Json& device : report.devices)
    line("device", fmt::format("{} ({}) {}", cell(device["name"]), cell(device["kind"]), cell(device["description"])));
  print_plugins(report.plugins);
  warn_of_no_plugins(plugins);
  return kDone;
}

}  // namespace clq::cli

// capi/cli/doctor.cpp -- clq doctor: this machine and this installation on one page.
// SPDX-License-Identifier: BSD-3-Clause
#include <fmt/format.h>

#include "commands.hpp"
#include "disk_speed.hpp"
#include "machine.hpp"

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

void line(const char* what, const std::string& text) { fmt::print("{:<12} {}\n", what, text); }

void print_machine(const Json& all) {
  const Json &system = all["system"], &cpu = all["cpu"], &memory = all["memory"];
  line("calanque", all["version"].get<std::string>());
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
                   ? fmt::format("{}: {}", disk["folder"].get<std::string>(), disk["problem"].get<std::string>())
                   : fmt::format("{}: {} free, writes {} a second, reads {}", disk["folder"].get<std::string>(),
                                 size_text(disk["free"]), size_text(disk["write"]), size_text(disk["read"])));
  for (const auto& [name, value] : all["environment"].items())
    line("environment", name + "=" + value.get<std::string>());
}

}  // namespace

int doctor(const std::string& folder, bool json, const std::string& plugins) {
  Json all = {{"version", clq_version()},
              {"system", system_facts()},
              {"cpu", cpu_facts()},
              {"memory", memory_facts()},
              {"disk", disk_speed(folder)},
              {"environment", environment_facts()},
              {"plugins", plugins_report(plugins)},
              {"devices", Json::array()}};
  bool fatal = false;
  for (const Json& entry : all["plugins"]) fatal = fatal || entry.value("fatal", false);
  if (!fatal) all["devices"] = Json::parse(text_of([](char* out, int64_t n) { return clq_devices_report(out, n); }));
  if (json) {
    fmt::print("{}\n", all.dump(-1, ' ', false, Json::error_handler_t::replace));
    return kDone;
  }
  print_machine(all);
  for (const Json& device : all["devices"])
    line("device", fmt::format("{} ({}) {}", device["name"].get<std::string>(), device["kind"].get<std::string>(),
                               device["description"].get<std::string>()));
  if (fatal) line("device", "not asked: a plugin below ends the process that loads it, move it away");
  print_plugins(all["plugins"]);
  return kDone;
}

}  // namespace clq::cli

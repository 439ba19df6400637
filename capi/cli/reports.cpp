// capi/cli/reports.cpp -- clq plugins and clq devices.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <fmt/format.h>

#include "commands.hpp"
#include "probe.hpp"

namespace clq::cli {
namespace {

std::string word(const Json& entry, const char* key) {
  if (!entry.contains(key) || entry[key].is_null()) return "";
  return entry[key].is_string() ? entry[key].get<std::string>() : entry[key].dump();
}

}  // namespace

// Every file is opened in a process of its own first. Where all are harmless this process loads them together, which
// shows those that do not get on with each other.
Json plugins_report(const std::string& place) {
  const Json probed = probe_plugins(plugin_files(place));
  for (const Json& entry : probed)
    if (entry.value("fatal", false)) return probed;
  if (!place.empty()) clq_plugins_load(place.c_str());  // what is wrong with it is in the report
  return Json::parse(text_of([](char* out, int64_t n) { return clq_plugins_report(out, n); }));
}

void print_plugins(const Json& report) {
  for (const Json& entry : report) {
    fmt::print("{} {} {}\n", word(entry, "file"), word(entry, "id"), word(entry, "version"));
    if (!word(entry, "problem").empty()) fmt::print("    refused: {}\n", word(entry, "problem"));
    for (const Json& offer : entry.value("offers", Json::array())) fmt::print("    {}\n", offer.get<std::string>());
  }
}

int plugins(bool json, const std::string& place) {
  const Json report = plugins_report(place);
  for (const Json& entry : report)
    if (!place.empty() && !word(entry, "problem").empty() && std::filesystem::path(word(entry, "file")) ==
                                                                 std::filesystem::absolute(place).lexically_normal())
      throw Failure(kUsage, fmt::format("{}: {}", word(entry, "file"), word(entry, "problem")));
  if (json)
    fmt::print("{}\n", report.dump(-1, ' ', false, Json::error_handler_t::replace));
  else
    print_plugins(report);
  return kDone;
}

int devices(bool json) {
  const std::string text = text_of([](char* out, int64_t n) { return clq_devices_report(out, n); });
  if (json) {
    fmt::print("{}\n", text);
    return kDone;
  }
  for (const Json& entry : Json::parse(text))
    fmt::print("{:<16} {:<12} {}\n", word(entry, "name"), word(entry, "kind"), word(entry, "description"));
  return kDone;
}

}  // namespace clq::cli

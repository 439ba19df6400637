// capi/cli/reports.cpp -- clq plugins and clq devices.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <fmt/format.h>

#include "commands.hpp"
#include "printable.hpp"
#include "probe.hpp"
#include "progress.hpp"

namespace clq::cli {
namespace {

std::string word(const Json& entry, const char* key) {
  if (!entry.contains(key) || entry[key].is_null()) return "";
  return printable(cell(entry[key]));
}

}  // namespace

void print_plugins(const Json& report) {
  for (const Json& entry : report) {
    fmt::print("{} {} {}\n", word(entry, "file"), word(entry, "id"), word(entry, "version"));
    if (!word(entry, "owner").empty()) fmt::print("    owner {}\n", word(entry, "owner"));
    if (!word(entry, "problem").empty()) fmt::print("    refused: {}\n", word(entry, "problem"));
    for (const Json& offer : entry.value("offers", Json::array())) fmt::print("    {}\n", printable(cell(offer)));
  }
}

void warn_of_no_plugins(const std::string& place) {
  if (!place.empty() && !holds_plugins(place))
    say(fmt::format("warning: {} has no plugins: it holds no clq_*.so\n", printable(place)));
}

void print_devices(const Json& devices) {
  for (const Json& entry : devices)
    fmt::print("{:<16} {:<12} {}\n", word(entry, "name"), word(entry, "kind"), word(entry, "description"));
}

int plugins(bool json, const std::string& place, int64_t limit) {
  const PluginsReport report = plugins_report(place, std::chrono::seconds(limit));
  std::error_code failed;
  const std::filesystem::path named = std::filesystem::absolute(place, failed).lexically_normal();
  for (const Json& entry : report.plugins)
    if (!place.empty() && !word(entry, "problem").empty() && std::filesystem::path(word(entry, "file")) == named)
      throw Failure(kUsage, fmt::format("{}: {}", word(entry, "file"), word(entry, "problem")));
  if (json)
    fmt::print("{}\n", report.plugins.dump(-1, ' ', false, Json::error_handler_t::replace));
  else
    print_plugins(report.plugins);
  warn_of_no_plugins(place);
  if (report.devices.is_null()) say(fmt::format("clq: {}\n", report.problem));
  return kDone;
}

int devices(bool json) {
  const std::string text = text_of([](char* out, int64_t n) { return clq_devices_report(out, n); });
  if (json)
    fmt::print("{}\n", text);
  else
    print_devices(Json::parse(text));
  return kDone;
}

}  // namespace clq::cli

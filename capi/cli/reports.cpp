// capi/cli/reports.cpp -- clq plugins and clq devices.
// SPDX-License-Identifier: BSD-3-Clause
#include <fmt/format.h>

#include "commands.hpp"

namespace clq::cli {
namespace {

std::string word(const Json& entry, const char* key) {
  if (!entry.contains(key) || entry[key].is_null()) return "";
  return entry[key].is_string() ? entry[key].get<std::string>() : entry[key].dump();
}

}  // namespace

int plugins(bool json) {
  const std::string text = text_of([](char* out, int64_t n) { return clq_plugins_report(out, n); });
  if (json) {
    fmt::print("{}\n", text);
    return kDone;
  }
  const Json report = Json::parse(text);
  for (const Json& entry : report.is_array() ? report : report.value("plugins", Json::array())) {
    fmt::print("{} {} {}\n", word(entry, "file"), word(entry, "id"), word(entry, "version"));
    if (!word(entry, "problem").empty()) fmt::print("    refused: {}\n", word(entry, "problem"));
    for (const Json& offer : entry.value("offers", Json::array())) fmt::print("    {}\n", offer.get<std::string>());
  }
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

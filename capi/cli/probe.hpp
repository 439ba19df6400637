// capi/cli/probe.hpp -- plugins looked at in processes of their own, which may crash, hang or end.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "client.hpp"

namespace clq::cli {

// {"file", "id", "version", "problem", "offers" ...} of each file, as clq_plugins_report has them. A plugin that ends the
// process that loads it, or does not let it end within the limit, has a problem that says so, and "fatal": true.
Json probe_plugins(const std::vector<std::string>& files, std::chrono::seconds limit);
// The files in the default places; in `place`, a file or a folder, before them unless it is "".
std::vector<std::string> plugin_files(const std::string& place);

bool holds_plugins(const std::string& place);  // or something that is to be reported

// Each file by itself, and, where all are harmless, all of them together and the devices that they offer. This process
// loads none.
struct PluginsReport {
  Json plugins = Json::array();
  Json devices;         // null: not asked, for the reason in problem
  Json compute;         // {"threads", "readers"} of a run whose file does not say, or {"problem"}; null like devices
  std::string problem;
};
PluginsReport plugins_report(const std::string& place, std::chrono::seconds limit);

// What the children do: the report of this one file; "": of those in the default places and in `place`, together.
int probe(const std::string& file, const std::string& place);

}  // namespace clq::cli

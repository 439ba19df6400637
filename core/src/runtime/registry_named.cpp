// core/src/runtime/registry_named.cpp -- a file or a folder that the host names: what comes of it is said at once.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/log.hpp"
#include "runtime/plugin_library.hpp"
#include "runtime/registry_state.hpp"

namespace clq {
namespace fs = std::filesystem;

void Registry::State::load_named(const fs::path& place, bool folders) {
  load_place(place, folders);
  bool has_files = false;
  for (size_t i = 0; i < reports.size(); ++i) {
    const PluginReport& report = reports[i];
    const bool refused = !report.problem.empty();
    // What was named itself has a report exactly when it is a file or cannot be used.
    if (report.file == place && refused) fail(statuses[i], "{}: {}", place.string(), report.problem);
    if (report.file != place && report.file.parent_path() != place) continue;
    has_files = true;
    if (refused) log_line(CLQ_LOG_WARNING, fmt::format("{} is not used: {}", report.file.string(), report.problem));
  }
  if (!has_files)
    log_line(CLQ_LOG_WARNING, fmt::format("{} has no plugins: it holds no {}", place.string(), plugin_pattern()));
}

}  // namespace clq

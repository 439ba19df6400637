// capi/cli/probe.hpp -- plugins looked at in processes of their own, which may crash, hang or end.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "client.hpp"

namespace clq::cli {

// {"file", "id", "version", "problem", "offers" ...} of each file, as clq_plugins_report has them. A plugin that ends the
// process that loads it, or does not return within ten seconds, has a problem that says so, and "fatal": true.
Json probe_plugins(const std::vector<std::string>& files);
// The files in the default places; in `place`, a file or a folder, before them unless it is "".
std::vector<std::string> plugin_files(const std::string& place);

// What the child does: the report of this one file, on standard output behind whatever the plugin may print there.
int probe(const std::string& file);

}  // namespace clq::cli

// capi/cli/disk_speed.hpp -- how fast a folder is written and read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "client.hpp"

namespace clq::cli {

// {"folder", "free" bytes, "write" and "read" bytes a second}, or {"folder", "problem"}. A file of at most 64 MiB is
// written, synced, read again from the disk where the system drops its own copy, and removed.
Json disk_speed(const std::string& folder);

}  // namespace clq::cli

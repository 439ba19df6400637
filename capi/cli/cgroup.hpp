// capi/cli/cgroup.hpp -- what a container or a batch system lets a process use.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>

namespace clq::cli {

// The least of this process's control group and those above it, of version 2 and 1. Absent: no limit, or not known.
std::optional<double> cgroup_cores();
std::optional<int64_t> cgroup_memory();  // bytes

}  // namespace clq::cli

// core/src/train/scan_list.hpp -- the bad rows of a scan as a table to look at.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "data/scan.hpp"
#include "runtime/registry.hpp"

namespace clq {

// ROW, ID (where the scan had one: as the source has it), PROBLEM, WORDS, in the format of the uri's suffix. A scan
// without a bad row leaves a table without rows.
void write_scan_list(const Scan& scan, const DataSource& source, const std::string& id, const Registry& registry,
                     const std::string& uri);

}  // namespace clq

// tests/fuzz/table_case.hpp -- a table plugin through its C tables on a file that may be anything.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "plugins/table_harness.hpp"

namespace clq::fuzz {

// Opens the file, asks for all that a source can tell, and reads its fields in several dtypes. Where it can be read as
// a whole, the plugin's sink writes it to a file that ends in `suffix`, which must be the same table.
void run_table(const test::Plugin& plugin, const std::string& uri, const std::string& options,
               const std::string& suffix);

}  // namespace clq::fuzz

// tests/conformance/sink/lists.hpp -- the families of cases that a data sink must pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/case.hpp"

namespace clq::conformance {

void add_row_cases(std::vector<Case>& cases);        // what is written comes back
void add_file_cases(std::vector<Case>& cases);       // when a file is there, and what is left behind
void add_full_disk_cases(std::vector<Case>& cases);  // no room
void add_field_cases(std::vector<Case>& cases);      // columns that make no sense

}  // namespace clq::conformance

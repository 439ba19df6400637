// tests/conformance/sink/cases.cpp -- the list of them.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/sink/lists.hpp"

namespace clq::conformance {

std::vector<Case> sink_cases() {
  std::vector<Case> cases;
  for (const auto add : {add_row_cases, add_file_cases, add_full_disk_cases, add_field_cases}) add(cases);
  return cases;
}

}  // namespace clq::conformance

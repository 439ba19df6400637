// tests/conformance/backend/cases.cpp -- the list of them.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/backend/lists.hpp"

namespace clq::conformance {

std::vector<Case> backend_cases() {
  std::vector<Case> cases;
  for (const auto add :
       {add_table_cases, add_queue_cases, add_state_cases, add_quiet_run_cases, add_op_cases, add_formula_cases})
    add(cases);
  return cases;
}

}  // namespace clq::conformance

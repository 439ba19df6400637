// tests/conformance/backend/lists.hpp -- the families of cases that a backend must pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/case.hpp"

namespace clq::conformance {

void add_table_cases(std::vector<Case>& cases);      // sizes, flags, words of refusal
void add_queue_cases(std::vector<Case>& cases);      // memory, streams, events, errors of queued work
void add_state_cases(std::vector<Case>& cases);      // what outlives a run
void add_quiet_run_cases(std::vector<Case>& cases);  // a run allocates nothing
void add_op_cases(std::vector<Case>& cases);         // each op against cpu_ref
void keeps_non_finite(const Subject& subject, const std::string& op, Findings& findings);  // one case an op
void add_formula_cases(std::vector<Case>& cases);  // each op against its closed form, and its gradient

}  // namespace clq::conformance

// tests/validate/report.hpp -- what was found, for a reader and as JSON.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "run_cases.hpp"

namespace clq::validate {

std::string line_of(const Outcome& outcome);  // and a line a problem
std::string summary_of(const std::vector<Outcome>& outcomes);
Json to_json(const conformance::Subject& subject, const std::vector<Outcome>& outcomes);
bool all_well(const std::vector<Outcome>& outcomes);  // none failed, ended or hung, and some passed

}  // namespace clq::validate

// tests/core/ops/wrong_rule.hpp -- an op table with one gradient rule that is wrong by a factor.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "ops/op_table.hpp"

namespace clq::test {

// One at a time in a process: rules carry no state.
void plant_wrong_rule(OpTable& ops, const std::string& op, double factor);
// The op and factor of CLQ_WRONG_RULE ("tanh/1 1.001"), where it is set.
void plant_wrong_rule_of_environment(OpTable& ops);

}  // namespace clq::test

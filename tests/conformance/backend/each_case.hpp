// tests/conformance/backend/each_case.hpp -- the cases of an op that a backend takes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>

#include "conformance/backend/under_test.hpp"
#include "conformance/op_cases.hpp"

namespace clq::conformance {

std::string text_of(const test::OpCase& c);

// Runs what the backend takes of the op's cases through `look`; all refused: Unsupported with the first reason.
void each_case(UnderTest& tested, const std::string& op, uint64_t seed, Findings& findings,
               const std::function<void(const test::OpCase&)>& look);

}  // namespace clq::conformance

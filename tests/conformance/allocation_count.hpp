// tests/conformance/allocation_count.hpp -- allocations that the code of one file makes; the program that links it
// counts. SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

namespace clq::conformance {

void count_allocations_of(const std::string& file);  // calls from its text, of any thread, from now on
int64_t stop_counting_allocations();

}  // namespace clq::conformance

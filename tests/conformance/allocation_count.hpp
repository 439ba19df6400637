// tests/conformance/allocation_count.hpp -- allocations that the code of one file makes, counted by its program.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

namespace clq::conformance {

// Calls from its text, of any thread, from now on: malloc and its kin, mmap, operator new, and what the C and C++
// runtime allocates for it. What another library allocates is that library's.
void count_allocations_of(const std::string& file);
int64_t stop_counting_allocations();

}  // namespace clq::conformance

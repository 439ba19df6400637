// tests/support/scarce_memory.hpp -- operator new that fails when a test says so.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace clq::test {

// Allocations of this thread until every one fails; below 0: any number.
inline thread_local int64_t allocations_left = -1;

}  // namespace clq::test

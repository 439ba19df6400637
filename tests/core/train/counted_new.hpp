// tests/core/train/counted_new.hpp -- how often this thread asked operator new for memory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace clq::toy {

extern thread_local bool counting;
extern thread_local int64_t allocations;

}  // namespace clq::toy

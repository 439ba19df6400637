// tests/core/train/counted_new.hpp -- how often this thread asked operator new for memory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace clq::toy {

void start_counting();
int64_t stop_counting();  // allocations since the start

}  // namespace clq::toy

// core/src/base/thread_error.hpp -- this thread's error text, set by plugins through their host table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace clq {

void set_thread_error(const char* text);  // nullptr clears it; of more than 4095 bytes the first ones
std::string take_thread_error();          // "" when there is none; clears it

}  // namespace clq

// tests/support/hot_path/counters.hpp -- how often a step reaches for the heap, a lock or a futex.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>

namespace hot_path {

enum class What { heap, lock, futex };
enum class Who { team, trainer, reader };  // a thread that is neither of the others works for the backend

// Adds one to the calling thread's place while a window is open. [any-thread, allocates nothing]
void count(What what) noexcept;

// From now on the calling thread is this one's.
void name_thread(Who who) noexcept;

// Around each run of the backend, by the thread that calls it. The window opens before run HOT_PATH_FIRST (counted from
// 1) and closes before run HOT_PATH_FIRST + HOT_PATH_RUNS, when the counts are written to the file HOT_PATH_OUT.
void begin_run() noexcept;
void end_run() noexcept;

}  // namespace hot_path

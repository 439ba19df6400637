// core/src/base/cores.hpp -- how many cores this process may use.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sched.h>

#include <thread>

namespace clq {

// Those of its affinity, which a queue's job or taskset makes fewer than the machine's. 0: not known. [any-thread]
inline unsigned allowed_cores() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) return static_cast<unsigned>(CPU_COUNT(&allowed));
  return std::thread::hardware_concurrency();
}

}  // namespace clq

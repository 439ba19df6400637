// core/src/runtime/team.hpp -- the threads of one opened device, lent to its backend.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>

#include <calanque/plugin/entry.h>

namespace clq {

// n threads in all: the caller of parallel_for is worker 0. Idle workers sleep in a futex: no spinning beyond 50
// microseconds, no pthread lock in parallel_for. Nested calls run serially in the caller.
class Team {
 public:
  explicit Team(uint32_t n_threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;
  uint32_t size() const;
  void parallel_for(uint32_t n, void (*body)(void* arg, uint32_t i, uint32_t worker), void* arg) noexcept;  // hot
  clq_team* c() { return reinterpret_cast<clq_team*>(this); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

const clq_host_threads& host_threads_table();

}  // namespace clq

// core/src/runtime/local_comm.hpp -- sums over the replicas of one process, in memory that they share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>

#include <calanque/plugin/backend.h>

namespace clq {

// A clq_comm for each of n replicas, each used by the thread that runs its replica. All of them start and finish the
// same buckets in the same order, with equal counts and dtypes, F32 or F64. Each replica adds up a slice of the bucket
// and writes it to all, by a binary tree over the ranks: ((0 + 1) + (2 + 3)) ...; so all have the same bits, whoever is
// late.
class LocalComm {
 public:
  LocalComm(uint32_t n_replicas, uint32_t n_buckets);
  ~LocalComm();
  LocalComm(const LocalComm&) = delete;
  LocalComm& operator=(const LocalComm&) = delete;
  const clq_comm* of(uint32_t rank) const;
  // A replica takes part no more, which each must say that meets an error: the others' calls return CLQ_E_PEER, those
  // that wait at once. When it or one of those returns, nobody touches a replica's memory any more. [any-thread]
  void leave() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clq

// core/src/data/feeder.hpp -- reader threads that fill a bounded ring of slots, in order, for ever.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "data/sampler.hpp"
#include "data/slot_filler.hpp"

namespace clq {

struct BadPolicy {
  OnBad action = OnBad::error;
  int64_t stop_after = -1;  // bad rows that an epoch may have; -1: any number
};

// Reader r claims the next batch number, waits until its slot is free, decodes, transforms, publishes. Waiting is a
// futex sleep. The number of readers never changes what a batch holds. Memory: depth slots, given by the caller.
class Feeder {
 public:
  struct Options {
    uint32_t readers = 1;
    int64_t first_batch = 0;
    int64_t end_batch = -1;  // -1: endless
    BadPolicy bad;
    int64_t skipped = 0;                          // bad rows before first_batch in its epoch
    std::optional<uint64_t> vary = std::nullopt;  // the seed of the transforms of training; none: they do nothing
  };
  // memory[k][t]: address of tensor t of slot k, capacity rows each. source, layout, transforms, sampler outlive the
  // feeder.
  Feeder(const DataSource& source, const BatchLayout& layout, const Transforms& transforms, const Sampler& sampler,
         std::vector<std::vector<std::byte*>> memory, int64_t capacity, Options options);
  ~Feeder();  // cancels reads and joins
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  // The next batch in order; nullptr at end_batch. Throws what a reader met (file, row named). [consumer thread]
  Slot* next();
  bool wait(std::chrono::milliseconds most);  // true: next() will not wait; false: no batch came in that time
  void cancel() noexcept;  // the readers are told and not waited for: next() has no more batches. [any thread]
  // The slot's index in `memory`.
  size_t index(const Slot& slot) const;
  void give_back(Slot* slot);  // in any order; its memory may be overwritten from now on
  int64_t rows_skipped() const;
  std::optional<int64_t> first_bad() const;  // the first sample of those
  std::vector<int64_t> batches_by_reader() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace clq

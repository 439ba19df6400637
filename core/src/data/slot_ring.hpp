// core/src/data/slot_ring.hpp -- whose turn each slot of a ring is; waiting is a futex sleep, nothing spins or locks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace clq {

// Batch i uses slot i % depth in lap i / depth. A slot's phase is 2 lap while it is free for that lap and 2 lap + 1
// while it is full, modulo 2^32. Every access is sequentially consistent: stop() is seen by whoever sees the phase it
// changed.
class SlotRing {
 public:
  explicit SlotRing(size_t depth) : phases_(depth) {}

  size_t slot(int64_t i) const { return static_cast<size_t>(i) % phases_.size(); }
  // False when the ring was stopped.
  bool wait_free(int64_t i) { return wait(slot(i), phase(i)); }
  bool wait_full(int64_t i) { return wait(slot(i), phase(i) + 1); }
  void publish(int64_t i) { advance(slot(i)); }
  void release(size_t slot) { advance(slot); }

  // Once: a phase flipped twice would look unchanged to a reader on its way to sleep.
  void stop() {
    if (stopped_.exchange(true)) return;
    for (std::atomic<uint32_t>& phase : phases_) {
      phase.fetch_xor(uint32_t{1} << 31);  // a waiter only wakes when the value has changed
      phase.notify_all();
    }
  }
  const std::atomic<bool>& stopped() const { return stopped_; }

 private:
  uint32_t phase(int64_t i) const { return static_cast<uint32_t>(2 * (static_cast<uint64_t>(i) / phases_.size())); }

  void advance(size_t slot) {
    phases_[slot].fetch_add(1);
    phases_[slot].notify_all();
  }

  bool wait(size_t slot, uint32_t wanted) {
    for (;;) {
      const uint32_t now = phases_[slot].load();
      if (stopped_) return false;
      if (now == wanted) return true;
      phases_[slot].wait(now);
    }
  }

  std::vector<std::atomic<uint32_t>> phases_;
  std::atomic<bool> stopped_{false};
};

}  // namespace clq

// core/src/data/slot_ring.hpp -- whose turn each slot of a ring is; waiting is a futex sleep, nothing spins or locks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <semaphore>
#include <vector>

namespace clq {

// Batch i uses slot i % depth in lap i / depth. A slot's phase is 2 lap while it is free for that lap and 2 lap + 1
// while it is full, modulo 2^32. Every access is sequentially consistent: stop() is seen by whoever sees the phase it
// changed.
class SlotRing {
 public:
  explicit SlotRing(size_t depth) : phases_(depth) {}

  size_t slot(int64_t i) const { return static_cast<size_t>(i) % phases_.size(); }
  // A reader's; false when the ring was stopped.
  bool wait_free(int64_t i) { return wait(slot(i), phase(i)); }
  bool is_full(int64_t i) const { return !stopped_ && phases_[slot(i)].load() == phase(i) + 1; }
  // The consumer's: until the batch is full or the ring stopped, or, then false, for so long. It sleeps on a semaphore,
  // whose sleep has an end where that of an atomic has none.
  bool wait_full(int64_t i, std::chrono::milliseconds most) {
    const auto is_over = [this, i] { return stopped_ || is_full(i); };
    if (is_over()) return true;
    const auto end = std::chrono::steady_clock::now() + most;
    while (wakings_.try_acquire()) {  // of a sleep that was over before it began
    }
    for (;;) {
      consumer_sleeps_ = true;
      const bool over = is_over();
      if (!over && wakings_.try_acquire_until(end)) continue;
      consumer_sleeps_ = false;
      return over || is_over();
    }
  }
  void publish(int64_t i) {
    advance(slot(i));
    wake_consumer();
  }
  void release(size_t slot) { advance(slot); }

  // Once: a phase flipped twice would look unchanged to a reader on its way to sleep.
  void stop() {
    if (stopped_.exchange(true)) return;
    for (std::atomic<uint32_t>& phase : phases_) {
      phase.fetch_xor(uint32_t{1} << 31);  // a waiter only wakes when the value has changed
      phase.notify_all();
    }
    wake_consumer();
  }
  const std::atomic<bool>& stopped() const { return stopped_; }

 private:
  uint32_t phase(int64_t i) const { return static_cast<uint32_t>(2 * (static_cast<uint64_t>(i) / phases_.size())); }

  void advance(size_t slot) {
    phases_[slot].fetch_add(1);
    phases_[slot].notify_all();
  }

  // The consumer looks once more after it has said that it sleeps: what it does not see then sees that it sleeps.
  void wake_consumer() {
    if (consumer_sleeps_.exchange(false)) wakings_.release();
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
  std::atomic<bool> stopped_{false}, consumer_sleeps_{false};
  std::counting_semaphore<> wakings_{0};
};

}  // namespace clq

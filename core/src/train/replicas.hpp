// core/src/train/replicas.hpp -- the replicas of a training, each driven by a thread of its own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <type_traits>
#include <vector>

#include "runtime/local_comm.hpp"
#include "train/lane.hpp"

namespace clq {

// All have the same programs, start from the same states, and sum what a step changes them by: their states stay equal,
// and the first one's are the model's. [trainer's thread]
class Replicas {
 public:
  explicit Replicas(std::vector<std::unique_ptr<Lane>> lanes);
  ~Replicas();
  Replicas(const Replicas&) = delete;
  Replicas& operator=(const Replicas&) = delete;

  size_t size() const { return lanes_.size(); }
  Lane& lane(size_t i) { return *lanes_[i]; }
  const Lane& lane(size_t i) const { return *lanes_[i]; }
  Lane& first() { return *lanes_.front(); }
  const clq_comm* comm(size_t i) const { return comm_ ? comm_->of(static_cast<uint32_t>(i)) : nullptr; }

  // hot: body(i) for the lane of that number, all at once, that of the first in the caller's thread. When one throws,
  // no sum over the replicas is made any more, and an error is thrown that is no consequence of another's.
  template <class Body>
  void each(Body&& body) {
    run([](void* b, size_t i) { (*static_cast<std::remove_reference_t<Body>*>(b))(i); }, &body);
  }
  // hot: body(i) alone, in the caller's thread. Devices tell of earlier work's errors in any call: it is told as
  // theirs.
  template <class Body>
  void one(size_t i, Body&& body) {
    run_one(
        i, [](void* b, size_t lane) { (*static_cast<std::remove_reference_t<Body>*>(b))(lane); }, &body);
  }
  // hot: waits for what all lanes were given, in all threads: one whose device failed must be heard by those that wait
  // for it. Before the host waits for one lane alone.
  void settle();
  // The same in two: what they were given until mark().
  void mark();
  void wait_for_mark();

 private:
  struct Team;
  using Call = void (*)(void* body, size_t lane);
  void run(Call call, void* body);
  void run_one(size_t i, Call call, void* body);
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::unique_ptr<LocalComm> comm_;  // none where there is one lane
  std::unique_ptr<Team> team_;
};

}  // namespace clq

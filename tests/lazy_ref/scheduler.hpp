// tests/lazy_ref/scheduler.hpp -- queues whose work waits until the host does, then runs in an order drawn from a seed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <calanque/types.h>

#include "memory.hpp"

namespace clq::lazy {

// The first call that meets an error gets it, all later ones CLQ_E_LOST.
struct Failure {
  clq_status status = CLQ_OK;
  std::string text;
  bool told = false;
};

// An event: the host has recorded it `recorded` times, the device has passed `passed` of them.
struct Mark {
  uint64_t recorded = 0, passed = 0;
  Failure failure;
};

using Work = std::function<void()>;  // throws sdk::Error

struct Task {
  Work work;  // or, when empty, one of:
  std::shared_ptr<Mark> record, wait;
  uint64_t turn = 0;  // of the mark
};

struct Queue {
  std::deque<Task> tasks;
  Failure failure;  // work behind it is dropped, marks pass it on
  bool working = false;
};

struct Manner {
  bool immediate = false;  // work runs when it is queued: a device that forgives every wait left out
  bool strict = false;     // work that meets freed memory or a destroyed binding ends the process
};

// One a device. Work runs in the thread that waits, so one host thread and one seed give one order. Where work meets
// other devices' all of it goes on by itself, in a thread of the scheduler, which holds nobody up meanwhile.
class Scheduler {
 public:
  explicit Scheduler(uint64_t seed, Manner manner = {}) : random_(seed), manner_(manner) {}
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  void go_on_by_itself();  // from now on
  DeviceMemory& memory() { return memory_; }
  std::recursive_mutex& mutex() { return mutex_; }

  Queue* add_queue();
  void drop_queue(Queue* queue);  // after its work
  void push(Queue& queue, Work work);
  void await_failure(const Queue& queue);  // a scheduler's that goes on by itself, for two seconds at most
  void record(Queue& queue, const std::shared_ptr<Mark>& mark);
  void wait(Queue& queue, const std::shared_ptr<Mark>& mark);
  void progress();              // one task, if any is ready
  void sync(const Mark& mark);  // until the mark is passed; the mutex is not held
  void drain();
  static void tell(Failure& failure, const char* what);  // throws it

 private:
  class Window;  // device memory is usable while it lives
  static bool ready(const Queue& queue);
  Queue* choose();  // nullptr: nothing is ready
  void execute(Queue& queue);
  void queue_task(Queue& queue, Task task);
  bool step();  // false: nothing is ready
  void work_until_stopped();
  bool by_itself() const { return worker_.joinable(); }
  std::recursive_mutex mutex_;
  std::condition_variable_any queued_, worked_;
  std::thread worker_;
  bool stop_ = false;
  std::mt19937_64 random_;
  Manner manner_;
  DeviceMemory memory_;
  std::vector<std::unique_ptr<Queue>> queues_;
};

}  // namespace clq::lazy

// tests/lazy_ref/scheduler.cpp -- which head runs next, and what an error does to its queue.
// SPDX-License-Identifier: BSD-3-Clause
#include "scheduler.hpp"

#include <cstdlib>

#include <calanque/plugin/sdk.hpp>

namespace clq::lazy {

class Scheduler::Window {
 public:
  explicit Window(Scheduler& s) : lock_(s.mutex_), memory_(s.memory_) { memory_.open(); }
  ~Window() { memory_.close(); }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

 private:
  std::lock_guard<std::recursive_mutex> lock_;
  DeviceMemory& memory_;
};

Queue* Scheduler::add_queue() {
  const std::lock_guard lock(mutex_);
  return queues_.emplace_back(std::make_unique<Queue>()).get();
}

void Scheduler::drop_queue(Queue* queue) {
  const Window window(*this);
  while (!queue->tasks.empty() && step()) {
  }
  std::erase_if(queues_, [queue](const auto& q) { return q.get() == queue; });
}

void Scheduler::push(Queue& queue, Work work) {
  const std::lock_guard lock(mutex_);
  tell(queue.failure, "stream");
  queue_task(queue, {std::move(work), nullptr, nullptr, 0});
}

void Scheduler::record(Queue& queue, const std::shared_ptr<Mark>& mark) {
  const std::lock_guard lock(mutex_);
  tell(queue.failure, "stream");
  tell(mark->failure, "event");
  queue_task(queue, {nullptr, mark, nullptr, ++mark->recorded});
}

void Scheduler::wait(Queue& queue, const std::shared_ptr<Mark>& mark) {
  const std::lock_guard lock(mutex_);
  tell(queue.failure, "stream");
  if (mark->recorded > 0) queue_task(queue, {nullptr, nullptr, mark, mark->recorded});
}

void Scheduler::queue_task(Queue& queue, Task task) {
  queue.tasks.push_back(std::move(task));
  if (manner_.immediate) drain();
}

void Scheduler::progress() {
  const Window window(*this);
  step();
}

void Scheduler::sync(const Mark& mark) {
  const Window window(*this);
  while (mark.passed < mark.recorded)
    if (!step()) sdk::fail(CLQ_E_INTERNAL, "lazy_ref: no queue can go on");
}

void Scheduler::drain() {
  const Window window(*this);
  while (step()) {
  }
}

void Scheduler::tell(Failure& failure, const char* what) {
  if (failure.status == CLQ_OK) return;
  if (failure.told) sdk::fail(CLQ_E_LOST, std::string("the ") + what + " is lost: " + failure.text);
  failure.told = true;
  sdk::fail(failure.status, failure.text);
}

bool Scheduler::ready(const Queue& queue) {
  if (queue.tasks.empty()) return false;
  const Task& head = queue.tasks.front();
  return head.wait == nullptr || head.wait->passed >= head.turn;
}

void Scheduler::execute(Queue& queue) {
  Task task = std::move(queue.tasks.front());
  queue.tasks.pop_front();
  const auto inherit = [](Failure& to, const Failure& from) {
    if (to.status == CLQ_OK && from.status != CLQ_OK) to = {from.status, from.text, false};
  };
  if (task.wait != nullptr) return inherit(queue.failure, task.wait->failure);
  if (task.record != nullptr) {
    task.record->passed = task.turn;
    return inherit(task.record->failure, queue.failure);
  }
  if (queue.failure.status != CLQ_OK) return;
  try {
    task.work();
  } catch (const sdk::Error& e) {
    if (manner_.strict && e.status() == CLQ_E_INVALID) std::abort();
    queue.failure = {e.status(), e.what(), false};
  }
}

bool Scheduler::step() {
  std::vector<Queue*> heads;
  for (const auto& queue : queues_)
    if (ready(*queue)) heads.push_back(queue.get());
  if (heads.empty()) return false;
  execute(*heads[random_() % heads.size()]);
  return true;
}

}  // namespace clq::lazy

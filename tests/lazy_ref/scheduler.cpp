// tests/lazy_ref/scheduler.cpp -- which head runs next, and what an error does to its queue.
// SPDX-License-Identifier: BSD-3-Clause
#include "scheduler.hpp"

#include <algorithm>
#include <chrono>
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

Scheduler::~Scheduler() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  queued_.notify_all();
  if (worker_.joinable()) worker_.join();
}

void Scheduler::go_on_by_itself() {
  const std::lock_guard lock(mutex_);
  if (!worker_.joinable()) worker_ = std::thread([this] { work_until_stopped(); });
}

void Scheduler::work_until_stopped() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    Queue* queue = choose();
    if (queue == nullptr) {
      queued_.wait(lock);
      continue;
    }
    memory_.open();
    execute(*queue);
    memory_.close();
    worked_.notify_all();
    lock.unlock();  // the host has its turn between two tasks
    std::this_thread::yield();
    lock.lock();
  }
}

Queue* Scheduler::add_queue() {
  const std::lock_guard lock(mutex_);
  return queues_.emplace_back(std::make_unique<Queue>()).get();
}

void Scheduler::drop_queue(Queue* queue) {
  if (by_itself()) {
    std::unique_lock lock(mutex_);
    worked_.wait(lock, [&] { return queue->tasks.empty() && !queue->working; });
    std::erase_if(queues_, [queue](const auto& q) { return q.get() == queue; });
    return;
  }
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

void Scheduler::await_failure(const Queue& queue) {
  std::unique_lock lock(mutex_);
  worked_.wait_for(lock, std::chrono::seconds(2), [&] { return queue.failure.status != CLQ_OK; });
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
  queued_.notify_one();
  if (manner_.immediate && !by_itself()) drain();
}

void Scheduler::progress() {
  if (by_itself()) return;
  const Window window(*this);
  step();
}

void Scheduler::sync(const Mark& mark) {
  if (by_itself()) {
    std::unique_lock lock(mutex_);
    worked_.wait(lock, [&] { return mark.passed >= mark.recorded; });
    return;
  }
  const Window window(*this);
  while (mark.passed < mark.recorded)
    if (!step()) sdk::fail(CLQ_E_INTERNAL, "lazy_ref: no queue can go on");
}

void Scheduler::drain() {
  if (by_itself()) {
    std::unique_lock lock(mutex_);
    const auto idle = [](const auto& queue) { return queue->tasks.empty() && !queue->working; };
    worked_.wait(lock, [&] { return std::all_of(queues_.begin(), queues_.end(), idle); });
    return;
  }
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
  if (queue.tasks.empty() || queue.working) return false;
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
  queue.working = true;
  if (by_itself()) mutex_.unlock();
  Failure failure;
  try {
    task.work();
  } catch (const sdk::Error& e) {
    if (manner_.strict && e.status() == CLQ_E_INVALID) std::abort();
    failure = {e.status(), e.what(), false};
  }
  if (by_itself()) mutex_.lock();
  queue.working = false;
  if (failure.status != CLQ_OK) queue.failure = failure;
}

Queue* Scheduler::choose() {
  std::vector<Queue*> heads;
  for (const auto& queue : queues_)
    if (ready(*queue)) heads.push_back(queue.get());
  return heads.empty() ? nullptr : heads[random_() % heads.size()];
}

bool Scheduler::step() {
  Queue* queue = choose();
  if (queue != nullptr) execute(*queue);
  return queue != nullptr;
}

}  // namespace clq::lazy

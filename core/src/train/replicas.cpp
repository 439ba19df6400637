// core/src/train/replicas.cpp -- a thread a replica, asleep between the steps.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/replicas.hpp"

#include <atomic>
#include <exception>
#include <thread>
#include <utility>

#include <unistd.h>

#include <calanque/core/error.hpp>

#include "base/signals_blocked.hpp"

namespace clq {

struct Replicas::Team {
  alignas(64) std::atomic<uint32_t> turn{0};     // what the threads sleep on
  alignas(64) std::atomic<uint32_t> working{0};  // what the trainer sleeps on
  std::atomic<bool> stop{false};
  Call call = nullptr;
  void* body = nullptr;
  LocalComm& comm;
  std::vector<std::exception_ptr> errors;
  std::vector<std::thread> threads;
  pid_t pid = getpid();

  Team(size_t n, LocalComm& between) : comm(between), errors(n) {
    const SignalsBlocked blocked;
    threads.reserve(n - 1);
    try {
      for (size_t i = 1; i < n; ++i) threads.emplace_back([this, i] { serve(i); });
    } catch (...) {
      end();
      throw;
    }
  }

  ~Team() { end(); }

  void end() noexcept {
    stop.store(true, std::memory_order_release);
    next_turn();
    const bool ours = pid == getpid();  // a forked child has no threads to wait for
    for (std::thread& t : threads) ours ? t.join() : t.detach();
  }

  void next_turn() noexcept {
    turn.fetch_add(1, std::memory_order_release);
    turn.notify_all();
  }

  void serve(size_t lane) noexcept {
    for (uint32_t seen = 0;;) {
      turn.wait(seen, std::memory_order_acquire);
      seen = turn.load(std::memory_order_acquire);
      if (stop.load(std::memory_order_acquire)) return;
      take_part(lane);
      if (working.fetch_sub(1, std::memory_order_acq_rel) == 1) working.notify_one();
    }
  }

  void take_part(size_t lane) noexcept {
    try {
      call(body, lane);
    } catch (...) {
      errors[lane] = std::current_exception();
      comm.leave();
    }
  }

  void run(Call c, void* b) {
    call = c;
    body = b;
    working.store(static_cast<uint32_t>(threads.size()), std::memory_order_relaxed);
    next_turn();
    take_part(0);
    for (uint32_t left = working.load(std::memory_order_acquire); left != 0;
         left = working.load(std::memory_order_acquire))
      working.wait(left, std::memory_order_acquire);
    rethrow();
  }

  void run_one(size_t lane, Call c, void* b) {
    try {
      c(b, lane);
    } catch (...) {
      comm.leave();
      tell(std::current_exception(), lane);
    }
  }

  static bool follows_from_another(const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const Error& e) {
      return e.status() == CLQ_E_PEER;
    } catch (...) {
      return false;
    }
  }

  void rethrow() {
    std::exception_ptr first;
    size_t lane = 0;
    for (size_t i = 0; i < errors.size(); ++i) {
      const std::exception_ptr met = std::exchange(errors[i], nullptr);
      if (!met || (first && !(follows_from_another(first) && !follows_from_another(met)))) continue;
      first = met;
      lane = i;
    }
    if (first) tell(first, lane);
  }

  // They may all have the same device.
  [[noreturn]] void tell(const std::exception_ptr& error, size_t lane) const {
    try {
      std::rethrow_exception(error);
    } catch (const Error& e) {
      fail(e.status(), "replica {} of {}: {}", lane + 1, errors.size(), e.what());
    }
  }
};

Replicas::Replicas(std::vector<std::unique_ptr<Lane>> lanes) : lanes_(std::move(lanes)) {
  if (lanes_.size() < 2) return;
  comm_ = std::make_unique<LocalComm>(static_cast<uint32_t>(lanes_.size()), lanes_.front()->buckets());
  team_ = std::make_unique<Team>(lanes_.size(), *comm_);
}

Replicas::~Replicas() = default;

void Replicas::run(Call call, void* body) {
  if (!team_) return call(body, 0);
  team_->run(call, body);
}

void Replicas::run_one(size_t i, Call call, void* body) {
  if (!team_) return call(body, i);
  team_->run_one(i, call, body);
}

void Replicas::settle() {
  if (team_) each([this](size_t i) { lane(i).settle(); });
}

void Replicas::mark() {
  for (size_t i = 0; i < lanes_.size(); ++i) one(i, [this](size_t at) { lane(at).mark(); });
}

void Replicas::wait_for_mark() {
  if (team_) each([this](size_t i) { lane(i).wait_for_mark(); });
}

}  // namespace clq

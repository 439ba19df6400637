// core/src/runtime/team.cpp -- a small team of threads that soon sleeps in a futex between parallel loops.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/team.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <unistd.h>

#include <calanque/core/error.hpp>

#include "base/cores.hpp"
#include "base/signals_blocked.hpp"

namespace clq {
namespace {

constexpr uint32_t kMostThreads = 1024;

// The next loop of a step often follows within microseconds, and a sleeper takes tens of them to wake up.
constexpr auto kSpin = std::chrono::microseconds(50);

void relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

template <class Done>
void spin_until(const Done& done) noexcept {
  const auto end = std::chrono::steady_clock::now() + kSpin;
  do {
    for (int i = 0; i < 16; ++i) {
      if (done()) return;
      relax();
    }
  } while (std::chrono::steady_clock::now() < end);
}

// Which team this thread works for at the moment, so that nested loops run serially.
struct Place {
  const Team* team = nullptr;
  uint32_t worker = 0;
};
thread_local Place place;

}  // namespace

// An index is claimed by counting `remaining` down: whoever succeeds holds the loop open until it has also counted
// `unfinished` down, so the loop's plain members are stable while it reads them. Nobody waits for a thread that has
// not woken up, and after a fork the caller simply does everything itself.
struct Team::State {
  alignas(64) std::atomic<uint32_t> remaining{0};
  alignas(64) std::atomic<uint32_t> unfinished{0};
  alignas(64) std::atomic<uint32_t> generation{0};  // what idle workers sleep on
  std::atomic<uint32_t> busy{0};
  std::atomic<bool> stop{false};
  void (*body)(void*, uint32_t, uint32_t) = nullptr;
  void* arg = nullptr;
  uint32_t n = 0;
  bool spins = false;  // there is a core for each thread
  std::vector<std::thread> workers;
  pid_t pid = getpid();

  uint32_t claim() noexcept {
    uint32_t left = remaining.load(std::memory_order_relaxed);
    while (left > 0 &&
           !remaining.compare_exchange_weak(left, left - 1, std::memory_order_acquire, std::memory_order_relaxed)) {
    }
    return left;
  }

  void work(uint32_t worker) noexcept {
    uint32_t done = 0;
    for (uint32_t left = claim(); left > 0; left = claim(), ++done) body(arg, n - left, worker);
    if (done > 0 && unfinished.fetch_sub(done, std::memory_order_acq_rel) == done) unfinished.notify_one();
  }

  void serve(const Team* team, uint32_t worker) noexcept {
    place = {team, worker};
    for (;;) {
      const uint32_t seen = generation.load(std::memory_order_acquire);
      if (stop.load(std::memory_order_acquire)) return;
      work(worker);
      if (spins) spin_until([&] { return generation.load(std::memory_order_relaxed) != seen; });
      generation.wait(seen, std::memory_order_acquire);
    }
  }

  void wake() noexcept {
    generation.fetch_add(1, std::memory_order_release);
    generation.notify_all();
  }

  ~State() {
    stop.store(true, std::memory_order_release);
    wake();
    const bool ours = pid == getpid();  // a forked child has no workers to wait for
    for (std::thread& t : workers) ours ? t.join() : t.detach();
  }
};

Team::Team(uint32_t n_threads) : state_(std::make_unique<State>()) {
  CLQ_REQUIRE(n_threads >= 1 && n_threads <= kMostThreads, "threads must be 1..{}, got {}", kMostThreads, n_threads);
  state_->spins = allowed_cores() >= n_threads;
  const SignalsBlocked blocked;
  state_->workers.reserve(n_threads - 1);
  for (uint32_t worker = 1; worker < n_threads; ++worker)
    state_->workers.emplace_back([this, state = state_.get(), worker] { state->serve(this, worker); });
}

Team::~Team() = default;

uint32_t Team::size() const { return static_cast<uint32_t>(state_->workers.size()) + 1; }

void Team::parallel_for(uint32_t n, void (*body)(void* arg, uint32_t i, uint32_t worker), void* arg) noexcept {
  if (n == 0) return;
  if (place.team != nullptr) {
    const uint32_t worker = place.team == this ? place.worker : 0;
    for (uint32_t i = 0; i < n; ++i) body(arg, i, worker);
    return;
  }
  State& s = *state_;
  // Two threads may run bindings of one device: the second waits for its turn.
  while (s.busy.exchange(1, std::memory_order_acquire) != 0) s.busy.wait(1, std::memory_order_relaxed);
  s.body = body;
  s.arg = arg;
  s.n = n;
  s.unfinished.store(n, std::memory_order_relaxed);
  s.remaining.store(n, std::memory_order_release);
  if (n > 1 && !s.workers.empty()) s.wake();
  place = {this, 0};
  s.work(0);
  place = {};
  if (s.spins) spin_until([&] { return s.unfinished.load(std::memory_order_relaxed) == 0; });
  for (uint32_t left = s.unfinished.load(std::memory_order_acquire); left != 0;
       left = s.unfinished.load(std::memory_order_acquire))
    s.unfinished.wait(left, std::memory_order_acquire);
  // Notifying first looks whether anybody waits: that load must not pass the store, or a waiter could sleep on.
  s.busy.store(0, std::memory_order_seq_cst);
  s.busy.notify_one();
}

namespace {

uint32_t CLQ_CALL thread_count(clq_team* team) noexcept {
  return team == nullptr ? 1 : reinterpret_cast<Team*>(team)->size();
}

void CLQ_CALL parallel_for(clq_team* team, uint32_t n, void(CLQ_CALL* body)(void*, uint32_t, uint32_t),
                           void* arg) noexcept {
  if (team != nullptr) return reinterpret_cast<Team*>(team)->parallel_for(n, body, arg);
  for (uint32_t i = 0; i < n; ++i) body(arg, i, 0);
}

constexpr clq_host_threads kHostThreads = {sizeof(clq_host_threads), 0, thread_count, parallel_for};

}  // namespace

const clq_host_threads& host_threads_table() { return kHostThreads; }

}  // namespace clq

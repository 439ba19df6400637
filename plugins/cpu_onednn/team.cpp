// plugins/cpu_onednn/team.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "team.hpp"

#include <cfenv>
#include <semaphore>
#include <string>
#include <system_error>
#include <thread>

#include <omp.h>
#include <unistd.h>

#include <calanque/plugin/sdk.hpp>

#include "signals_blocked.hpp"

namespace clq::onednn {
namespace {

Team& team_of(clq_team* team) { return *reinterpret_cast<Team*>(team); }

uint32_t thread_count(clq_team* team) { return static_cast<uint32_t>(team_of(team).threads()); }

void parallel_for(clq_team* team, uint32_t n, void (*body)(void*, uint32_t, uint32_t), void* arg) {  // hot
#pragma omp parallel for schedule(dynamic, 1) num_threads(team_of(team).threads())
  for (uint32_t i = 0; i < n; ++i) body(arg, i, static_cast<uint32_t>(omp_get_thread_num()));
}

constexpr clq_host_threads kThreads = {CLQ_TABLE(clq_host_threads), thread_count, parallel_for};

}  // namespace

// The thread that calls OpenMP for a device, in plain arithmetic whatever its maker's is.
struct Team::Captain {
  std::binary_semaphore begin{0}, end{0};
  void (*body)(void*) = nullptr;  // nullptr: the end
  void* arg = nullptr;
  std::thread thread;

  explicit Captain(int threads) {
    const SignalsBlocked quiet;
    thread = std::thread([this, threads] { serve(threads); });
  }

  void serve(int threads) noexcept {
    std::fesetenv(FE_DFL_ENV);
    omp_set_max_active_levels(1);
    const TeamScope scope(threads);
    for (begin.acquire(); body != nullptr; begin.acquire()) {
      body(arg);
      end.release();
    }
  }
};

Team::Team(uint32_t threads) : threads_(static_cast<int>(threads)), process_(getpid()) {
  const auto most = static_cast<uint32_t>(omp_get_thread_limit());
  if (threads > most)
    sdk::fail(CLQ_E_INVALID, "cpu_onednn is to have " + std::to_string(threads) + " threads, but OMP_THREAD_LIMIT is " +
                                 std::to_string(most) + ": raise it or lower compute.threads");
  if (threads < 2) return;
  try {
    captain_ = std::make_unique<Captain>(threads_);
  } catch (const std::system_error& e) {
    sdk::fail(CLQ_E_NOMEM, std::string("cpu_onednn cannot start a thread: ") + e.what());
  }
}

Team::~Team() {
  if (captain_ == nullptr) return;
  if (is_left_behind()) {
    captain_.release();  // its thread is the parent's: it cannot be joined
    return;
  }
  call(nullptr, nullptr);
  captain_->thread.join();
}

bool Team::is_left_behind() const noexcept { return process_ != getpid(); }

void Team::require_here() const {
  if (is_left_behind()) sdk::fail(CLQ_E_FORKED, kForked);
}

void Team::call(void (*body)(void*), void* arg) noexcept {  // hot
  if (captain_ == nullptr) {
    const SignalsBlocked quiet;
    const TeamScope scope(threads_);
    return body(arg);
  }
  const std::lock_guard one_at_a_time(calling_);
  captain_->body = body;
  captain_->arg = arg;
  captain_->begin.release();
  if (body != nullptr) captain_->end.acquire();
}

const clq_host_threads& team_threads() { return kThreads; }

TeamScope::TeamScope(int threads) noexcept : before_(omp_get_max_threads()), dynamic_(omp_get_dynamic()) {
  omp_set_dynamic(0);  // a team that shrinks would change the bits
  omp_set_num_threads(threads);
}

TeamScope::~TeamScope() {
  omp_set_num_threads(before_);
  omp_set_dynamic(dynamic_);
}

}  // namespace clq::onednn

// plugins/cpu_onednn/team.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "team.hpp"

#include <omp.h>
#include <unistd.h>

#include <calanque/plugin/sdk.hpp>

namespace clq::onednn {
namespace {

Team& team_of(clq_team* team) { return *reinterpret_cast<Team*>(team); }

uint32_t thread_count(clq_team* team) { return static_cast<uint32_t>(team_of(team).threads); }

void parallel_for(clq_team* team, uint32_t n, void (*body)(void*, uint32_t, uint32_t), void* arg) {  // hot
#pragma omp parallel for schedule(dynamic, 1) num_threads(team_of(team).threads)
  for (uint32_t i = 0; i < n; ++i) body(arg, i, static_cast<uint32_t>(omp_get_thread_num()));
}

constexpr clq_host_threads kThreads = {CLQ_TABLE(clq_host_threads), thread_count, parallel_for};

}  // namespace

Team make_team(uint32_t threads) {
  const auto most = static_cast<uint32_t>(omp_get_thread_limit());
  if (threads > most)
    sdk::fail(CLQ_E_INVALID, "cpu_onednn is to have " + std::to_string(threads) + " threads, but OMP_THREAD_LIMIT is " +
                                 std::to_string(most) + ": raise it or lower compute.threads");
  return {static_cast<int>(threads), getpid()};
}

const char* find_hindrance(const Team& team, clq_status& status) noexcept {
  if (team.process != getpid()) {
    status = CLQ_E_FORKED;
    return "cpu_onednn was opened before fork(): open it in the child";
  }
  if (team.threads > 1 && (omp_in_parallel() != 0 || omp_get_max_active_levels() < 1)) {
    status = CLQ_E_INVALID;
    return "cpu_onednn is called where OpenMP gives no threads, in a parallel region or with OMP_MAX_ACTIVE_LEVELS=0: call "
           "it outside, or set compute.threads to 1";
  }
  return nullptr;
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

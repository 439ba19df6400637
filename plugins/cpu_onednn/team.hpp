// plugins/cpu_onednn/team.hpp -- the OpenMP threads that oneDNN and the plugin's own kernels share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include <calanque/plugin/backend.h>

namespace clq::onednn {

// The team of one device. OpenMP gives each thread that calls it a pool, with the arithmetic that it found when the
// pool was made: the host's threads may have pools of their own, so a device with several threads keeps a thread that
// calls OpenMP for it. Threads do not survive a fork: in the child a team of the parent cannot be called.
class Team {
 public:
  explicit Team(uint32_t threads);  // throws where OpenMP has fewer: parts of a result would be left out
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int threads() const noexcept { return threads_; }
  bool is_left_behind() const noexcept;  // made before a fork, by the parent
  void require_here() const;             // throws CLQ_E_FORKED

  // Runs body(), which must not throw, where parallel regions have the team's threads; one call at a time. So replicas
  // that wait for one another in their runs need a device each, as Calanque's have.
  template <class Body>
  void call(Body body) noexcept {
    call([](void* b) { (*static_cast<Body*>(b))(); }, &body);
  }

 private:
  struct Captain;
  void call(void (*body)(void*), void* arg) noexcept;

  int threads_;
  int64_t process_;
  std::mutex calling_;
  std::unique_ptr<Captain> captain_;  // none: one thread, the caller
};

inline constexpr char kForked[] = "cpu_onednn was opened before fork(): open it in the child";

// cpu_ref's kernels ask a clq_team for threads; this table answers for a Team, in its calls.
const clq_host_threads& team_threads();
inline clq_team* as_clq(Team* team) { return reinterpret_cast<clq_team*>(team); }

// The calling thread's parallel regions have so many threads while this lives; the host's own setting comes back after.
class TeamScope {
 public:
  explicit TeamScope(int threads) noexcept;
  ~TeamScope();
  TeamScope(const TeamScope&) = delete;
  TeamScope& operator=(const TeamScope&) = delete;

 private:
  int before_, dynamic_;
};

}  // namespace clq::onednn

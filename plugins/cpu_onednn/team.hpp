// plugins/cpu_onednn/team.hpp -- the OpenMP threads that oneDNN and the plugin's own kernels share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include <calanque/plugin/backend.h>

namespace clq::onednn {

// The team of one device: a size, and the process it was made in, for OpenMP's threads do not survive a fork.
struct Team {
  int threads;
  int64_t process;
};

Team make_team(uint32_t threads);  // throws where OpenMP has fewer: parts of a result would be left out
// Why the calling thread cannot have the team now, with the status; nullptr: it can.
const char* find_hindrance(const Team& team, clq_status& status) noexcept;

// cpu_ref's kernels ask a clq_team for threads; this table answers for a Team.
const clq_host_threads& team_threads();
inline clq_team* as_clq(Team* team) { return reinterpret_cast<clq_team*>(team); }

// The calling thread's parallel regions have the team's size while this lives; the host's own setting comes back after.
class TeamScope {
 public:
  explicit TeamScope(const Team& team) noexcept : TeamScope(team.threads) {}
  explicit TeamScope(int threads) noexcept;
  ~TeamScope();
  TeamScope(const TeamScope&) = delete;
  TeamScope& operator=(const TeamScope&) = delete;

 private:
  int before_, dynamic_;
};

}  // namespace clq::onednn

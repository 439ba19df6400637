// plugins/cpu_ref/plan/executable.hpp -- a plan that can be bound to addresses, and a binding that can be run.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <memory>
#include <vector>

#include "plan/plan.hpp"

namespace clq::ref {

// Immutable once made; any number of bindings may share it.
class Executable {
 public:
  Executable(const clq_segment& segment, const clq_state_layout* const* wanted, const Context& context);
  Executable(Plan plan, const Context& context);
  const Plan& plan() const { return plan_; }
  const Context& context() const { return context_; }
  const std::byte* constants() const { return constants_.get(); }
  void describe(clq_executable_info& out) const;
  void describe_state(uint32_t state, clq_state_layout& out) const;
  int64_t state_bytes(uint32_t state) const;  // throws when there is no such state

 private:
  struct Free {
    void operator()(std::byte* p) const noexcept { std::free(p); }
  };
  Plan plan_;
  Context context_;
  std::unique_ptr<std::byte, Free> constants_;
};

class Binding {
 public:
  Binding(std::shared_ptr<const Executable> executable, const clq_bind_args& args);
  Binding(const Binding&) = delete;
  Binding& operator=(const Binding&) = delete;
  uint32_t n_scalars() const { return static_cast<uint32_t>(cells_.size()); }
  std::byte* workspace() const { return workspace_; }
  int64_t workspace_bytes() const { return executable_->plan().arena_bytes; }
  // n_scalars() cells. No allocation, no lock, no string. [hot]
  clq_status run(const uint64_t* cells) noexcept;
  // Of the last run that failed; nullptr where an op of another plugin has told its host itself.
  const char* problem() const { return problem_.load(std::memory_order_relaxed); }

 private:
  struct Call {
    const Kernel* kernel;
    Operands operands;
  };
  void* address(uint32_t slot, const clq_bind_args& args);

  std::shared_ptr<const Executable> executable_;
  std::atomic<const char*> problem_{nullptr};
  Context context_;
  std::byte* workspace_;
  std::vector<uint64_t> cells_;
  std::vector<void*> addresses_;  // of each call: its sources, then its results
  std::vector<Call> calls_;
  std::vector<std::unique_ptr<Kernel>> bound_;  // kernels made for these addresses
};

// Looks at the arguments of a run; a literal says what is wrong with them, nullptr nothing. [hot]
const char* run_args_problem(const clq_run_args* args, uint32_t n_scalars, clq_status* status) noexcept;

// Fills `out` for supports(): can `op` of the unfinished segment be run here.
void describe_support(const clq_segment& segment, uint32_t op, uint32_t score, clq_support& out);

}  // namespace clq::ref

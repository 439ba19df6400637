// tests/lazy_ref/bound.hpp -- a binding that checks, when its run has its turn, that everything is still there.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <vector>

#include "memory.hpp"
#include "plan/executable.hpp"

namespace clq::lazy {

class Bound {
 public:
  // host_too: addresses outside the device's memory are the host's, and may be bound.
  Bound(std::shared_ptr<const ref::Executable> executable, const clq_bind_args& args, const DeviceMemory& memory,
        bool host_too);
  uint32_t n_scalars() const { return binding_.n_scalars(); }
  void retire() { alive_ = false; }              // the host destroyed it; a queued run may still hold it
  void check() const;                            // throws when something is not there any more
  void run(const std::vector<uint64_t>& cells);  // throws; leaves NaN in the workspace: nothing may outlive a run there

 private:
  struct Range {
    const void* data;
    int64_t bytes;
  };
  ref::Binding binding_;
  const DeviceMemory& memory_;
  bool host_too_;
  std::vector<Range> ranges_;
  bool alive_ = true;
};

}  // namespace clq::lazy

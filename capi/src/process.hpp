// capi/src/process.hpp -- whether this is still the process that was asked before, or a child that a fork made of it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>

namespace clq::capi {

// A word that the kernel clears in each forked child, however it is forked: reading it costs nothing, where getpid() is
// a system call. [any-thread]
class ProcessMark {
 public:
  ProcessMark();
  // false in a child until renew(), and always where the kernel has no such pages.
  bool same() const { return word_ != nullptr && word_->load(std::memory_order_acquire) == 1; }
  void renew() {
    if (word_ != nullptr) word_->store(1, std::memory_order_release);
  }

 private:
  std::atomic<int>* word_ = nullptr;  // the page is never given back
};

}  // namespace clq::capi

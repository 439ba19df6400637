// plugins/cpu_onednn/signals_blocked.hpp -- a while in which this thread hears no signal.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <csignal>

namespace clq::onednn {

// For threads that are started meanwhile, and what they start: signals are for the host's own. And for oneDNN's generated
// code in any thread: it uses the stack pointer as a plain register, and the kernel would write a handler's frame to where
// that points. What comes meanwhile is heard at the end; faults of this thread always.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) sigdelset(&all, fault);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace clq::onednn

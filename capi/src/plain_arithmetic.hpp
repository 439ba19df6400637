// capi/src/plain_arithmetic.hpp -- IEEE 754's default arithmetic inside a call, the host's own around it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cerrno>
#include <cfenv>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace clq::capi {

#if defined(__x86_64__)
// The control and status words of both units: reading them takes a few cycles, exchanging the environment a hundred.
struct FpWords {
  static constexpr unsigned kSseControl = 0xFFC0, kSseDefault = 0x1F80;
  static constexpr unsigned short kX87Default = 0x037F, kX87Flags = 0x003F;
  unsigned sse = _mm_getcsr();
  unsigned short control = 0, flags = 0;
  FpWords() noexcept {
    __asm__ volatile("fnstcw %0" : "=m"(control));
    __asm__ volatile("fnstsw %0" : "=m"(flags));
    flags &= kX87Flags;
  }
  bool plain() const noexcept { return (sse & kSseControl) == kSseDefault && control == kX87Default; }
  void put_back() const noexcept {
    const FpWords now;
    if (now.sse != sse) _mm_setcsr(sse);
    if (now.control == control && now.flags == flags) return;
    std::fenv_t environment;
    std::fegetenv(&environment);
    environment.__control_word = control;
    environment.__status_word = flags;
    environment.__mxcsr = sse;
    std::fesetenv(&environment);
  }
};
#else
struct FpWords {
  bool plain() const noexcept { return false; }
  void put_back() const noexcept {}
};
#endif

// So that no result depends on how the host rounds, none of its traps goes off, and it finds no flag and no errno of
// ours.
class PlainArithmetic {
 public:
  PlainArithmetic() noexcept {
    if (words_.plain()) return;
    std::fegetenv(&host_);
    std::fesetenv(FE_DFL_ENV);
  }
  ~PlainArithmetic() {
    if (words_.plain())
      words_.put_back();
    else
      std::fesetenv(&host_);
    errno = errno_;
  }
  PlainArithmetic(const PlainArithmetic&) = delete;
  PlainArithmetic& operator=(const PlainArithmetic&) = delete;

 private:
  const int errno_ = errno;
  const FpWords words_;
  std::fenv_t host_;
};

}  // namespace clq::capi

// tests/guest/plant.cpp -- a guest without manners, one for each part of the host.
// SPDX-License-Identifier: BSD-3-Clause
#include <cerrno>
#include <cfenv>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <map>

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "posture.hpp"

namespace clq::guest {
namespace {

bool second = false;  // each change is undone by the next

void change_rounding() { std::fesetround(second ? FE_TOWARDZERO : FE_UPWARD); }

void change_exceptions() {
  if (std::fetestexcept(FE_INEXACT) != 0)
    std::feclearexcept(FE_INEXACT);
  else
    std::feraiseexcept(FE_INEXACT);
}

void change_denormals() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() ^ 0x8040);
#endif
}

void change_locale() { std::setlocale(LC_ALL, second ? "C" : "C.UTF-8"); }

void change_mask() {
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGURG);
  pthread_sigmask(second ? SIG_UNBLOCK : SIG_BLOCK, &one, nullptr);
}

void change_actions() { signal(SIGURG, second ? SIG_DFL : SIG_IGN); }

void change_folder() {
  if (chdir(second ? "/tmp" : "/") != 0) std::abort();
}

void change_umask() { umask(second ? 022 : 077); }
void change_environment() { setenv("GUEST_LEFT", second ? "1" : "2", 1); }

void change_descriptors() {
  static int left = -1;
  if (left < 0) {
    left = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return;
  }
  close(left);
  left = -1;
}

void change_output() {
  if (write(second ? STDERR_FILENO : STDOUT_FILENO, "x", 1) != 1) std::abort();
}

void change_scheduling() {
  const sched_param none{};
  sched_setscheduler(0, second ? SCHED_OTHER : SCHED_BATCH, &none);
}

void change_limits() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = second ? limit.rlim_cur + 1 : limit.rlim_cur - 1;
  setrlimit(RLIMIT_NOFILE, &limit);
}

template <void (*change)()>
void plant() {
  const int kept = errno;
  change();
  second = !second;
  errno = kept;
}

void change_errno() { errno = EDOM; }

void divide_by_zero() {
  volatile double one = 1, zero = 0;
  one = one / zero;
}

}  // namespace

Plant plant_for(const std::string& part) {
  static const std::map<std::string, Plant> kPlants = {{"rounding", plant<change_rounding>},
                                                       {"exceptions", plant<change_exceptions>},
                                                       {"denormals", plant<change_denormals>},
                                                       {"locale", plant<change_locale>},
                                                       {"errno", change_errno},
                                                       {"signal mask", plant<change_mask>},
                                                       {"signal actions", plant<change_actions>},
                                                       {"folder", plant<change_folder>},
                                                       {"umask", plant<change_umask>},
                                                       {"environment", plant<change_environment>},
                                                       {"descriptors", plant<change_descriptors>},
                                                       {"output", plant<change_output>},
                                                       {"scheduling", plant<change_scheduling>},
                                                       {"limits", plant<change_limits>},
                                                       {"a trap", divide_by_zero}};
  const auto at = kPlants.find(part);
  return at == kPlants.end() ? nullptr : at->second;
}

}  // namespace clq::guest

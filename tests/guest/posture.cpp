// tests/guest/posture.cpp -- a host that has set everything that it can set.
// SPDX-License-Identifier: BSD-3-Clause
#include "posture.hpp"

#include <cfenv>
#include <clocale>
#include <cstdlib>
#include <stdexcept>

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace clq::guest {
namespace {

constexpr int kTraps = FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW;

void flush_denormals() {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
}

void take_arithmetic(int rounding, int traps, bool flush) {
  std::feclearexcept(FE_ALL_EXCEPT);
  std::fesetround(rounding);
  if (flush) flush_denormals();
  feenableexcept(traps);
}

// A number with a comma where there is such a locale; one of the thread beside that of the process.
void take_locale() {
  for (const char* name : {"de_DE.UTF-8", "C.UTF-8"}) {
    if (std::setlocale(LC_ALL, name) == nullptr) continue;
    uselocale(newlocale(LC_NUMERIC_MASK | LC_CTYPE_MASK, name, nullptr));
    return;
  }
}

void take_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigaddset(&action.sa_mask, SIGHUP);
  for (int number = 1; number < NSIG; ++number) {
    if (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGABRT) continue;
    sigaction(number, &action, nullptr);  // those that may not be are refused
  }
  sigset_t blocked;
  sigemptyset(&blocked);
  for (const int number : {SIGUSR2, SIGWINCH, SIGRTMIN + 3}) sigaddset(&blocked, number);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
}

void take_limits() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = 300;
  setrlimit(RLIMIT_NOFILE, &limit);
  for (const auto timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    const itimerval far{{77, 0}, {100000, 0}};
    setitimer(timer, &far, nullptr);
  }
  int before = 0;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before);
}

void take_scheduling() {
  const sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
  setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + 1);
  prctl(PR_SET_NAME, "a host");
}

void take_alarms() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  if (std::getenv("GUEST_PLANTED") == nullptr) sigaction(SIGALRM, &action, nullptr);
  const itimerval often{{0, 500}, {0, 500}};
  setitimer(ITIMER_REAL, &often, nullptr);
}

void be_odd() {
  setenv("OMP_NUM_THREADS", "3", 1);
  setenv("LC_NUMERIC", "de_DE.UTF-8", 1);
  take_locale();
  take_signals();
  take_limits();
  take_scheduling();
  umask(027);
  if (chdir("/") != 0) throw std::runtime_error("there is no folder /");
  take_arithmetic(FE_DOWNWARD, kTraps, true);
  std::feraiseexcept(FE_INEXACT | FE_UNDERFLOW);
}

}  // namespace

void take_posture(const std::string& name) {
  if (name == "plain") return;
  if (name == "traps") return take_arithmetic(FE_TONEAREST, kTraps, false);
  if (name == "toward_zero") return take_arithmetic(FE_TOWARDZERO, kTraps, true);
  if (name == "upward") return take_arithmetic(FE_UPWARD, 0, false);
  if (name == "alarms") return take_alarms();
  if (name == "odd") return be_odd();
  throw std::runtime_error("there is no posture " + name);
}

void use_openmp() {
  void* library = dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) return;  // then no plugin uses it either
  const auto parallel =
      reinterpret_cast<void (*)(void (*)(void*), void*, unsigned, unsigned)>(dlsym(library, "GOMP_parallel"));
  parallel([](void*) {}, nullptr, 2, 0);
}

}  // namespace clq::guest

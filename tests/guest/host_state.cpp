// tests/guest/host_state.cpp -- the fourteen parts as texts.
// SPDX-License-Identifier: BSD-3-Clause
#include "host_state.hpp"

#include <algorithm>
#include <cerrno>
#include <cfenv>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <locale>
#include <thread>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <fmt/format.h>

namespace clq::guest {
namespace {

constexpr int kSignals = 64;
constexpr time_t kFarAway = 5000;  // seconds; a timer of the host is set to more
char random_numbers[128];          // what rand() and random() go by

std::string locale_text() {
  const locale_t own = uselocale(nullptr);
  return fmt::format("{}, of the thread {}, of C++ {}", std::setlocale(LC_ALL, nullptr),
                     own == LC_GLOBAL_LOCALE ? "none" : fmt::format("{}", static_cast<void*>(own)),
                     std::locale().name());
}

std::string mask_text() {
  sigset_t blocked, pending;
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  sigpending(&pending);
  uint64_t bits[2];
  std::memcpy(&bits[0], &blocked, sizeof bits[0]);
  std::memcpy(&bits[1], &pending, sizeof bits[1]);
  return fmt::format("blocked {:016x}, pending {:016x}", bits[0], bits[1]);
}

// By the system call: the C library hides two signals that are its own.
std::string actions_text() {
  struct {
    void* handler;
    unsigned long flags;
    void* restorer;
    uint64_t mask;
  } action;
  std::string text;
  for (int number = 1; number <= kSignals; ++number) {
    action = {};
    syscall(SYS_rt_sigaction, number, nullptr, &action, sizeof action.mask);
    if (action.handler != nullptr || action.flags != 0 || action.mask != 0)
      text += fmt::format("{}: {} {:x} {:x}\n", number, action.handler, action.flags, action.mask);
  }
  stack_t stack{};
  sigaltstack(nullptr, &stack);
  return text + fmt::format("stack {} {}", stack.ss_sp, stack.ss_flags);
}

std::string folder_text() {
  char path[4096] = "";
  return getcwd(path, sizeof path) == nullptr ? "none" : path;
}

std::string umask_text() {
  const mode_t mask = umask(0);
  umask(mask);
  return fmt::format("{:03o}", mask);
}

std::string environment_text() {
  std::string text;
  for (char** entry = environ; *entry != nullptr; ++entry) text += std::string(*entry) + "\n";
  return text;
}

// One line a descriptor: its number, what it is, and whether a program that is started would have it too.
std::string descriptors_text() {
  DIR* folder = opendir("/proc/self/fd");
  std::vector<std::pair<int, std::string>> all;
  while (const dirent* entry = readdir(folder)) {
    const int number = std::atoi(entry->d_name);
    if (entry->d_name[0] == '.' || number == dirfd(folder)) continue;
    char target[4096];
    const ssize_t n = readlinkat(dirfd(folder), entry->d_name, target, sizeof target);
    const bool passed_on = (fcntl(number, F_GETFD) & FD_CLOEXEC) == 0;
    all.emplace_back(number, std::string(target, n > 0 ? static_cast<size_t>(n) : 0) + (passed_on ? " passed on" : ""));
  }
  closedir(folder);
  std::sort(all.begin(), all.end());
  std::string text;
  for (const auto& [number, target] : all) text += fmt::format("{} {}\n", number, target);
  return text;
}

std::string output_text() {
  std::fflush(stdout);
  std::fflush(stderr);
  struct stat out {
  }, err{};
  fstat(STDOUT_FILENO, &out);
  fstat(STDERR_FILENO, &err);
  return fmt::format("{} and {} bytes", out.st_size, err.st_size);
}

std::string scheduling_text() {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  sched_getaffinity(0, sizeof cpus, &cpus);
  std::string list;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &cpus)) list += fmt::format(" {}", cpu);
  sched_param parameter{};
  sched_getparam(0, &parameter);
  char name[16] = "";
  prctl(PR_GET_NAME, name);
  return fmt::format("cpus{}, policy {} {}, nice {}, name {}", list, sched_getscheduler(0), parameter.sched_priority,
                     getpriority(PRIO_PROCESS, 0), name);
}

std::string timers_text() {
  std::string text;
  for (const auto which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    itimerval timer{};
    getitimer(which, &timer);
    const char* left = timer.it_value.tv_sec > kFarAway ? "far" : timer.it_value.tv_sec > 0 ? "near" : "off";
    text += fmt::format(", timer {} every {} s", left, timer.it_interval.tv_sec);
  }
  return text;
}

std::string limits_text() {
  std::string text = "limits";
  for (int which = 0; which < static_cast<int>(RLIM_NLIMITS); ++which) {
    rlimit limit{};
    getrlimit(static_cast<decltype(RLIMIT_CPU)>(which), &limit);
    text += fmt::format(" {}/{}", static_cast<int64_t>(limit.rlim_cur), static_cast<int64_t>(limit.rlim_max));
  }
  int state = 0, type = 0, ignored = 0;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
  pthread_setcanceltype(type, &ignored);
  pthread_setcancelstate(state, &ignored);
  uint64_t numbers = 0;
  for (const char c : random_numbers) numbers = numbers * 1099511628211U + static_cast<unsigned char>(c);
  return text + timers_text() +
         fmt::format(", cancel {} {}, dumps {}, random {:x}", state, type, prctl(PR_GET_DUMPABLE), numbers);
}

}  // namespace

Arithmetic look_at_arithmetic() noexcept {
  Arithmetic now;
#if defined(__x86_64__)
  uint16_t control = 0, status = 0;
  asm volatile("fnstcw %0" : "=m"(control));
  asm volatile("fnstsw %0" : "=m"(status));
  asm volatile("stmxcsr %0" : "=m"(now.mxcsr));
  now.x87 = static_cast<uint32_t>(control) << 16 | (status & 0x38ffU);  // without what comparisons leave
#endif
  now.rounding = std::fegetround();
  now.flags = std::fetestexcept(FE_ALL_EXCEPT);
  now.traps = fegetexcept();
  return now;
}

// The C library takes a signal of its own when the first thread starts; that is its business and not the library's.
void prepare_host() {
  std::thread([] {}).join();
  initstate(20, random_numbers, sizeof random_numbers);
}

HostState look_at_host() {
  HostState state;
  state[kLocale] = locale_text();
  state[kSignalMask] = mask_text();
  state[kSignalActions] = actions_text();
  state[kFolder] = folder_text();
  state[kUmask] = umask_text();
  state[kEnvironment] = environment_text();
  state[kDescriptors] = descriptors_text();
  state[kOutput] = output_text();
  state[kScheduling] = scheduling_text();
  state[kLimits] = limits_text();
  return state;
}

void put(HostState& state, const Arithmetic& now, int error_number) {
  state[kRounding] = fmt::format("{:x}, x87 {:x}, sse {:x}", now.rounding, now.x87 >> 16 & 0xf00, now.mxcsr & 0x6000);
  state[kExceptions] = fmt::format("flags {:x}, traps {:x}, x87 {:x} {:x}, sse {:x}", now.flags, now.traps,
                                   now.x87 >> 16 & 0x3f, now.x87 & 0xffff, now.mxcsr & 0x1fbf);
  state[kDenormals] = fmt::format("{:x}", now.mxcsr & 0x8040);
  state[kErrno] = fmt::format("{}", error_number);
}

std::string difference(const std::string& before, const std::string& after) {
  const size_t most = std::min(before.size(), after.size());
  size_t first = 0, last = 0;
  while (first < most && before[first] == after[first]) ++first;
  while (last < most - first && before[before.size() - 1 - last] == after[after.size() - 1 - last]) ++last;
  const auto part = [&](const std::string& text) {
    return text.substr(first, std::min<size_t>(text.size() - last - first, 200));
  };
  return fmt::format("'{}' -> '{}'", part(before), part(after));
}

}  // namespace clq::guest

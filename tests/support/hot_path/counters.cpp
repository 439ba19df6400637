// tests/support/hot_path/counters.cpp -- the counts of one window of steps, and the file they end in.
// SPDX-License-Identifier: BSD-3-Clause
#include "counters.hpp"

#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace hot_path {
namespace {

struct Counts {
  std::atomic<int64_t> heap{0}, lock{0}, futex{0};
};

constinit Counts inside, outside;
constinit std::atomic<bool> counting{false};
constinit int64_t runs = 0;  // the trainer's

// A thread's own storage that is there from its first instruction: looking for it must not allocate.
#define HOT_PATH_THREAD constinit thread_local __attribute__((tls_model("initial-exec")))
HOT_PATH_THREAD Who who_am_i = Who::team;
HOT_PATH_THREAD bool in_run = false;

int64_t number(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::atoll(text);
}

void write_counts(int64_t n) {
  const char* path = std::getenv("HOT_PATH_OUT");
  const int file = path == nullptr ? -1 : ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) std::abort();
  char text[512];
  const int bytes =
      std::snprintf(text, sizeof text,
                    "{\"runs\": %lld, \"inside\": {\"heap\": %lld, \"lock\": %lld, \"futex\": %lld}, "
                    "\"outside\": {\"heap\": %lld, \"lock\": %lld, \"futex\": %lld}}\n",
                    static_cast<long long>(n), static_cast<long long>(inside.heap), static_cast<long long>(inside.lock),
                    static_cast<long long>(inside.futex), static_cast<long long>(outside.heap),
                    static_cast<long long>(outside.lock), static_cast<long long>(outside.futex));
  if (::write(file, text, static_cast<size_t>(bytes)) != bytes) std::abort();
  ::close(file);
}

}  // namespace

void count(What what) noexcept {
  if (!counting.load(std::memory_order_relaxed)) return;
  const bool is_inside = who_am_i == Who::team || (who_am_i == Who::trainer && in_run);
  Counts& counts = is_inside ? inside : outside;
  std::atomic<int64_t>& n = what == What::heap ? counts.heap : what == What::lock ? counts.lock : counts.futex;
  n.fetch_add(1, std::memory_order_relaxed);
}

void name_thread(Who who) noexcept { who_am_i = who; }

void begin_run() noexcept {
  static const int64_t first = number("HOT_PATH_FIRST"), n = number("HOT_PATH_RUNS");
  name_thread(Who::trainer);
  ++runs;
  if (runs == first) counting = true;
  if (runs == first + n) {
    counting = false;
    write_counts(n);
  }
  in_run = true;
}

void end_run() noexcept { in_run = false; }

}  // namespace hot_path

// tests/core/data/feeder_timing.test.cpp -- a feeder that waits costs nothing, and one that is cancelled ends at once.
// SPDX-License-Identifier: BSD-3-Clause
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "core/data/feeder_support.hpp"

namespace clq {
namespace {

using Clock = std::chrono::steady_clock;
using test::Line;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

TEST(FeederTiming, AFullRingSleeps) {
  test::Scripted script = test::numbers(1000);
  Line line(script, 16, 4, {4, 0, -1, {}});
  line.next_bytes();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const double before = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_LT(cpu_seconds() - before, 0.01);
}

TEST(FeederTiming, AnEmptyRingSleeps) {
  test::Scripted script = test::numbers(1000);
  script.before = [](int64_t, const clq_read&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return CLQ_OK;
  };
  Line line(script, 10, 2, {2, 0, -1, {}});
  const double before = cpu_seconds();
  line.next_bytes();  // one second of nothing
  EXPECT_LT(cpu_seconds() - before, 0.01);
}

TEST(FeederTiming, EndsWhileReadersWaitForASlot) {
  test::Scripted script = test::numbers(1000);
  const auto start = Clock::now();
  for (int i = 0; i < 200; ++i) {
    Line line(script, 16, 2, {4, 0, -1, {}});
    if (i % 2 == 0) line.next_bytes();
  }
  EXPECT_LT(seconds_since(start), 20);
}

// The readers are on their way to sleep when the error stops them, and then the destructor does.
TEST(FeederTiming, EndsAfterAnError) {
  test::Scripted script = test::numbers(100);
  script.before = [](int64_t row, const clq_read&) { return row == 20 ? CLQ_E_IO : CLQ_OK; };
  for (int i = 0; i < 3000; ++i) {
    Line line(script, 4, 2, {4, 0, -1, {}}, false);
    EXPECT_THROW(while (!line.next_bytes().empty()){}, Error);
  }
}

TEST(FeederTiming, CancelsAReadThatTakesForEver) {
  test::Scripted script = test::numbers(1000);
  std::atomic<int> reading{0};
  script.before = [&reading](int64_t, const clq_read& io) {
    ++reading;
    while (io.cancelled(&io) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return CLQ_E_CANCELLED;
  };
  auto line = std::make_unique<Line>(script, 16, 4, Feeder::Options{2, 0, -1, {}});
  while (reading < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto start = Clock::now();
  line.reset();
  EXPECT_LT(seconds_since(start), 2);
}

TEST(FeederTiming, WaitsForAWhileAndIsCancelledWithoutItsReaders) {
  test::Scripted script = test::numbers(1000);
  std::atomic<bool> closed{true};
  script.before = [&closed](int64_t, const clq_read&) {
    while (closed) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return CLQ_OK;
  };
  Line line(script, 16, 4, {1, 0, -1, {}});
  const auto start = Clock::now();
  EXPECT_FALSE(line.feeder->wait(std::chrono::milliseconds(100)));
  EXPECT_GE(seconds_since(start), 0.1);
  closed = false;
  EXPECT_TRUE(line.feeder->wait(std::chrono::hours(1)));
  EXPECT_NE(line.next_bytes(), "");
  closed = true;
  while (line.feeder->wait(std::chrono::milliseconds(100))) line.next_bytes();  // what was read by then
  line.feeder->cancel();
  EXPECT_TRUE(line.feeder->wait(std::chrono::hours(1)));
  EXPECT_EQ(line.feeder->next(), nullptr);
  closed = false;
}

TEST(FeederTiming, ReadersLeaveSignalsToTheHost) {
  test::Scripted script = test::numbers(16);
  std::atomic<int> blocked{-1};
  script.before = [&blocked](int64_t, const clq_read&) {
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, nullptr, &set);
    blocked = sigismember(&set, SIGINT) == 1 && sigismember(&set, SIGUSR1) == 1 && sigismember(&set, SIGSEGV) == 0;
    return CLQ_OK;
  };
  Line line(script, 16, 1, {1, 0, 1, {}});
  line.next_bytes();
  EXPECT_EQ(blocked, 1);
  sigset_t mine;
  pthread_sigmask(SIG_SETMASK, nullptr, &mine);
  EXPECT_EQ(sigismember(&mine, SIGINT), 0);
}

}  // namespace
}  // namespace clq

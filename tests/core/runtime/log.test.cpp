// tests/core/runtime/log.test.cpp -- the log queue is bounded, filtered and shared by threads.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/log.hpp"

#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <calanque/plugin/entry.h>

namespace clq {
namespace {

struct Log : ::testing::Test {
  void SetUp() override {
    set_log_level(CLQ_LOG_INFO);
    while (next_log_line()) {
    }
  }
};

TEST_F(Log, GivesLinesInOrderWithTheirLevel) {
  log_line(CLQ_LOG_WARNING, "12 rows skipped");
  log_line(CLQ_LOG_INFO, "two\nlines");
  log_line(CLQ_LOG_ERROR, "no {format} %v");
  EXPECT_EQ(next_log_line(), "warning: 12 rows skipped");
  EXPECT_EQ(next_log_line(), "info: two lines");
  EXPECT_EQ(next_log_line(), "error: no {format} %v");
  EXPECT_EQ(next_log_line(), std::nullopt);
}

TEST_F(Log, KeepsAThousandLinesAndCountsTheOldestThatWent) {
  for (int i = 0; i < 1003; ++i) log_line(CLQ_LOG_INFO, std::to_string(i));
  EXPECT_EQ(next_log_line(), "warning: 3 older log lines were dropped");
  EXPECT_EQ(next_log_line(), "info: 3");
  int left = 0;
  while (next_log_line()) ++left;
  EXPECT_EQ(left, 999);
}

TEST_F(Log, KeepsOnlyWhatTheLevelAsksFor) {
  set_log_level(CLQ_LOG_ERROR);
  log_line(CLQ_LOG_WARNING, "no");
  log_line(CLQ_LOG_ERROR, "yes");
  EXPECT_EQ(next_log_line(), "error: yes");
  set_log_level(0);
  log_line(CLQ_LOG_ERROR, "no");
  EXPECT_EQ(next_log_line(), std::nullopt);
}

TEST_F(Log, TakesLinesFromManyThreads) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([] {
        for (int i = 0; i < 200; ++i) log_line(CLQ_LOG_INFO, "x");
      });
  }
  int n = 0;
  while (next_log_line()) ++n;
  EXPECT_EQ(n, 800);
}

TEST_F(Log, TakesLinesInAForkedChildWhateverOtherThreadsDid) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer refuses threads after fork";
#endif
  const std::jthread logs([](const std::stop_token& stop) {
    while (!stop.stop_requested()) log_line(CLQ_LOG_INFO, "x");
  });
  for (int i = 0; i < 100; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(20);
      log_line(CLQ_LOG_INFO, "child");
      _exit(0);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0) << "child " << i;
  }
}

}  // namespace
}  // namespace clq

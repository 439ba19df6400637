// tests/core/runtime/team.test.cpp -- every index exactly once, for any team, and no work while idle.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/team.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

using Body = std::function<void(uint32_t i, uint32_t worker)>;

void run(Team& team, uint32_t n, Body body) {
  team.parallel_for(
      n, [](void* arg, uint32_t i, uint32_t worker) { (*static_cast<Body*>(arg))(i, worker); }, &body);
}

class TeamOf : public ::testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Threads, TeamOf, ::testing::Range(1u, 9u));

TEST_P(TeamOf, RunsEveryIndexOnceOnAWorkerOfItsOwn) {
  Team team(GetParam());
  EXPECT_EQ(team.size(), GetParam());
  for (const uint32_t n : {0u, 1u, 2u, 7u, 1000u}) {
    std::vector<std::atomic<int>> seen(n), inside(GetParam());
    run(team, n, [&](uint32_t i, uint32_t worker) {
      ASSERT_LT(worker, GetParam());
      EXPECT_EQ(inside[worker].fetch_add(1), 0);  // nobody else is this worker now
      seen[i].fetch_add(1);
      inside[worker].fetch_sub(1);
    });
    for (const auto& count : seen) EXPECT_EQ(count.load(), 1);
  }
}

TEST_P(TeamOf, ShowsTheCallerWhatItsWorkersWrote) {
  Team team(GetParam());
  for (uint32_t round = 0; round < 3000; ++round) {  // plain memory: the sanitizer would see a missing order
    std::vector<uint32_t> out(round % 17);
    run(team, static_cast<uint32_t>(out.size()), [&](uint32_t i, uint32_t) { out[i] = round + i; });
    for (uint32_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], round + i);
  }
}

TEST_P(TeamOf, RunsNestedLoopsSeriallyInTheirWorker) {
  Team team(GetParam());
  std::atomic<int> total{0};
  run(team, 20, [&](uint32_t, uint32_t outer) {
    const auto thread = std::this_thread::get_id();
    uint32_t next = 0;
    run(team, 5, [&](uint32_t i, uint32_t worker) {
      EXPECT_EQ(i, next++);
      EXPECT_EQ(worker, outer);
      EXPECT_EQ(std::this_thread::get_id(), thread);
      total.fetch_add(1);
    });
  });
  EXPECT_EQ(total.load(), 100);
}

TEST(Team, ServesSeveralCallersOneAfterTheOther) {
  Team team(3);
  std::atomic<uint64_t> sum{0};
  {
    std::vector<std::jthread> callers;
    for (int c = 0; c < 4; ++c)
      callers.emplace_back([&] {
        for (int round = 0; round < 500; ++round) run(team, 10, [&](uint32_t i, uint32_t) { sum.fetch_add(i); });
      });
  }
  EXPECT_EQ(sum.load(), 4u * 500u * 45u);
}

TEST(Team, UsesAllItsThreadsWhenThereIsWork) {
  Team team(2);
  std::atomic<int> waiting{0};
  run(team, 2, [&](uint32_t, uint32_t) {  // ends only if two threads are in here at once
    waiting.fetch_add(1);
    while (waiting.load() < 2) std::this_thread::yield();
  });
  EXPECT_EQ(waiting.load(), 2);
}

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

TEST(Team, SleepsWhileIdle) {
  Team team(8);
  run(team, 100, [](uint32_t, uint32_t) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const double before = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_LT(cpu_seconds() - before, 0.003);  // 1% of one core
}

TEST(Team, BlocksSignalsInItsThreads) {
  Team team(2);
  std::atomic<int> inside{0};
  std::atomic<bool> blocked{false};
  run(team, 2, [&](uint32_t, uint32_t worker) {
    inside.fetch_add(1);
    while (inside.load() < 2) std::this_thread::yield();
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, nullptr, &now);
    if (worker == 1) blocked = sigismember(&now, SIGINT) == 1 && sigismember(&now, SIGTERM) == 1;
    if (worker == 0) {
      EXPECT_EQ(sigismember(&now, SIGINT), 0);
    }
  });
  EXPECT_TRUE(blocked);
}

TEST(Team, StillFinishesALoopAfterFork) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer refuses threads after fork";
#endif
  auto team = std::make_unique<Team>(4);
  run(*team, 10, [](uint32_t, uint32_t) {});
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<int> n{0};
    run(*team, 50, [&](uint32_t, uint32_t) { n.fetch_add(1); });
    team.reset();
    _exit(n.load() == 50 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Team, RefusesAnImpossibleSize) {
  EXPECT_THROW(Team(0), Error);
  EXPECT_THROW(Team(100000), Error);
}

TEST(HostThreads, RunsSeriallyWithoutATeam) {
  const clq_host_threads& table = host_threads_table();
  EXPECT_EQ(table.struct_size, sizeof(clq_host_threads));
  EXPECT_EQ(table.thread_count(nullptr), 1u);
  uint32_t sum = 0;
  table.parallel_for(
      nullptr, 5, [](void* arg, uint32_t i, uint32_t) { *static_cast<uint32_t*>(arg) += i; }, &sum);
  EXPECT_EQ(sum, 10u);
  Team team(2);
  EXPECT_EQ(table.thread_count(team.c()), 2u);
}

}  // namespace
}  // namespace clq

// tests/core/train/sync_mutants.test.cpp -- every wait is needed: without it a device that queues everything gives other bits.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/device.hpp"
#include "toy.hpp"

namespace clq {
namespace {

constexpr int kSeeds = 20;

struct Site { Sync sync; const char* name; };
constexpr Site kSites[] = {{Sync::input_copied, "input_copied"},       {Sync::slot_reused, "slot_reused"},
                           {Sync::slot_returned, "slot_returned"},     {Sync::results_read, "results_read"},
                           {Sync::states_exported, "states_exported"}, {Sync::states_imported, "states_imported"},
                           {Sync::scalars_read, "scalars_read"}};

Json lazy_run() {
  Json run = toy::run(4);
  run["data"]["target"] = "N";
  toy::set(run, "/train/log_every", 1000);
  toy::set(run, "/train/batch", 4);
  toy::set(run, "/train/epochs", 2);
  toy::set(run, "/compute/devices", {"lazy_ref:0"});
  return run;
}

std::string answer_of(const std::string& path) { return toy::read_text(path); }

// Runs Worker.Trains in another process: a wait that is left out may crash it.
std::string run_child(const std::string& out, int seed, int off) {
  const pid_t child = fork();
  if (child == 0) {
    setenv("CLQ_MUTANT_OUT", out.c_str(), 1);
    setenv("CLQ_LAZY_SEED", std::to_string(seed).c_str(), 1);
    setenv("MALLOC_PERTURB_", "165", 1);   // freed memory does not keep its bytes
    if (off >= 0) setenv("CLQ_SYNC_OFF", std::to_string(off).c_str(), 1);
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    dup2(null, 2);
    execl("/proc/self/exe", "test", "--gtest_filter=Worker.Trains", static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  const std::string answer = answer_of(out);
  std::filesystem::remove(out);
  return status == 0 && !answer.empty() ? answer : "crashed";
}

TEST(Worker, Trains) {
  const char* out = std::getenv("CLQ_MUTANT_OUT");
  if (out == nullptr) GTEST_SKIP() << "started by SyncMutants alone";
  alarm(60);
  const auto result = toy::train(lazy_run());
  std::string text = result.hash;
  for (const std::string& row : result.rows) text += "\n" + row;
  toy::write_text(out, text);
}

TEST(SyncMutants, WithEveryWaitTheBitsAreAlwaysTheSame) {
  const toy::Folder folder;
  const std::string wanted = run_child(folder.file("out"), 0, -1);
  ASSERT_NE(wanted, "crashed");
  for (int seed = 1; seed < kSeeds; ++seed) EXPECT_EQ(run_child(folder.file("out"), seed, -1), wanted) << seed;
}

TEST(SyncMutants, WithoutAnyOneWaitTheyAreNot) {
  const toy::Folder folder;
  const std::string wanted = run_child(folder.file("out"), 0, -1);
  ASSERT_NE(wanted, "crashed");
  for (const Site& site : kSites) {
    int other = 0, crashed = 0;
    for (int seed = 0; seed < kSeeds; ++seed) {
      const std::string answer = run_child(folder.file("out"), seed, static_cast<int>(site.sync));
      if (answer == "crashed") ++crashed;
      else other += answer != wanted;
    }
    std::printf("%-16s off: other bits in %d %%, an error or a crash in %d %% of %d orders\n", site.name,
                other * 100 / kSeeds, crashed * 100 / kSeeds, kSeeds);
    EXPECT_GE((other + crashed) * 100, 90 * kSeeds) << site.name;
  }
}

}  // namespace
}  // namespace clq

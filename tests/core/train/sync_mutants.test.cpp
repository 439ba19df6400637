// tests/core/train/sync_mutants.test.cpp -- without any one wait, a device that queues everything gives other bits.
// SPDX-License-Identifier: BSD-3-Clause
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync_sites.hpp"
#include "toy.hpp"

namespace clq {
namespace {

constexpr int kSeeds = 20;
constexpr std::chrono::seconds kChildTime{5};  // one takes less than 0.1 s
constexpr int kMostHung = 5;                   // of a wait: they take long

Json lazy_run() {
  Json run = toy::run(4);
  run["data"]["target"] = "N";
  toy::set(run, "/train/log_every", 1000);
  toy::set(run, "/train/batch", 4);
  toy::set(run, "/train/epochs", 2);
  return run;
}

std::string from_environment(const char* name, const char* absent) {
  const char* text = std::getenv(name);
  return text == nullptr ? absent : text;
}

struct Child {
  std::string device = "cpu_ref:0";
  bool closes = false;
  int seed = 0;
  const char* off = nullptr;  // a wait by name
};

// What it leaves in heap or locks may also keep a child from its end.
int wait_or_kill(pid_t child) {
  const auto end = std::chrono::steady_clock::now() + kChildTime;
  for (int status = 0;;) {
    if (waitpid(child, &status, WNOHANG) == child) return status;
    if (std::chrono::steady_clock::now() > end) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Runs Worker.Trains in another process: a wait that is left out may crash it, or hang it.
std::string run_child(const std::string& out, const Child& c) {
  const pid_t child = fork();
  if (child == 0) {
    setenv("CLQ_MUTANT_OUT", out.c_str(), 1);
    setenv("CLQ_MUTANT_DEVICE", c.device.c_str(), 1);
    setenv("CLQ_LAZY_SEED", std::to_string(c.seed).c_str(), 1);
    setenv("CLQ_LAZY_STRICT", "1", 1);
    setenv("MALLOC_PERTURB_", "165", 1);  // freed memory does not keep its bytes
    if (c.closes) setenv("CLQ_MUTANT_CLOSES", "1", 1);
    if (c.off != nullptr) setenv("CLQ_SYNC_OFF", c.off, 1);
    const rlimit no_core{};
    setrlimit(RLIMIT_CORE, &no_core);
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    dup2(null, 2);
    execl("/proc/self/exe", "test", "--gtest_filter=Worker.Trains", static_cast<char*>(nullptr));
    _exit(127);
  }
  const int status = wait_or_kill(child);
  const std::string answer = toy::read_text(out);
  std::filesystem::remove(out);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return "hung";
  return status == 0 && !answer.empty() ? answer : "crashed";
}

// One whole training; its bits are the answer. CLQ_MUTANT_RUN: JSON that is laid over the run.
TEST(Worker, Trains) {
  const char* out = std::getenv("CLQ_MUTANT_OUT");
  if (out == nullptr) GTEST_SKIP() << "started by SyncMutants alone";
  alarm(60);
  Json run = lazy_run();
  toy::set(run, "/compute/devices", {from_environment("CLQ_MUTANT_DEVICE", "lazy_ref:0")});
  run.merge_patch(Json::parse(from_environment("CLQ_MUTANT_RUN", "{}")));
  if (std::getenv("CLQ_MUTANT_CLOSES") != nullptr) toy::trainer(run, toy::source())->run_steps(5);
  const auto result = toy::train(run);
  std::string text = result.hash;
  for (const std::string& row : result.rows) text += "\n" + row;
  toy::write_text(out, text);
}

TEST(SyncMutants, WithEveryWaitTheBitsAreAlwaysTheSame) {
  const toy::Folder folder;
  const std::string wanted = run_child(folder.file("out"), {});
  ASSERT_NE(wanted, "crashed");
  for (int seed = 0; seed < kSeeds; ++seed)
    for (const char* device : {"lazy_ref:0", "lazy_ref:1"})
      EXPECT_EQ(run_child(folder.file("out"), {device, seed % 2 == 1, seed}), wanted) << device << ", seed " << seed;
}

TEST(SyncMutants, WithoutAnyOneWaitTheyAreNot) {
  const toy::Folder folder;
  const std::string wanted = run_child(folder.file("out"), {});
  ASSERT_NE(wanted, "crashed");
  for (const SyncSite& site : kSyncSites) {
    int other = 0, crashed = 0, hung = 0, tried = 0;
    while (tried < kSeeds && hung < kMostHung) {
      const int seed = tried++;
      const std::string answer = run_child(folder.file("out"), {site.device, site.closes, seed, site.name});
      hung += answer == "hung";
      crashed += answer == "crashed";
      other += answer != "hung" && answer != "crashed" && answer != wanted;
    }
    std::printf("%-16s off on %s: other bits %d, an error or a crash %d, hung %d times in %d orders\n", site.name,
                site.device, other, crashed, hung, tried);
    std::fflush(stdout);
    EXPECT_GE((other + crashed + hung) * 100, 90 * tried) << site.name << " on " << site.device;
  }
}

TEST(SyncSites, AreListed) {
  std::string sites;
  for (const SyncSite& site : kSyncSites)
    sites += fmt::format("{} {} {} ", site.name, site.device, site.closes ? "closes" : "runs");
  RecordProperty("sites", sites);
  EXPECT_FALSE(sites.empty());
}

}  // namespace
}  // namespace clq

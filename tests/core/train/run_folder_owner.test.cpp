// tests/core/train/run_folder_owner.test.cpp -- whose a run folder is: one training's at a time, and no other's before.
// SPDX-License-Identifier: BSD-3-Clause
#include <csignal>

#include <sys/wait.h>

#include "run_folder_fixture.hpp"

namespace clq {
namespace {

// What a training would empty or write over is refused with its name, and stays as it is.
TEST_F(RunFolderTest, ForANewRunHoldsNothingOfAnother) {
  const std::string ended = R"({"end_reason":"epochs done"})", stopped = R"({"end_reason":"stopped"})";
  const std::vector<std::vector<std::pair<std::string, std::string>>> cases = {
      {{"run.toml", "task = 'x'\n"}},
      {{"metrics.csv", "a,b\n"}},
      {{"log.jsonl", "{\"mine\":1}\n"}},
      {{"events.out.tfevents.0000000001.h.1", "mine"}},
      {{"events.out.tfevents.0000000001.h.1", "mine"}, {"log.jsonl", R"({"event":"start"})"}},
      {{"model.safetensors", "mine"}},
      {{"model-last.safetensors", "mine"}, {"run.json", R"({"end_reason":"running"})"}},
      {{"metrics.csv", "a,b\n"}, {"run.json", R"({"end_reason":"running"})"}},  // somebody took its checkpoints away
      {{"run.json", R"({"name":"of another program"})"}},
      {{"run.json", "[1"}},
      {{"run.json", ended}, {"run.toml", "task = 'x'\n"}},  // its checkpoints are gone
      {{"run.json", stopped}, {"log.jsonl", R"({"event":"start"})"}}};
  for (const auto& files : cases) {
    fs::create_directories(path_);
    for (const auto& [name, text] : files) std::ofstream(fs::path(path_) / name) << text;
    try {
      const RunFolder folder(path_, RunFolder::For::new_run);
      ADD_FAILURE() << "no error: " << files.front().first;
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_INVALID);
      EXPECT_EQ(std::string(e.what()).rfind(path_ + " holds ", 0), 0u) << e.what();
    }
    for (const auto& [name, text] : files) EXPECT_EQ(text_of(path_ + "/" + name), text);
    EXPECT_FALSE(fs::exists(path_ + "/checkpoints")) << files.front().first;
    fs::remove_all(path_);
  }
}

TEST_F(RunFolderTest, ForANewRunMayHoldWhatAStartLeftThatWasCutShort) {
  const auto is_taken = [&] { RunFolder(path_, RunFolder::For::new_run).truncate(0, 0, 0); };
  fs::create_directories(path_ + "/checkpoints");
  std::ofstream(path_ + "/notes.txt") << "mine";
  EXPECT_NO_THROW(is_taken());
  std::ofstream(path_ + "/log.jsonl") << R"({"event":"start","time":"now"})";
  EXPECT_NO_THROW(is_taken());
  for (const char* reason : {"running", "diverged", "error: row 7"}) {
    std::ofstream(path_ + "/log.jsonl") << R"({"event":"start","time":"now"})";
    std::ofstream(path_ + "/run.json") << R"({"end_reason":")" << reason << R"("})";
    std::ofstream(path_ + "/events.out.tfevents.0000000001.h.1") << "of it";
    std::ofstream(path_ + "/metrics.csv") << "a,b\n1,2\n";
    EXPECT_NO_THROW(is_taken()) << reason;
    EXPECT_EQ(text_of(path_ + "/metrics.csv"), "");
    EXPECT_FALSE(fs::exists(path_ + "/events.out.tfevents.0000000001.h.1"));
    std::ofstream(path_ + "/run.toml") << "task = 'x'\n";
  }
  EXPECT_EQ(text_of(path_ + "/notes.txt"), "mine");
}

TEST_F(RunFolderTest, GoesAwayWithAStartThatNothingCameOf) {
  const auto start = [&](bool comes_to_something) {
    RunFolder folder(path_, RunFolder::For::new_run);
    folder.append_event({{"event", "start"}});
    folder.write_text("run.json", R"({"end_reason":"running"})");
    folder.write_text("run.toml", "task = 'x'\n");
    std::ofstream(folder.next_event_file()) << "of it";
    if (comes_to_something) folder.keep();
  };
  start(false);
  EXPECT_FALSE(fs::exists(path_));
  fs::create_directories(path_);
  std::ofstream(path_ + "/notes.txt") << "mine";
  start(false);
  for (const char* name : {"log.jsonl", "run.json", "run.toml"}) EXPECT_FALSE(fs::exists(path_ + "/" + name)) << name;
  EXPECT_EQ(text_of(path_ + "/notes.txt"), "mine");
  start(true);
  start(false);  // over what is there: it is not this one's to take away
  for (const char* name : {"log.jsonl", "run.json", "run.toml"}) EXPECT_TRUE(fs::exists(path_ + "/" + name)) << name;
}

TEST_F(RunFolderTest, StaysWhereItIsWhenTheHostGoesElsewhere) {
  const fs::path here = fs::current_path();
  fs::create_directories(path_);
  fs::current_path(path_);
  RunFolder folder("run");
  fs::current_path(here);
  folder.append_metrics({{"a", 1}});
  EXPECT_EQ(text_of(path_ + "/run/metrics.csv"), "a\n1\n");
  EXPECT_EQ(folder.metrics_bytes(), 4);
  EXPECT_FALSE(fs::exists("run"));
}

// Two jobs with one name would write over each other's checkpoints.
TEST_F(RunFolderTest, HasOneUserAtATime) {
  {
    const RunFolder first(path_);
    try {
      const RunFolder second(path_);
      FAIL() << "no error";
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_INVALID);
      EXPECT_EQ(std::string(e.what()), path_ + ": another training is at work in this run folder");
    }
    EXPECT_TRUE(fs::exists(path_ + "/checkpoints"));
  }
  EXPECT_NO_THROW(RunFolder{path_});
}

// The child of a host that forks while it trains outlives it, in a pool of workers for instance.
TEST_F(RunFolderTest, IsFreeAfterAKillWhileAForkedChildLives) {
  int gone[2], begun[2];
  char byte = 0;
  ASSERT_EQ(pipe(gone) + pipe(begun), 0);
  const pid_t host = fork();
  if (host == 0) {
    const RunFolder folder(path_);
    if (fork() == 0) {
      close(gone[1]);
      const bool said = write(begun[1], &byte, 1) == 1;
      _exit(said && read(gone[0], &byte, 1) == 0 ? 0 : 1);  // until the test lets it go
    }
    if (read(begun[0], &byte, 1) == 1) kill(getpid(), SIGKILL);
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(host, &status, 0), host);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_NO_THROW(RunFolder{path_});
  for (const int end : {gone[0], gone[1], begun[0], begun[1]}) close(end);
}

// Nor does a child that ends take lock or folder from its parent.
TEST_F(RunFolderTest, StaysLockedWhenAForkedChildEnds) {
  auto folder = std::make_unique<RunFolder>(path_);
  const pid_t child = fork();
  if (child == 0) {
    folder.reset();
    _exit(0);
  }
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_THROW(RunFolder{path_}, Error);
}

}  // namespace
}  // namespace clq

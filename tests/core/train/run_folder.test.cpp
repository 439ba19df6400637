// tests/core/train/run_folder.test.cpp -- the files of a run: appended, cut, and never half there.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <csignal>
#include <functional>

#include <sys/resource.h>
#include <sys/wait.h>

#include "run_folder_fixture.hpp"
#include "train/atomic_file.hpp"

namespace clq {
namespace {

TEST_F(RunFolderTest, WithoutAPathWritesNothing) {
  RunFolder folder("");
  folder.append_metrics({{"a", 1}});
  folder.write_text("x", "y");
  EXPECT_FALSE(folder);
  EXPECT_FALSE(fs::exists("x"));
}

TEST_F(RunFolderTest, MetricsHaveAHeaderAndExactNumbers) {
  RunFolder folder(path_);
  folder.append_metrics({{"epoch", 1}, {"loss", 0.1}});
  folder.append_metrics({{"epoch", 2}, {"loss", std::nan("")}});
  EXPECT_EQ(text_of(folder.file("metrics.csv")), "epoch,loss\n1,0.1\n2,nan\n");
}

TEST_F(RunFolderTest, IsCutBackToACheckpoint) {
  RunFolder folder(path_);
  folder.append_metrics({{"a", 1}});
  folder.append_event({{"event", "start"}});
  const int64_t metrics = folder.metrics_bytes(), log = folder.log_bytes();
  folder.append_metrics({{"a", 2}});
  folder.append_event({{"event", "late"}});
  folder.truncate(metrics, log, 0);
  EXPECT_EQ(text_of(folder.file("metrics.csv")), "a\n1\n");
  EXPECT_EQ(text_of(folder.file("log.jsonl")), "{\"event\":\"start\"}\n");
  folder.truncate(0, 0, 0);
  folder.append_metrics({{"a", 3}});
  EXPECT_EQ(text_of(folder.file("metrics.csv")), "a\n3\n");
}

// By an editor, or by another program: rows would be cut in two, or joined.
TEST_F(RunFolderTest, AMetricsFileThatWasChangedIsPutAside) {
  const std::string whole = "epoch,loss\n1,0.5\n2,0.25\n", later = "3,0.1\n";
  const std::string changed[] = {"epoch,loss\r\n1,0.5\r\n2,0.25\r\n3,0.1\r\n",
                                 "epoch,loss\n1,0.5\n2,0.2",
                                 "epoch,loss\n1,0.5\n2,0.25",
                                 "epoch,loss,mine\n1,0.5,7\n2,0.25,7\n3,0.1,7\n",
                                 "epoch,loss\n\n1,0.5\n2,0.25\n3,0.1\n",
                                 "hello\n1,0.5\n2,0.25\n3,0.1\n",
                                 "epoch;loss\n1;0.5\n2;0.25\n3;0.1\n"};
  RunFolder folder(path_);
  const std::string path = folder.file("metrics.csv");
  const auto bytes = static_cast<int64_t>(whole.size());
  int aside = 0;
  for (const std::string& text : changed) {
    std::ofstream(path, std::ios::binary) << text;
    folder.truncate(bytes, 0, 0, 2);
    EXPECT_FALSE(fs::exists(path)) << text;
    EXPECT_EQ(text_of(fmt::format("{}.changed.{}", path, ++aside)), text);
  }
  std::ofstream(path, std::ios::binary) << whole << later;
  folder.truncate(bytes, 0, 0, 2);
  EXPECT_EQ(text_of(path), whole);
}

// Another run has the name: nothing of it may be touched.
TEST_F(RunFolderTest, WritesNothingByANameThatIsAnothersByNow) {
  const std::string moved = path_ + "-moved";
  {
    RunFolder folder(path_);
    folder.append_event({{"event", "start"}});
    fs::rename(path_, moved);
    fs::create_directories(path_ + "/checkpoints");
    for (const auto& write : std::vector<std::function<void()>>{[&] {
                                                                  folder.append_event({{"event", "late"}});
                                                                },
                                                                [&] { folder.write_text("run.json", "{}"); },
                                                                [&] {
                                                                  folder.append_metrics({{"a", 1}});
                                                                },
                                                                [&] { folder.file("checkpoints/last.safetensors"); }}) {
      try {
        write();
        ADD_FAILURE() << "it was written";
      } catch (const Error& e) {
        EXPECT_EQ(e.status(), CLQ_E_IO);
        EXPECT_EQ(std::string(e.what()),
                  path_ + ": is not the folder any more in which this run began, nothing more is written");
      }
    }
  }
  EXPECT_TRUE(fs::is_directory(path_ + "/checkpoints"));  // nor is it taken away for being empty
  EXPECT_TRUE(fs::is_empty(path_ + "/checkpoints"));
  EXPECT_EQ(text_of(moved + "/log.jsonl"), "{\"event\":\"start\"}\n");
  fs::remove_all(moved);
}

// One behind the other: what a checkpoint counted stays, what came later goes.
TEST_F(RunFolderTest, CutsTheFilesOfEvents) {
  RunFolder folder(path_);
  const auto events = [&](const std::string& second) { return folder.file("events.out.tfevents." + second + ".h.1"); };
  std::ofstream(events("0000000001")) << "first";
  std::ofstream(events("0000000002")) << "second";
  const int64_t bytes = folder.event_bytes();
  EXPECT_EQ(bytes, 11);
  std::ofstream(events("0000000002"), std::ios::app) << "lost";
  std::ofstream(events("0000000003")) << "lost";
  folder.truncate(0, 0, bytes);
  EXPECT_EQ(text_of(events("0000000001")) + text_of(events("0000000002")), "firstsecond");
  EXPECT_FALSE(fs::exists(events("0000000003")));
}

// A length that cannot be asked for is not 0: to go on from it would throw away what is there.
TEST_F(RunFolderTest, ALengthThatCannotBeFoundIsAnError) {
  RunFolder folder(path_);
  const auto refuses = [&](const std::string& name, auto call) {
    try {
      call();
      ADD_FAILURE() << "no error: " << name;
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_IO);
      EXPECT_EQ(std::string(e.what()).find(folder.file(name) + ": "), 0u) << e.what();
    }
  };
  const std::string events = "events.out.tfevents.0000000001.h.1";
  for (const std::string& name : {std::string("metrics.csv"), std::string("log.jsonl"), events})
    fs::create_symlink(name, folder.file(name));  // to itself
  refuses("metrics.csv", [&] { folder.metrics_bytes(); });
  refuses("metrics.csv", [&] { folder.append_metrics({{"a", 1}}); });
  refuses("log.jsonl", [&] { folder.log_bytes(); });
  refuses(events, [&] { folder.event_bytes(); });
  fs::remove(folder.file("metrics.csv"));
  fs::remove(folder.file("log.jsonl"));
  refuses(events, [&] { folder.truncate(0, 0, 100); });
  EXPECT_TRUE(fs::is_symlink(folder.file(events)));
}

TEST_F(RunFolderTest, AFolderThatCannotBeListedIsAnError) {
  RunFolder folder(path_);
  fs::rename(path_, path_ + "-moved");
  std::ofstream{path_} << "no folder";
  EXPECT_THROW(folder.event_bytes(), Error);
  EXPECT_THROW(folder.next_event_file(), Error);
  fs::remove_all(path_ + "-moved");
}

TEST_F(RunFolderTest, RemovesTemporariesOfTheDeadOnly) {
  fs::create_directories(path_);
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  const std::string dead = path_ + "/m.safetensors.tmp." + host + ".4999999",
                    ours = path_ + "/m.safetensors.tmp." + host + "." + std::to_string(getpid());
  // Of a process before this one that had its number, as in a container: this one has not counted so far.
  const std::string number = ".1000000";
  const std::string elsewhere = path_ + "/m.safetensors.tmp.otherhost.4999999", plain = path_ + "/notes.txt";
  for (const std::string& file : {dead, dead + ".7", ours, ours + ".0", ours + number, elsewhere, plain})
    std::ofstream(file) << "x";
  write_file(path_ + "/counted", "0");
  RunFolder folder(path_);
  for (const std::string& file : {dead, dead + ".7", ours + number}) EXPECT_FALSE(fs::exists(file)) << file;
  EXPECT_TRUE(fs::exists(ours + ".0"));
  for (const std::string& file : {ours, elsewhere, plain}) EXPECT_TRUE(fs::exists(file)) << file;
}

TEST_F(RunFolderTest, AnUncommittedFileLeavesTheOldOne) {
  RunFolder folder(path_);
  folder.write_text("run.toml", "old");
  {
    AtomicFile file(folder.file("run.toml"), 3);
    file.write("new", 3);
  }
  EXPECT_EQ(text_of(folder.file("run.toml")), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(path_), fs::directory_iterator()), 2);  // run.toml and checkpoints
}

TEST_F(RunFolderTest, TwoWritersOfOnePathDoNotMeet) {
  fs::create_directories(path_);
  const std::string path = path_ + "/a";
  AtomicFile first(path, 5);
  first.write("fir", 3);
  AtomicFile second(path, 6);
  second.write("second", 6);
  second.commit();
  EXPECT_EQ(text_of(path), "second");
  first.write("st", 2);
  first.commit();
  EXPECT_EQ(text_of(path), "first");
  EXPECT_EQ(std::distance(fs::directory_iterator(path_), fs::directory_iterator()), 1);
}

// Somebody else's file, or a link to one, under the name of a temporary: passed by, not written to.
TEST_F(RunFolderTest, ATemporaryIsAFileOfItsOwn) {
  fs::create_directories(path_);
  const std::string path = path_ + "/a", next = temporary_name(path);
  const size_t at = next.rfind('.') + 1;
  const auto number = std::stoll(next.substr(at));
  std::ofstream(path_ + "/precious") << "kept";
  fs::create_symlink("precious", next.substr(0, at) + std::to_string(number + 1));
  std::ofstream(next.substr(0, at) + std::to_string(number + 2)) << "left behind";
  write_file(path, "whole");
  EXPECT_EQ(text_of(path), "whole");
  EXPECT_EQ(text_of(path_ + "/precious"), "kept");
}

TEST_F(RunFolderTest, AFullDiskIsSaidBeforeTheOldFileIsTouched) {
  RunFolder folder(path_);
  folder.write_text("a", "old");
  try {
    AtomicFile file(folder.file("a"), int64_t{1} << 60);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_NOSPACE) << e.what();
  }
  EXPECT_EQ(text_of(folder.file("a")), "old");
}

TEST_F(RunFolderTest, GoesAwayWhenNothingWasWritten) {
  { const RunFolder folder(path_); }
  EXPECT_FALSE(fs::exists(path_));
  fs::create_directories(path_);
  { const RunFolder folder(path_); }
  EXPECT_TRUE(fs::is_empty(path_));  // it was there before
  { RunFolder(path_).append_event({{"event", "start"}}); }
  EXPECT_EQ(text_of(path_ + "/log.jsonl"), "{\"event\":\"start\"}\n");
  EXPECT_TRUE(fs::exists(path_ + "/checkpoints"));
}

// Beyond the limit a write sends SIGXFSZ, which would end the host.
TEST_F(RunFolderTest, AFileSizeLimitIsAnErrorNotASignal) {
  RunFolder folder(path_);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{10, 10};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      folder.append_event({{"event", "start"}});
    } catch (const Error& e) {
      _exit(e.status() == CLQ_E_NOSPACE ? 0 : 2);
    }
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_FALSE(fs::exists(folder.file("log.jsonl")));
}

TEST(RunFolder, ThatCannotBeMadeIsNamed) { EXPECT_THROW(RunFolder("/proc/nowhere/run"), Error); }

}  // namespace
}  // namespace clq

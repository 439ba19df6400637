// tests/core/config/run_file_errors.test.cpp -- what a wrong run file is told, word for word.
// SPDX-License-Identifier: BSD-3-Clause
#include <csignal>
#include <cstdlib>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "config/run_file.hpp"
#include "support/other_locale.hpp"

namespace clq {
namespace {

std::string words_for(const std::string& text) {
  try {
    RunFile::parse(text, "run.toml");
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_INVALID);
    return e.what();
  }
  return "accepted";
}

std::string words_for_set(const std::string& key, const std::string& value) {
  RunFile file;
  try {
    file.set(key, value);
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_INVALID);
    return e.what();
  }
  return "accepted";
}

struct Wrong {
  const char* text;
  const char* words;
};

TEST(RunFileErrors, SayKeyValueAndWhatWouldBeRight) {
  const Wrong wrong[] = {
      {"[train]\nepoch = 3", "train.epoch is unknown, did you mean 'train.epochs'? (run.toml:2)"},
      {"epochs = 3", "epochs is unknown, did you mean 'train.epochs'? (run.toml:1)"},
      {"[trian]\nepochs = 3", "trian is unknown, did you mean 'train'? (run.toml:1)"},
      {"[data]\ncutouts = 'cut.fits'", "data.cutouts is unknown (run.toml:2)"},
      {"[train]\nepochs = 'many'", "train.epochs must be an integer, got \"many\" (run.toml:2)"},
      {"[train]\nepochs = 3.5", "train.epochs must be an integer, got 3.5 (run.toml:2)"},
      {"[train]\nepochs = 0", "train.epochs must be at least 1, got 0 (run.toml:2)"},
      {"[train]\n\nbatch = -1", "train.batch must be at least 1, got -1 (run.toml:3)"},
      {"[split]\ntest = 1.5", "split.test must be from 0 to 1, got 1.5 (run.toml:2)"},
      {"'train.epochs' = 3", "train.epochs is one quoted key, write train.epochs without quotes (run.toml:1)"},
      {"train = 3", "train must be a table, got 3 (run.toml:1)"},
      {"[data]\nscalars = ['a', 3]", "data.scalars must be a list of texts, got [\"a\",3] (run.toml:2)"},
      {"[data]\nnull = -99", "data.null must be a list of numbers, got -99 (run.toml:2)"},
      {"[data]\non_bad = 'ignore'", "data.on_bad must be \"error\" or \"skip\", got \"ignore\" (run.toml:2)"},
      {"[data]\non_bad = { stop_after = -1 }", "data.on_bad.stop_after must be at least 0, got -1 (run.toml:2)"},
      {"[data]\non_bad = { after = 1 }",
       "data.on_bad.after is unknown, did you mean 'data.on_bad.stop_after'? (run.toml:2)"},
      {"[data]\nhdu = true", "data.hdu must be an integer or a text, got true (run.toml:2)"},
      {"[train]\noptimizer = 'sgd'", "train.optimizer must be a table, got \"sgd\" (run.toml:2)"},
      {"[train]\noptimizer = { lr = 0.0 }", "train.optimizer.lr must be above 0, got 0.0 (run.toml:2)"},
      {"[train]\nschedule = { name = 'linear' }",
       "train.schedule.name must be \"constant\" or \"cosine\" or \"step\" or \"multistep\" or \"exponential\" or "
       "\"one_cycle\" or \"reduce_on_plateau\", got \"linear\" (run.toml:2)"},
      {"[compute]\nprecision = 'bf16'",
       "compute.precision must be \"f32\" or \"f32-strict\", got \"bf16\" (run.toml:2)"},
      {"[compute]\ndeterministic = 1", "compute.deterministic must be true or false, got 1 (run.toml:2)"},
      {"[compute]\nthreads = 0", "compute.threads must be from 1 to 1024, got 0 (run.toml:2)"},
      {"transform = { use = 'clip' }", "transform must be a list of tables, got {\"use\":\"clip\"} (run.toml:1)"},
      {"[train]\nclip_norm = inf", "train.clip_norm must be a finite number (run.toml:2)"},
      {"[data]\nid = 2024-01-01", "data.id must not be a date or time, write it as a text (run.toml:2)"},
  };
  for (const Wrong& w : wrong) EXPECT_EQ(words_for(w.text), w.words) << w.text;
}

TEST(RunFileErrors, PointToLineAndColumnOfASyntaxError) {
  const std::string words = words_for("[train]\nepochs = = 3\n");
  EXPECT_EQ(words.substr(0, 14), "run.toml:2:10:") << words;
  EXPECT_EQ(words.find('\n'), std::string::npos) << words;
  EXPECT_EQ(words_for("[train]\nseed = 1\nseed = 2\n").substr(0, 11), "run.toml:3:");
  EXPECT_EQ(words_for("a = \"\xff\"").substr(0, 9), "run.toml:");
}

// Of so many tables one in the other a stack is full.
TEST(RunFileErrors, EndAtAKeyOfTooManyParts) {
  std::string deep = "a";
  for (int i = 0; i < 100000; ++i) deep += i % 2 == 0 ? ".a" : " . \"a\"";
  EXPECT_EQ(words_for("\n" + deep + " = 1"), "run.toml:2: a key has more than 16 parts");
  EXPECT_EQ(words_for("[" + deep + "]"), "run.toml:1: a key has more than 16 parts");
  EXPECT_EQ(words_for("[data]\nid = '''\n''' # it's\nderived = { " + deep + " = 1 }"),
            "run.toml:4: a key has more than 16 parts");
  EXPECT_EQ(words_for_set("model.parameters", "{ " + deep + " = 1 }").substr(0, 32),
            "model.parameters must be a table");
  const std::string dots(100, '.');
  EXPECT_EQ(words_for("# " + dots + "\n[data]\nid = \"\\\"" + dots + "\"\nwhere = '''\n" + dots + "'''\nnull = [1.5, " +
                      "1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]"),
            "accepted");
}

TEST(RunFileErrors, NameTheCommandLineAndTheEnvironment) {
  EXPECT_EQ(words_for_set("train.epoch", "3"), "train.epoch is unknown, did you mean 'train.epochs'? (command line)");
  EXPECT_EQ(words_for_set("train.epochs", "many"), "train.epochs must be an integer, got \"many\" (command line)");
  EXPECT_EQ(words_for_set("", "3"), " is unknown (command line)");
  EXPECT_EQ(words_for_set("train", "3"), "train must be a table, got 3 (command line)");
  EXPECT_EQ(words_for_set("data.id", "\xff"), "a key and its value must be UTF-8 (command line)");
  EXPECT_EQ(words_for_set("data.id", std::string(12, static_cast<char>(0xad))),
            "a key and its value must be UTF-8 (command line)");
  setenv("CLQ_TRAIN_EPOCHS", "none", 1);
  EXPECT_EQ(words_for(""), "train.epochs must be an integer, got \"none\" (environment CLQ_TRAIN_EPOCHS)");
  unsetenv("CLQ_TRAIN_EPOCHS");
  setenv("CLQ_TRAIN_EPOCH", "3", 1);
  EXPECT_EQ(words_for(""), "environment variable CLQ_TRAIN_EPOCH is unknown, did you mean 'CLQ_TRAIN_EPOCHS'?");
  unsetenv("CLQ_TRAIN_EPOCH");
  setenv("CLQ_HOME", "/", 1);
  EXPECT_EQ(words_for(""), "accepted");
  unsetenv("CLQ_HOME");
}

// A Turkish toupper("i") is not "I".
TEST(RunFileErrors, NameTheEnvironmentInATurkishHost) {
  const test::OtherLocale turkish("tr_TR");
  if (!turkish.is_set()) GTEST_SKIP() << "localedef makes no locale tr_TR.UTF-8 here";
  setenv("CLQ_TRAIN_EPOCHS", "none", 1);
  const std::string words = words_for("");
  unsetenv("CLQ_TRAIN_EPOCHS");
  EXPECT_EQ(words, "train.epochs must be an integer, got \"none\" (environment CLQ_TRAIN_EPOCHS)");
}

TEST(RunFileErrors, SayWhichFileIsMissing) {
  try {
    RunFile::load("/nowhere/run.toml");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_NOT_FOUND);
    EXPECT_STREQ(e.what(), "/nowhere/run.toml: no such file");
  }
  EXPECT_THROW(RunFile::load("/tmp"), Error);
}

clq_status status_of_load(const std::string& path) {
  try {
    RunFile::load(path);
  } catch (const Error& e) {
    return e.status();
  }
  return CLQ_OK;
}

TEST(RunFileErrors, SayWhichFileCannotBeRead) { EXPECT_EQ(status_of_load("/proc/self/mem"), CLQ_E_IO); }

TEST(RunFileErrors, EndAPipeThatGivesTooMuch) {
  const std::string pipe = ::testing::TempDir() + "clq_endless_" + std::to_string(getpid());
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::signal(SIGPIPE, SIG_IGN);
  std::thread writer([&] {
    const int file = open(pipe.c_str(), O_WRONLY);
    const std::string comment(1 << 20, '#');
    for (int i = 0; i < 20 && write(file, comment.data(), comment.size()) > 0; ++i) {
    }
    close(file);
  });
  const clq_status status = status_of_load(pipe);
  writer.join();
  unlink(pipe.c_str());
  EXPECT_EQ(status, CLQ_E_INVALID);
}

TEST(RunFileErrors, RefuseDefaultsOfATaskThatMakeNoSense) {
  RunFile file;
  EXPECT_THROW(file.add_defaults({{"train", {{"epoch", 3}}}}, "task x"), Error);
  EXPECT_THROW(file.add_defaults(Json::array(), "task x"), Error);
}

}  // namespace
}  // namespace clq

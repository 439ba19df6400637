// tests/core/config/run_file.test.cpp -- what counts, where it came from, and that nothing changes on the way.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/run_file.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clq {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kRun = R"(task = "regression"
[data]
catalog = "cat.fits"
scalars = ["MAG_*", "EBV"]
target = "Z"
where = "Z > 0.002 && NAME != \"a\\b\""
null = [-99, 99.5, 1e300]
on_bad = { stop_after = 100 }
[[transform]]
use = "standardise"
fields = ["EBV"]
[[model.layer]]
use = "dense"
units = 64
[[model.layer]]
use = "dense"
[train]
epochs = 40
optimizer = { name = "adamw", lr = 1, weight_decay = 1e-4 }
)";

class Environment {  // one variable, for the life of this object
 public:
  Environment(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Environment() { unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
};

TEST(RunFile, KeepsValuesAndTypes) {
  const Json run = RunFile::parse(kRun, "run.toml").resolved().json();
  EXPECT_EQ(run["train"]["epochs"], 40);
  EXPECT_TRUE(run["train"]["optimizer"]["lr"].is_number_integer());  // 1 stays 1
  EXPECT_EQ(run["data"]["null"], Json({-99, 99.5, 1e300}));
  EXPECT_TRUE(run["data"]["null"][0].is_number_integer());
  EXPECT_EQ(run["data"]["where"], "Z > 0.002 && NAME != \"a\\b\"");
  EXPECT_EQ(run["data"]["on_bad"], Json({{"stop_after", 100}}));
  EXPECT_EQ(run["model"]["layer"].size(), 2u);
  EXPECT_EQ(run["transform"][0]["use"], "standardise");
}

TEST(RunFile, WritesOutEveryDefault) {
  const Json run = RunFile::parse("", "run.toml").resolved().json();
  for (const KeySpec& spec : run_file_keys()) {
    if (spec.absent == nullptr) continue;
    std::string pointer = fmt::format("/{}", spec.key);
    for (char& c : pointer) c = c == '.' ? '/' : c;
    EXPECT_TRUE(run.contains(Json::json_pointer(pointer))) << spec.key;
  }
}

TEST(RunFile, TakesTheBatchAsMicroBatch) {
  RunFile file = RunFile::parse("train.batch = 48", "run.toml");
  EXPECT_EQ(file.get("train.micro_batch"), 48);
  file.set("compute.devices", "[\"cpu\", \"cpu\"]");  // a replica's share
  EXPECT_EQ(file.get("train.micro_batch"), 24);
  file.set("train.micro_batch", "16");
  EXPECT_EQ(file.get("train.micro_batch"), 16);
}

// However many keys stand beside it: the sanitizers would tell of one that is read where it no longer is.
TEST(RunFile, TakesTheMicroBatchFromTheBatchInATableOfAnySize) {
  const char* keys[] = {"batch = 48",      "epochs = 3",    "clip_norm = 1.5",        "patience = 2",     "seed = 4",
                        "monitor = \"a\"", "log_every = 5", "checkpoint_minutes = 1", "init_from = \"b\""};
  std::string text = "[train]\n";
  for (const char* key : keys) {
    text += key + std::string("\n");
    for (const char* more : {"", "optimizer = { name = \"sgd\" }\n", "schedule = { name = \"cosine\" }\n"})
      EXPECT_EQ(RunFile::parse(text + more, "run.toml").get("train.micro_batch"), 48) << text << more;
  }
}

TEST(RunFile, ParsesItsOwnDumpToIdenticalValues) {
  const RunFile file = RunFile::parse(kRun, "run.toml");
  for (const bool with_origin : {false, true}) {
    const std::string text = file.dump(with_origin);
    const RunFile again = RunFile::parse(text, "again.toml");
    EXPECT_EQ(again.resolved().json(), file.resolved().json()) << text;
    EXPECT_EQ(again.dump(false), file.dump(false));
  }
}

TEST(RunFile, WritesTextsThatNeedEscapes) {
  RunFile file;
  for (const std::string text :
       {"quote \" slash \\", "tab\t newline\n bell\a", "\u00e9\u4e2d", "#", "", "'''", "x = 1"}) {
    file.set("data.where", text);
    EXPECT_EQ(file.get("data.where"), text);
    EXPECT_EQ(RunFile::parse(file.dump(true), "again").get("data.where"), text);
  }
}

TEST(RunFile, WritesNumbersThatReadBackToTheSameBits) {
  RunFile file;
  for (const double number : {0.1, 1.0 / 3, 1e-300, 5e-324, 1.7976931348623157e308, 100.0, 1e22}) {
    file.set("train.clip_norm", fmt::format("{:.17e}", number));
    const Json again = RunFile::parse(file.dump(false), "again").get("train.clip_norm");
    EXPECT_EQ(again.get<double>(), number);
    EXPECT_TRUE(again.is_number_float());
  }
}

TEST(RunFile, NamesTheOriginOfEachValue) {
  RunFile file = RunFile::parse(kRun, "run.toml");
  file.set("train.batch", "64");
  file.add_defaults({{"model", {{"loss", {{"use", "mse"}}}}}}, "task regression");
  const std::string text = file.dump(true);
  EXPECT_THAT(text, testing::ContainsRegex("epochs = 40 +# file run.toml:18\n"));
  EXPECT_THAT(text, testing::ContainsRegex("batch = 64 +# command line\n"));
  EXPECT_THAT(text, testing::ContainsRegex("patience = 0 +# default\n"));
  EXPECT_THAT(text, testing::ContainsRegex("loss.use = \"mse\" +# task regression\n"));
  EXPECT_THAT(text, testing::ContainsRegex("micro_batch = 64 +# default: train.batch\n"));
  EXPECT_THAT(text, testing::ContainsRegex("\\[\\[model.layer\\]\\] +# file run.toml:12\n"));
  EXPECT_THAT(file.dump(false), Not(HasSubstr("#")));
}

TEST(RunFile, PutsCommandLineBeforeEnvironmentBeforeFileBeforeTask) {
  const Json task = {{"train", {{"epochs", 5}, {"seed", 5}, {"batch", 5}, {"patience", 5}}}};
  const Environment epochs("CLQ_TRAIN_EPOCHS", "3"), seed("CLQ_TRAIN_SEED", "3");
  RunFile file = RunFile::parse("train = { epochs = 4, seed = 4, batch = 4 }", "run.toml");
  file.add_defaults(task, "task");
  file.set("train.epochs", "2");
  EXPECT_EQ(file.get("train.epochs"), 2);
  EXPECT_EQ(file.get("train.seed"), 3);
  EXPECT_EQ(file.get("train.batch"), 4);
  EXPECT_EQ(file.get("train.patience"), 5);
  EXPECT_EQ(file.get("train.log_every"), 50);
  EXPECT_THAT(file.dump(true), testing::ContainsRegex("seed = 3 +# environment CLQ_TRAIN_SEED\n"));
}

TEST(RunFile, ReadsOverridesAsTomlElseAsText) {
  RunFile file;
  file.set("data.catalog", "dir/cat.fits");
  EXPECT_EQ(file.get("data.catalog"), "dir/cat.fits");
  file.set("data.catalog", "2024");  // a text key takes it as a text
  EXPECT_EQ(file.get("data.catalog"), "2024");
  file.set("data.null", "[-99, 1.5]");
  EXPECT_EQ(file.get("data.null"), Json({-99, 1.5}));
  file.set("compute.devices", "cpu_ref:0");  // one text is a list of one
  EXPECT_EQ(file.get("compute.devices"), Json::array({"cpu_ref:0"}));
  file.set("compute.deterministic", "true");
  EXPECT_EQ(file.get("compute.deterministic"), true);
  file.set("train.optimizer", "{ name = 'sgd', momentum = 0.9 }");
  EXPECT_EQ(file.get("train.optimizer.momentum"), 0.9);
  file.set("train.optimizer.nesterov", "true");
  EXPECT_EQ(file.get("train.optimizer.nesterov"), true);
  file.set("data.on_bad", "skip");
  file.set("data.on_bad.stop_after", "3");
  EXPECT_EQ(file.get("data.on_bad"), Json({{"stop_after", 3}}));
  file.set("data.on_bad", "skip");
  EXPECT_EQ(file.get("data.on_bad"), "skip");
  file.set("data.on_bad", "{ stop_after = 4 }");
  EXPECT_EQ(file.get("data.on_bad"), Json({{"stop_after", 4}}));
}

TEST(RunFile, LeavesATasksParametersToTheTasksOwnLoss) {
  const Json task = {{"model", {{"loss", {{"use", "softmax_cross_entropy"}, {"label_smoothing", 0.1}}}}}};
  RunFile same = RunFile::parse("[model.loss]\nuse = 'softmax_cross_entropy'", "run.toml");
  same.add_defaults(task, "task photoz");
  EXPECT_EQ(same.get("model.loss.label_smoothing"), 0.1);
  RunFile other = RunFile::parse("[model.loss]\nuse = 'crps'", "run.toml");
  other.add_defaults(task, "task photoz");
  EXPECT_EQ(other.get("model.loss"), Json({{"use", "crps"}}));
}

TEST(RunFile, ChangesNothingWhenSetFails) {
  RunFile file = RunFile::parse("train.epochs = 7", "run.toml");
  EXPECT_THROW(file.set("train.epochs", "many"), Error);
  EXPECT_EQ(file.get("train.epochs"), 7);
}

TEST(RunFile, LoadsAFileAndNamesItsLines) {
  const std::string path = testing::TempDir() + "clq_run_file_test.toml";
  std::ofstream(path) << "\n\n[train]\nepochs = 12\n";
  const RunFile file = RunFile::load(path);
  EXPECT_EQ(file.path(), path);
  EXPECT_THAT(file.dump(true), HasSubstr("# file " + path + ":4\n"));
}

}  // namespace
}  // namespace clq

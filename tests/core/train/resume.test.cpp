// tests/core/train/resume.test.cpp -- a run that was stopped anywhere goes on to the same bits.
// SPDX-License-Identifier: BSD-3-Clause
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

Json short_run() {
  Json run = toy::run(4);
  toy::set(run, "/train/epochs", 3);
  toy::set(run, "/train/schedule", {{"name", "cosine"}, {"warmup", 0.1}});
  run["data"]["target"] = "N";
  return run;
}

struct Left {
  std::string best, last, metrics;
};

Left left_in(const std::string& folder) {
  return {toy::read_text(folder + "/model.safetensors"), toy::read_text(folder + "/model-last.safetensors"),
          toy::metrics_without_seconds(folder)};
}

void expect_same(const Left& a, const Left& b, const std::string& what) {
  EXPECT_TRUE(a.best == b.best) << what;
  EXPECT_TRUE(a.last == b.last) << what;
  EXPECT_EQ(a.metrics, b.metrics) << what;
}

void run_to_end(Trainer& trainer) {
  while (!trainer.run_for(10)) {
  }
}

// A constant schedule: any other is another function of the step where there are more of them.
TEST(Resume, OfAFinishedRunGoesOnToMoreEpochs) {
  Json run = short_run();
  toy::set(run, "/train/schedule", {{"name", "constant"}});
  const toy::Folder grown, whole;
  run_to_end(*toy::trainer(run, toy::source(), grown.path()));
  toy::write_text(grown.path() + "/run.toml", "[train]\nepochs = 5\n");
  auto trainer = Trainer::resume(grown.path(), toy::source(), toy::registry());
  EXPECT_EQ(trainer->get("epoch"), 3);
  run_to_end(*trainer);
  trainer.reset();
  toy::set(run, "/train/epochs", 5);
  run_to_end(*toy::trainer(run, toy::source(), whole.path()));
  expect_same(left_in(grown.path()), left_in(whole.path()), "five epochs");
  toy::write_text(grown.path() + "/run.toml", "[data]\nepochs = 4\n[train]\nepochs = 4  # four\n");
  EXPECT_EQ(Trainer::resume(grown.path(), toy::source(), toy::registry())->get("epoch"), 5);
  EXPECT_THROW(Trainer::resume(grown.path(), toy::source(), toy::registry(), 4), Error);
  EXPECT_EQ(Trainer::resume(grown.path(), toy::source(), toy::registry(), 12)->get("epochs"), 12);
  EXPECT_EQ(toy::read_text(grown.path() + "/run.toml"), "[data]\nepochs = 4\n[train]\nepochs = 12  # four\n");
  toy::write_text(grown.path() + "/run.toml", "train = 4\n");
  EXPECT_EQ(Trainer::resume(grown.path(), toy::source(), toy::registry())->get("epochs"), 5);
}

TEST(Resume, GivesTheSameBitsFromEveryStep) {
  const toy::Folder whole;
  const auto undisturbed = toy::trainer(short_run(), toy::source(), whole.path());
  const auto steps = static_cast<int64_t>(undisturbed->get("steps"));
  run_to_end(*undisturbed);
  const Left wanted = left_in(whole.path());
  ASSERT_FALSE(wanted.best.empty());
  for (int64_t k = 1; k < steps; ++k) {
    const toy::Folder cut;
    {
      const auto trainer = toy::trainer(short_run(), toy::source(), cut.path());
      trainer->run_steps(k);
      trainer->stop();
      EXPECT_FALSE(trainer->run_for(10));
    }
    const auto trainer = Trainer::resume(cut.path(), toy::source(), toy::registry());
    EXPECT_EQ(trainer->get("step"), static_cast<double>(k));
    run_to_end(*trainer);
    expect_same(left_in(cut.path()), wanted, "stopped at step " + std::to_string(k));
  }
}

TEST(Resume, CutsWhatWasWrittenAfterTheCheckpoint) {
  const toy::Folder whole, cut;
  run_to_end(*toy::trainer(short_run(), toy::source(), whole.path()));
  {
    const auto trainer = toy::trainer(short_run(), toy::source(), cut.path());
    trainer->run_steps(5);
    trainer->checkpoint();
    trainer->run_steps(15);  // past an epoch's end: a row is written that the checkpoint does not know
  }
  const auto trainer = Trainer::resume(cut.path(), toy::source(), toy::registry());
  EXPECT_EQ(trainer->get("step"), 5);
  run_to_end(*trainer);
  expect_same(left_in(cut.path()), left_in(whole.path()), "cut");
}

TEST(Resume, SurvivesAKill) {
  const toy::Folder whole;
  Json run = short_run();
  toy::set(run, "/train/checkpoint_minutes", 0.0);
  run_to_end(*toy::trainer(run, toy::source(), whole.path()));
  for (const int64_t step : {12, 23, 31}) {
    const toy::Folder cut;
    const pid_t child = fork();
    if (child == 0) {
      const auto trainer = toy::trainer(run, toy::source(), cut.path());
      trainer->run_steps(step);
      kill(getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto trainer = Trainer::resume(cut.path(), toy::source(), toy::registry());
    EXPECT_GT(trainer->get("step"), 0);
    run_to_end(*trainer);
    expect_same(left_in(cut.path()), left_in(whole.path()), "killed at step " + std::to_string(step));
  }
}

constexpr const char* kRunToml =
    "task = 'regression'\n[data]\nid = 'ID'\nscalars = ['A', 'B']\ntarget = 'N'\n[[model.layer]]\nuse = 'dense'\n"
    "[train]\nepochs = 2\n[compute]\ndevices = ['cpu_ref:0']\nthreads = 1\n";

TEST(Resume, BeginsAgainWhereNoCheckpointWasWritten) {
  const toy::Folder folder;
  toy::write_text(folder.file("run.toml"), kRunToml);
  toy::write_text(folder.file("run.json"), "{\"end_reason\":\"running\"}");
  toy::write_text(folder.file("metrics.csv"), "what a killed run left\n");
  const auto trainer = Trainer::resume(folder.path(), toy::source(), toy::registry());
  EXPECT_EQ(trainer->get("step"), 0);
  run_to_end(*trainer);
  EXPECT_EQ(toy::read_text(folder.file("metrics.csv")).substr(0, 6), "epoch,");
}

// The environment of today is not that of its start, which run.toml has written down.
TEST(Resume, BeginsAgainWithTheValuesOfItsStart) {
  const toy::Folder folder;
  toy::write_text(folder.file("run.toml"), kRunToml);
  toy::write_text(folder.file("run.json"), "{\"end_reason\":\"running\"}");
  setenv("CLQ_TRAIN_BATCH", "64", 1);
  setenv("CLQ_TRAIN_EPOCHS", "9", 1);
  const auto trainer = Trainer::resume(folder.path(), toy::source(), toy::registry());
  unsetenv("CLQ_TRAIN_BATCH");
  unsetenv("CLQ_TRAIN_EPOCHS");
  EXPECT_EQ(trainer->run().child("train").get<int64_t>("batch", 0), 32);
  EXPECT_EQ(trainer->get("epochs"), 2);
}

// A run file that somebody wrote beside metrics of his own, and a run that ended and lost its checkpoints.
TEST(Resume, DoesNotBeginAgainOverWhatNoCutRunLeft) {
  const toy::Folder folder;
  toy::write_text(folder.file("run.toml"), kRunToml);
  toy::write_text(folder.file("metrics.csv"), "mine\n");
  for (const char* run : {"", "{\"end_reason\":\"epochs done\"}", "{\"end_reason\":\"stopped\"}"}) {
    if (*run != 0) toy::write_text(folder.file("run.json"), run);
    try {
      Trainer::resume(folder.path(), toy::source(), toy::registry());
      FAIL() << "no error";
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_INVALID);
      EXPECT_THAT(e.what(), testing::HasSubstr("holds no run to go on with"));
    }
    EXPECT_EQ(toy::read_text(folder.file("metrics.csv")), "mine\n");
  }
}

TEST(Resume, OfAFolderThatIsNotThereMakesNone) {
  const toy::Folder folder;
  EXPECT_THROW(Trainer::resume(folder.file("none/run"), toy::source(), toy::registry()), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// Another training writes a newer checkpoint over the one that is read.
TEST(Resume, ReadsNothingWhileAnotherTrainingIsAtWork) {
  const toy::Folder folder;
  auto trainer = toy::trainer(short_run(), toy::source(), folder.path());
  trainer->run_steps(3);
  trainer->checkpoint();
  toy::write_text(folder.file("checkpoints/last.safetensors"), "torn");
  try {
    Trainer::resume(folder.path(), toy::source(), toy::registry());
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("another training is at work"));
  }
}

TEST(Resume, GoesOnInItsFolderWhenTheHostGoesElsewhere) {
  const std::filesystem::path here = std::filesystem::current_path();
  const toy::Folder folder;
  auto trainer = toy::trainer(short_run(), toy::source(), folder.file("run"));
  trainer->run_steps(3);
  trainer->checkpoint();
  trainer.reset();
  std::filesystem::current_path(folder.path());
  trainer = Trainer::resume("run", toy::source(), toy::registry());
  std::filesystem::current_path(here);
  run_to_end(*trainer);
  EXPECT_TRUE(std::filesystem::exists(folder.file("run/model-last.safetensors")));
  EXPECT_FALSE(std::filesystem::exists("checkpoints"));
}

std::string all_log_lines() {
  std::string text;
  while (const auto line = next_log_line()) text += *line + "\n";
  return text;
}

// On another device the last digits are others; older checkpoints do not know theirs.
TEST(Resume, SaysWhereItGoesOnElsewhere) {
  const toy::Folder folder;
  auto trainer = toy::trainer(short_run(), toy::source(), folder.path());
  trainer->run_steps(3);
  trainer->checkpoint();
  trainer.reset();
  const std::string last = folder.file("checkpoints/last.safetensors");
  const TensorFile good = read_tensor_file(last);
  const auto warning = [&](const Json& patch) {
    TensorFile file = good;
    Json head = Json::parse(file.metadata["calanque"]);
    head.merge_patch(patch);
    file.metadata["calanque"] = head.dump();
    write_tensor_file(last, file);
    all_log_lines();
    Trainer::resume(folder.path(), toy::source(), toy::registry());
    const std::string lines = all_log_lines();
    const size_t at = lines.find("warning: ");
    return at == std::string::npos ? "" : lines.substr(at, lines.find('\n', at) - at);
  };
  const Json made = Json::parse(read_tensor_file(last).metadata["calanque"])["made_with"];
  EXPECT_EQ(made["devices"], Json({"cpu_ref:0"}));
  EXPECT_EQ(made["plugins"].size(), 1u);
  const auto version = made["plugins"]["org.calanque.cpu-ref"].get<std::string>();
  EXPECT_EQ(warning(Json::object()), "");
  EXPECT_EQ(warning({{"made_with", nullptr}}), "");
  EXPECT_THAT(warning({{"run", {{"compute", {{"devices", {"lazy_ref:1"}}}}}}}),
              testing::HasSubstr("computed on cpu_ref:0, now on lazy_ref:1; with org.calanque.cpu-ref " + version +
                                 ", now none; with "));
  EXPECT_THAT(warning({{"made_with", {{"plugins", {{"org.calanque.cpu-ref", "0.0.1"}, {"org.gone", "2"}}}}}}),
              testing::HasSubstr("computed with org.calanque.cpu-ref 0.0.1, now " + version +
                                 "; with org.gone 2, now none: the run goes on"));
}

TEST(Resume, OfAFinishedRunChangesNothing) {
  const toy::Folder folder;
  run_to_end(*toy::trainer(short_run(), toy::source(), folder.path()));
  const Left wanted = left_in(folder.path());
  const auto trainer = Trainer::resume(folder.path(), toy::source(), toy::registry());
  EXPECT_TRUE(trainer->run_for(1));
  EXPECT_EQ(trainer->end_reason(), "epochs done");
  EXPECT_EQ(trainer->model().hash(), load_bundle(folder.file("model.safetensors"), toy::registry())->hash());
  expect_same(left_in(folder.path()), wanted, "finished");
}

TEST(Resume, RefusesOtherData) {
  const toy::Folder folder;
  auto trainer = toy::trainer(short_run(), toy::source(), folder.path());
  trainer->run_steps(3);
  trainer->checkpoint();
  trainer.reset();  // the run folder is free
  try {
    Trainer::resume(folder.path(), toy::source(241), toy::registry());
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_DATA);
    EXPECT_THAT(e.what(), testing::HasSubstr("fingerprint"));
  }
}

TEST(Resume, WithMicroBatchesGivesTheSameBits) {
  Json run = short_run();
  toy::set(run, "/train/micro_batch", 4);
  const toy::Folder whole, cut;
  run_to_end(*toy::trainer(run, toy::source(), whole.path()));
  {
    const auto trainer = toy::trainer(run, toy::source(), cut.path());
    trainer->run_steps(14);
    trainer->stop();
    trainer->run_for(1);
  }
  run_to_end(*Trainer::resume(cut.path(), toy::source(), toy::registry()));
  expect_same(left_in(cut.path()), left_in(whole.path()), "micro-batches");
}

}  // namespace
}  // namespace clq

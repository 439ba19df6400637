// tests/core/train/skipped_steps.test.cpp -- a step that changes nothing is seen: counted an epoch, and warned of.
// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include "data/array_source.hpp"
#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

// The gradient of one target is beyond F32: in each epoch one step is bad, the next is good again.
std::shared_ptr<DataSource> one_huge_target() {
  std::vector<float> a(64, 1.0f);
  std::vector<double> y(64, 2.0);
  y[40] = 3e38;
  ArraySource arrays(64);
  arrays.add("A", a.data(), {CLQ_F32, {}}, false);
  arrays.add("Y", y.data(), {CLQ_F64, {}}, false);
  return arrays.open();
}

Json run_over_it(const char* device = "cpu_ref:0") {
  Json run = toy::run();
  run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
  run["split"] = {{"test", 0.0}, {"valid", 0.0}};
  toy::set(run, "/train/epochs", 3);
  toy::set(run, "/train/log_every", 1);
  toy::set(run, "/compute/devices", {device});
  return run;
}

void run_to_its_end(Trainer& trainer) {
  while (!trainer.run_for(10)) {
  }
}

std::vector<std::string> warnings() {
  std::vector<std::string> lines;
  while (const auto line = next_log_line())
    if (line->find("step is skipped") != std::string::npos) lines.push_back(*line);
  return lines;
}

TEST(SkippedSteps, AreCountedAnEpochAndWarnedOfOnce) {
  for (const char* device : {"cpu_ref:0", "lazy_ref:0"}) {
    warnings();
    const auto trainer = toy::trainer(run_over_it(device), one_huge_target());
    run_to_its_end(*trainer);
    for (int epoch = 1; epoch <= 3; ++epoch) {
      const auto row = trainer->next_metrics();
      ASSERT_TRUE(row);
      EXPECT_EQ((*row)["skipped_steps"], 1) << "epoch " << epoch << " on " << device;
    }
    EXPECT_EQ(trainer->get("skipped_steps"), 3);
    EXPECT_THAT(warnings(), testing::ElementsAre(testing::HasSubstr("epoch 1: a step is skipped"),
                                                 testing::HasSubstr("epoch 2: a step is skipped"),
                                                 testing::HasSubstr("epoch 3: a step is skipped")));
  }
}

TEST(SkippedSteps, AreNoneInAGoodTraining) {
  warnings();
  const toy::Folder folder;
  const auto trainer = toy::trainer(toy::run(), toy::source(), folder.path());
  run_to_its_end(*trainer);
  EXPECT_EQ((*trainer->next_metrics())["skipped_steps"], 0);
  EXPECT_THAT(warnings(), testing::IsEmpty());
  EXPECT_EQ(Json::parse(toy::read_text(folder.file("run.json")))["skipped_steps"], 0);
}

TEST(SkippedSteps, AreKnownToARunThatGoesOn) {
  const toy::Folder whole;
  const auto source = one_huge_target();
  const auto undisturbed = toy::trainer(run_over_it(), source, whole.path());
  const auto steps = static_cast<int64_t>(undisturbed->get("steps"));
  run_to_its_end(*undisturbed);
  for (int64_t k = 1; k < steps; ++k) {
    const toy::Folder cut;
    auto trainer = toy::trainer(run_over_it(), source, cut.path());
    trainer->run_steps(k);
    trainer->checkpoint();
    trainer.reset();
    trainer = Trainer::resume(cut.path(), source, toy::registry());
    run_to_its_end(*trainer);
    EXPECT_EQ(toy::metrics_without_seconds(cut.path()), toy::metrics_without_seconds(whole.path())) << k;
    EXPECT_EQ(trainer->get("skipped_steps"), 3);
    EXPECT_EQ(Json::parse(toy::read_text(cut.file("run.json")))["skipped_steps"], 3);
  }
}

// As an older library writes it: it knows neither the count nor the column.
TEST(SkippedSteps, AreCountedFromHereOnWhereACheckpointHasNone) {
  const toy::Folder folder;
  const auto source = one_huge_target();
  auto trainer = toy::trainer(run_over_it(), source, folder.path());
  trainer->run_steps(4);
  trainer->checkpoint();
  trainer.reset();
  const std::string path = folder.file("checkpoints/last.safetensors");
  TensorFile file = read_tensor_file(path);
  EXPECT_EQ(file.tensors.erase("state.train.skipped_steps"), 1u);
  Json head = Json::parse(file.metadata["calanque"]);
  EXPECT_EQ(head["progress"].erase("skipped_steps"), 1u);
  const std::string older = "epoch,step,learning_rate,train_loss,seconds\n1,4,0.02,1.5,0.25\n";
  head["progress"]["metrics_bytes"] = older.size();
  file.metadata["calanque"] = head.dump();
  write_tensor_file(path, file);
  toy::write_text(folder.file("metrics.csv"), older);
  trainer = Trainer::resume(folder.path(), source, toy::registry());
  run_to_its_end(*trainer);
  EXPECT_EQ((*trainer->next_metrics())["skipped_steps"], 1);
  const std::string text = toy::read_text(folder.file("metrics.csv"));
  EXPECT_EQ(text.substr(0, older.size()), older);
  EXPECT_THAT(text.substr(older.size()), testing::MatchesRegex("2,8,0.02,[0-9.e+-]+,[0-9.e+-]+\n3,12,.*\n"));
}

}  // namespace
}  // namespace clq

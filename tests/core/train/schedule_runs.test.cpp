// tests/core/train/schedule_runs.test.cpp -- schedules in a training: what they count, and what resuming keeps.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include <gmock/gmock.h>

#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

Json scheduled(const Json& schedule) {
  Json run = toy::run(4);
  run["data"]["target"] = "N";
  toy::set(run, "/train/epochs", 8);
  toy::set(run, "/train/schedule", schedule);
  return run;
}

// A rate so large that the loss does not fall for long.
Json restless() {
  Json run = scheduled({{"name", "reduce_on_plateau"}, {"factor", 0.5}, {"patience", 0}});
  toy::set(run, "/train/optimizer/lr", 0.5);
  return run;
}

std::vector<double> rates(Trainer& trainer) {
  while (!trainer.run_for(10)) {
  }
  std::vector<double> values;
  while (const auto row = trainer.next_metrics()) values.push_back((*row)["learning_rate"].get<double>());
  return values;
}

std::string left_in(const toy::Folder& folder) {
  return toy::read_text(folder.file("model.safetensors")) + toy::read_text(folder.file("model-last.safetensors")) +
         toy::metrics_without_seconds(folder.path());
}

TEST(ScheduleRuns, CountTheEpochsOfTheRun) {
  const Json run = scheduled({{"name", "multistep"}, {"milestones", {2, 5}}, {"gamma", 0.5}});
  EXPECT_EQ(rates(*toy::trainer(run, toy::source())),
            (std::vector<double>{0.02, 0.02, 0.01, 0.01, 0.01, 0.005, 0.005, 0.005}));
}

TEST(ScheduleRuns, ReduceTheRateWhereTheMonitoredMetricImprovesNoMore) {
  while (next_log_line()) {
  }
  const auto trainer = toy::trainer(restless(), toy::source());
  while (!trainer->run_for(10)) {
  }
  std::string log;
  while (const auto line = next_log_line()) log += *line + "\n";
  double rate = 0.5, best = std::numeric_limits<double>::infinity();
  int reductions = 0;
  while (const auto row = trainer->next_metrics()) {
    EXPECT_EQ((*row)["learning_rate"].get<double>(), rate);  // of this epoch's steps
    const double loss = (*row)["valid_loss"].get<double>();
    if (loss < best * (1 - 1e-4)) {
      best = loss;
      continue;
    }
    rate *= 0.5;
    ++reductions;
    EXPECT_THAT(log,
                testing::HasSubstr(fmt::format("epoch {}: valid_loss improves no more, the learning rate becomes {}",
                                               (*row)["epoch"].get<int64_t>(), rate)));
  }
  EXPECT_GE(reductions, 2) << "the toy is meant to be restless";
  EXPECT_EQ(trainer->get("learning_rate"), rate);
}

// What the schedule remembers is in the checkpoint, in the middle of an epoch and at its end.
TEST(ScheduleRuns, OfReducedRatesGoOnToTheSameBits) {
  const toy::Folder whole;
  const auto undisturbed = toy::trainer(restless(), toy::source(), whole.path());
  const std::vector<double> wanted = rates(*undisturbed);
  const auto per_epoch = static_cast<int64_t>(undisturbed->get("steps")) / 8;
  for (const int64_t k : {2 * per_epoch, 4 * per_epoch - 1, 5 * per_epoch + 3, 7 * per_epoch}) {
    const toy::Folder cut;
    {
      const auto trainer = toy::trainer(restless(), toy::source(), cut.path());
      trainer->run_steps(k);
      trainer->stop();
      EXPECT_FALSE(trainer->run_for(10));
    }
    const auto trainer = Trainer::resume(cut.path(), toy::source(), toy::registry());
    rates(*trainer);
    EXPECT_TRUE(left_in(cut) == left_in(whole)) << "stopped at step " << k;
  }
  ASSERT_LT(wanted.back(), wanted.front()) << "the toy is meant to be restless";
}

TEST(ScheduleRuns, OfAnOlderCheckpointRememberNothing) {
  const toy::Folder folder;
  auto trainer = toy::trainer(restless(), toy::source(), folder.path());
  while (trainer->get("learning_rate") == 0.5) trainer->run_steps(1);
  trainer->checkpoint();
  trainer.reset();
  const std::string last = folder.file("checkpoints/last.safetensors");
  TensorFile file = read_tensor_file(last);
  Json head = Json::parse(file.metadata["calanque"]);
  EXPECT_EQ(head["progress"]["plateau"]["scale"], 0.5);
  head["progress"].erase("plateau");
  file.metadata["calanque"] = head.dump();
  write_tensor_file(last, file);
  EXPECT_EQ(Trainer::resume(folder.path(), toy::source(), toy::registry())->get("learning_rate"), 0.5);
}

}  // namespace
}  // namespace clq

// tests/core/train/early_stopping.test.cpp -- which epoch is the best one, and when training ends.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

// A rate so large that the loss goes up and down.
Json restless(int64_t epochs) {
  Json run = toy::run();
  run["data"]["target"] = "N";
  toy::set(run, "/train/epochs", epochs);
  toy::set(run, "/train/optimizer/lr", 0.7);
  return run;
}

std::vector<double> losses(Trainer& trainer) {
  std::vector<double> values;
  while (const auto row = trainer.next_metrics()) values.push_back((*row)["valid_loss"].get<double>());
  return values;
}

TEST(EarlyStopping, PicksTheBestEpoch) {
  const toy::Folder folder;
  const auto trainer = toy::trainer(restless(12), toy::source(), folder.path());
  while (!trainer->run_for(10)) {
  }
  const auto valid = losses(*trainer);
  const auto best = std::min_element(valid.begin(), valid.end()) - valid.begin();
  EXPECT_EQ(trainer->get("best_epoch"), static_cast<double>(best + 1));
  ASSERT_NE(best, 11) << "the toy is meant to get worse at its end";
  // Training just that long ends with the same weights.
  const auto shorter = toy::trainer(restless(best + 1), toy::source(), folder.file("shorter"));
  while (!shorter->run_for(10)) {
  }
  EXPECT_EQ(load_bundle(folder.file("shorter/model-last.safetensors"), toy::registry())->hash(),
            trainer->model().hash());
}

// Everywhere the first epoch is 1.
TEST(EarlyStopping, CallsTheBestEpochByOneNumber) {
  const toy::Folder folder;
  while (next_log_line()) {
  }
  const auto trainer = toy::trainer(restless(12), toy::source(), folder.path());
  while (!trainer->run_for(10)) {
  }
  int64_t best = 0;
  double lowest = std::numeric_limits<double>::infinity();
  while (const auto row = trainer->next_metrics()) {
    if ((*row)["valid_loss"].get<double>() >= lowest) continue;
    lowest = (*row)["valid_loss"].get<double>();
    best = (*row)["epoch"].get<int64_t>();
  }
  std::string last, text = toy::read_text(folder.file("metrics.csv"));
  while (const auto line = next_log_line()) last = *line;
  EXPECT_EQ(last, fmt::format("info: training ended: epochs done after 12 epochs, best epoch {}", best));
  EXPECT_EQ(trainer->get("best_epoch"), static_cast<double>(best));
  const auto bundle = load_bundle(folder.file("model.safetensors"), toy::registry());
  EXPECT_EQ(bundle->provenance["best"], (Json{{"epoch", best}, {"score", lowest}}));
  EXPECT_EQ(Json::parse(toy::read_text(folder.file("run.json")))["epochs"], 12);
  // The row of that number in metrics.csv is the best one's: header, then epoch 1.
  for (int64_t line = 0; line < best; ++line) text.erase(0, text.find('\n') + 1);
  EXPECT_EQ(text.substr(0, text.find(',')), std::to_string(best));
}

TEST(EarlyStopping, EndsAfterPatience) {
  Json run = restless(100);
  toy::set(run, "/train/patience", 3);
  const auto trainer = toy::trainer(run, toy::source());
  while (!trainer->run_for(10)) {
  }
  const auto valid = losses(*trainer);
  EXPECT_EQ(trainer->end_reason(), "early stopping");
  EXPECT_LT(valid.size(), 100u);
  const auto best = std::min_element(valid.begin(), valid.end()) - valid.begin();
  EXPECT_EQ(static_cast<int64_t>(valid.size()), best + 1 + 3);
}

// Without rows to judge by it would be no more than a wish.
TEST(EarlyStopping, WarnsWhereNothingIsJudged) {
  Json run = toy::run();
  toy::set(run, "/train/patience", 3);
  run["split"] = {{"test", 0.0}, {"valid", 0.0}};
  while (next_log_line()) {
  }
  toy::trainer(run, toy::source());
  bool warned = false;
  while (const auto line = next_log_line())
    warned |= line->find("train.patience = 3 ends nothing") != std::string::npos;
  EXPECT_TRUE(warned);
}

// Epochs without a better one that were before the checkpoint count.
TEST(EarlyStopping, EndsAsEarlyWhenItWasResumed) {
  Json run = restless(100);
  toy::set(run, "/train/patience", 3);
  const auto whole = toy::trainer(run, toy::source());
  while (!whole->run_for(10)) {
  }
  const toy::Folder folder;
  auto trainer = toy::trainer(run, toy::source(), folder.path());
  while (trainer->get("epoch") < whole->get("epoch") - 1) trainer->run_steps(1);
  trainer->checkpoint();
  trainer.reset();
  const auto resumed = Trainer::resume(folder.path(), toy::source(), toy::registry());
  while (!resumed->run_for(10)) {
  }
  EXPECT_EQ(resumed->get("epoch"), whole->get("epoch"));
  EXPECT_EQ(resumed->end_reason(), "early stopping");
}

TEST(EarlyStopping, CanFollowAnotherMetric) {
  Json run = restless(12);
  toy::set(run, "/train/monitor", "valid_sigma_mad");
  const auto trainer = toy::trainer(run, toy::source());
  while (!trainer->run_for(10)) {
  }
  std::vector<double> values;
  while (const auto row = trainer->next_metrics()) values.push_back((*row)["valid_sigma_mad"].get<double>());
  EXPECT_EQ(trainer->get("best_epoch"),
            static_cast<double>(std::min_element(values.begin(), values.end()) - values.begin() + 1));
}

std::vector<double> column(Trainer& trainer, const char* name) {
  while (!trainer.run_for(10)) {
  }
  std::vector<double> values;
  while (const auto row = trainer.next_metrics()) values.push_back((*row)[name].get<double>());
  return values;
}

TEST(EarlyStopping, TakesTheLargestAccuracy) {
  Json run = toy::classes(2);
  toy::set(run, "/train/epochs", 6);
  toy::set(run, "/train/monitor", "valid_accuracy");
  const auto trainer = toy::trainer(run, toy::source());
  const auto values = column(*trainer, "valid_accuracy");
  const auto best = std::max_element(values.begin(), values.end());
  ASSERT_GT(*best, values.front()) << "the toy is meant to learn";
  EXPECT_EQ(trainer->get("best_epoch"), static_cast<double>(best - values.begin() + 1));
}

TEST(EarlyStopping, TakesTheBiasNearestToZero) {
  Json run = restless(12);
  toy::set(run, "/train/monitor", "valid_bias");
  const auto trainer = toy::trainer(run, toy::source());
  const auto values = column(*trainer, "valid_bias");
  ASSERT_LT(*std::min_element(values.begin(), values.end()), 0);
  const auto nearer = [](double a, double b) { return std::abs(a) < std::abs(b); };
  const auto best = std::min_element(values.begin(), values.end(), nearer);
  EXPECT_EQ(trainer->get("best_epoch"), static_cast<double>(best - values.begin() + 1));
}

}  // namespace
}  // namespace clq

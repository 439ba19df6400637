// tests/core/train/averages.test.cpp -- train.ema: what is validated and kept, and that resuming keeps it to the bit.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

constexpr double kDecay = 0.8;

// A rate so large that the weights jump about, and their average does not.
Json averaged() {
  Json run = toy::run(4);
  run["data"]["target"] = "N";
  toy::set(run, "/train/epochs", 3);
  toy::set(run, "/train/optimizer/lr", 0.2);
  toy::set(run, "/train/ema", kDecay);
  return run;
}

Json plain() {
  Json run = averaged();
  run["train"].erase("ema");
  return run;
}

void to_end(Trainer& trainer) {
  while (!trainer.run_for(10)) {
  }
}

std::vector<double> values_of(const std::map<std::string, Tensor>& states, const std::string& name) {
  const auto values = states.at(name).as<float>();
  return {values.begin(), values.end()};
}

std::map<std::string, Tensor> states_in(const toy::Folder& folder) {
  return read_tensor_file(folder.file("checkpoints/last.safetensors")).tensors;
}

// The recurrence by hand, on the weights of every step of a run without.
TEST(Averages, AreThoseOfTheWeightsOfEveryStep) {
  const auto follow = toy::trainer(plain(), toy::source()), kept = toy::trainer(averaged(), toy::source());
  std::vector<double> wanted = values_of(follow->model().states, "one.weights");
  for (int t = 0; t < 25; ++t) {
    follow->run_steps(1);
    const double d = std::min(kDecay, (1.0 + t) / (10.0 + t));
    const std::vector<double> w = values_of(follow->model().states, "one.weights");
    for (size_t i = 0; i < w.size(); ++i) wanted[i] += (1 - d) * (w[i] - wanted[i]);
  }
  kept->run_steps(25);
  const std::vector<double> found = values_of(kept->model().states, "one.weights");
  const std::vector<double> last = values_of(follow->model().states, "one.weights");
  double moved = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], wanted[i], 1e-5);  // f32, weights of order 1
    moved = std::max(moved, std::fabs(found[i] - last[i]));
  }
  EXPECT_GT(moved, 1e-2) << "the toy is meant to jump";
}

// The weights learn as without, and only what is shown and kept of them is another.
TEST(Averages, ChangeNoStep) {
  const toy::Folder with, without;
  for (const auto& [run, folder] : {std::pair{averaged(), &with}, std::pair{plain(), &without}}) {
    const auto trainer = toy::trainer(run, toy::source(), folder->path());
    trainer->run_steps(25);
    trainer->checkpoint();
  }
  const auto a = states_in(with), b = states_in(without);
  for (const char* name : {"one.weights", "one.bias", "last.weights", "last.bias"}) {
    EXPECT_EQ(values_of(a, name), values_of(b, name)) << name;
    EXPECT_TRUE(a.contains(std::string("state.ema.") + name)) << name;
    EXPECT_FALSE(b.contains(std::string("state.ema.") + name)) << name;
  }
}

// The last row of metrics.csv has the loss of the last bundle, computed here from its weights.
TEST(Averages, AreValidatedAndKept) {
  const toy::Folder folder;
  Json run = averaged();
  run["split"] = {{"by", "id"}, {"test", 0.0}, {"valid", 0.5}, {"seed", 1}};
  const auto trainer = toy::trainer(run, toy::source(), folder.path());
  to_end(*trainer);
  Json row;
  while (auto next = trainer->next_metrics()) row = *next;
  const auto last = load_bundle(folder.file("model-last.safetensors"), toy::registry());
  const auto kept = states_in(folder);
  EXPECT_EQ(values_of(last->states, "one.weights"), values_of(kept, "state.ema.one.weights"));
  EXPECT_NE(values_of(last->states, "one.weights"), values_of(kept, "one.weights"));
  // A training of no step at all from these weights: the validation of an epoch whose rate is next to nothing.
  Json again = plain();
  again["split"] = run["split"];
  toy::set(again, "/train/init_from", folder.file("model-last.safetensors"));
  toy::set(again, "/train/epochs", 1);
  toy::set(again, "/train/optimizer", {{"name", "sgd"}, {"lr", 1e-30}});
  const auto judge = toy::trainer(again, toy::source());
  to_end(*judge);
  EXPECT_EQ((*judge->next_metrics())["valid_loss"], row["valid_loss"]);
  EXPECT_EQ(judge->model().hash(), last->hash());
}

TEST(Averages, GoOnToTheSameBits) {
  const auto left_in = [](const toy::Folder& folder) {
    return toy::read_text(folder.file("model.safetensors")) + toy::read_text(folder.file("model-last.safetensors")) +
           toy::metrics_without_seconds(folder.path());
  };
  const toy::Folder whole;
  to_end(*toy::trainer(averaged(), toy::source(), whole.path()));
  for (const int64_t k : {1, 7, 11, 25}) {
    const toy::Folder cut;
    auto trainer = toy::trainer(averaged(), toy::source(), cut.path());
    trainer->run_steps(k);
    const std::string then = trainer->model().hash();
    trainer->checkpoint();
    trainer.reset();
    trainer = Trainer::resume(cut.path(), toy::source(), toy::registry());
    EXPECT_EQ(trainer->model().hash(), then) << k;
    to_end(*trainer);
    const std::string end = trainer->model().hash();
    trainer.reset();
    EXPECT_TRUE(left_in(cut) == left_in(whole)) << "stopped at step " << k;
    EXPECT_EQ(Trainer::resume(cut.path(), toy::source(), toy::registry())->model().hash(), end) << "finished";
  }
}

TEST(Averages, AreTheSameInMicroBatchesOnReplicas) {
  Json run = averaged();
  toy::set(run, "/compute/deterministic", true);
  toy::set(run, "/train/micro_batch", 4);
  const auto one = toy::train(run);
  toy::set(run, "/compute/devices", {"cpu_ref:0", "cpu_ref:0"});
  EXPECT_TRUE(toy::train(run) == one);
}

TEST(Averages, NeedADecayBelowOne) {
  for (const double decay : {-0.1, 1.0}) {
    Json run = averaged();
    toy::set(run, "/train/ema", decay);
    EXPECT_THROW(toy::trainer(run, toy::source()), Error) << decay;
  }
}

}  // namespace
}  // namespace clq

// tests/core/train/divergence.test.cpp -- a run that blows up says so and leaves the last good checkpoint alone.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>
#include <unistd.h>

#include "data/array_source.hpp"
#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

// A gradient of twice 3e38 is beyond F32: from the first step on the loss is not finite.
std::shared_ptr<DataSource> huge(double target = 3e38, float input = 1.0f) {
  std::vector<float> a(64, input);
  std::vector<double> y(64, target);
  ArraySource arrays(64);
  arrays.add("A", a.data(), {CLQ_F32, {}}, false);
  arrays.add("Y", y.data(), {CLQ_F64, {}}, false);
  return arrays.open();
}

void expect_diverged_in_loss(Trainer& trainer) {
  try {
    while (!trainer.run_for(10)) {
    }
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_DIVERGED) << e.what();
    EXPECT_NE(std::string(e.what()).find(", first in loss;"), std::string::npos) << e.what();
  }
}

TEST(Divergence, EndsTheRunWithItsOwnStatus) {
  Json run = toy::run();
  run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
  const auto trainer = toy::trainer(run, huge());
  expect_diverged_in_loss(*trainer);
}

// Sums of 64 numbers of 3e38 with either sign are beyond F32.
TEST(Divergence, NamesTheLayerThatIsFirstNotFinite) {
  Json run = toy::run();
  run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
  run["model"]["layer"] = Json::parse(R"([
      {"use": "dense", "name": "wide", "units": 64, "bias_init": 3e38},
      {"use": "dense", "name": "over", "units": 4},
      {"use": "dense", "name": "last"}])");
  const auto trainer = toy::trainer(run, huge(1.0));
  try {
    while (!trainer->run_for(10)) {
    }
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_DIVERGED) << e.what();
    EXPECT_NE(std::string(e.what()).find(", first in over;"), std::string::npos) << e.what();
  }
}

// Slots are still with the device when it is found out: the readers must not wait for them.
TEST(Divergence, IsDiagnosedOnDevicesThatQueueEverything) {
  alarm(60);
  for (const char* device : {"lazy_ref:0", "lazy_ref:1"})
    for (const int log_every : {1, 2, 3, 4, 1000}) {
      Json run = toy::run();
      run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
      toy::set(run, "/compute/devices", {device});
      toy::set(run, "/train/log_every", log_every);
      const auto trainer = toy::trainer(run, huge());
      try {
        while (!trainer->run_for(10)) {
        }
        ADD_FAILURE() << "no error on " << device;
      } catch (const Error& e) {
        EXPECT_EQ(e.status(), CLQ_E_DIVERGED) << e.what();
        EXPECT_NE(std::string(e.what()).find(", first in loss;"), std::string::npos) << device << ": " << e.what();
      }
    }
  alarm(0);
}

// What one step makes of finite numbers may be infinite: here a weight, and a moment that would keep its parameter
// still.
struct Overflow {
  Json optimizer;
  float input;
  std::string words;
};

Json overflowing(const Overflow& overflow) {
  Json run = toy::run();
  run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
  run["model"]["layer"][0]["bias_init"] = 1.0;
  toy::set(run, "/train/optimizer", overflow.optimizer);
  toy::set(run, "/train/checkpoint_minutes", 0.0);
  toy::set(run, "/train/epochs", 1);
  return run;
}

TEST(Divergence, OfAStateIsSaidBeforeAFileIsReplaced) {
  const Overflow overflows[] = {
      {{{"name", "sgd"}, {"lr", 1e38}}, 100.0f, "the state 'last.bias' is not finite"},
      {{{"name", "adam"}, {"lr", 0.02}}, 1e10f, "the state 'adam.v.last.weights' is not finite"}};
  for (const Overflow& overflow : overflows) {
    const toy::Folder folder;
    const auto trainer = toy::trainer(overflowing(overflow), huge(1.0, overflow.input), folder.path());
    trainer->checkpoint();
    const std::string before = toy::read_text(folder.file("checkpoints/last.safetensors"));
    EXPECT_FALSE(trainer->run_steps(1));
    for (const std::string& path : {std::string(), folder.file("elsewhere")}) {
      try {
        trainer->checkpoint(path);
        ADD_FAILURE() << "no error: " << overflow.words;
      } catch (const Error& e) {
        EXPECT_EQ(e.status(), CLQ_E_DIVERGED) << e.what();
        EXPECT_NE(std::string(e.what()).find(overflow.words), std::string::npos) << e.what();
      }
    }
    EXPECT_TRUE(toy::read_text(folder.file("checkpoints/last.safetensors")) == before);
    EXPECT_FALSE(std::filesystem::exists(folder.file("elsewhere")));
    EXPECT_EQ(Json::parse(toy::read_text(folder.file("run.json")))["end_reason"], "diverged");
  }
}

// Its only step was a good one: neither loss nor gradient tells.
TEST(Divergence, OfAStateEndsTheRunAtTheEndOfItsEpoch) {
  Json run = overflowing({{{"name", "sgd"}, {"lr", 1e38}}, 100.0f, ""});
  run["split"] = {{"test", 0.0}, {"valid", 0.0}};
  toy::set(run, "/train/batch", 64);
  toy::set(run, "/train/checkpoint_minutes", 1000.0);
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, huge(1.0, 100.0f), folder.path());
  try {
    while (!trainer->run_for(10)) {
    }
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_DIVERGED) << e.what();
    EXPECT_NE(std::string(e.what()).find("the state 'last.bias' is not finite at step 1;"), std::string::npos)
        << e.what();
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("model.safetensors")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("checkpoints/last.safetensors")));
}

// run.json cannot be replaced: what it would say is said all the same.
TEST(Divergence, IsToldWhereItCannotBeWrittenDown) {
  const toy::Folder folder;
  Json run = toy::run();
  run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
  const auto trainer = toy::trainer(run, huge(), folder.path());
  std::filesystem::remove(folder.file("run.json"));
  std::filesystem::create_directories(folder.file("run.json"));
  while (next_log_line()) {
  }
  expect_diverged_in_loss(*trainer);
  std::string log;
  while (const auto line = next_log_line()) log += *line + "\n";
  EXPECT_NE(log.find("warning: run.json does not say that the run is diverged: "), std::string::npos) << log;
}

TEST(Divergence, WritesNothingOverTheLastCheckpoint) {
  const toy::Folder folder;
  Json run = toy::run();
  run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
  toy::set(run, "/train/log_every", 1000);
  const auto source = huge();
  const auto trainer = toy::trainer(run, source, folder.path());
  trainer->checkpoint();
  const std::string before = toy::read_text(folder.file("checkpoints/last.safetensors"));
  EXPECT_FALSE(trainer->run_steps(3));
  EXPECT_THROW(trainer->checkpoint(), Error);
  EXPECT_EQ(toy::read_text(folder.file("checkpoints/last.safetensors")), before);
}

}  // namespace
}  // namespace clq

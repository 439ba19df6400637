// tests/core/train/divergence.test.cpp -- a run that blows up says so and leaves the last good checkpoint alone.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>
#include <unistd.h>

#include "data/array_source.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

// Squares of 1e200 overflow: from the first step on the loss is not finite.
std::shared_ptr<DataSource> huge(double target = 1e200) {
  std::vector<float> a(64, 1.0f);
  std::vector<double> y(64, target);
  ArraySource arrays(64);
  arrays.add("A", a.data(), {CLQ_F32, {}}, false);
  arrays.add("Y", y.data(), {CLQ_F64, {}}, false);
  return arrays.open();
}

TEST(Divergence, EndsTheRunWithItsOwnStatus) {
  Json run = toy::run();
  run["data"] = {{"scalars", {"A"}}, {"target", "Y"}};
  const auto trainer = toy::trainer(run, huge());
  try {
    while (!trainer->run_for(10)) {
    }
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_DIVERGED) << e.what();
    EXPECT_NE(std::string(e.what()).find(", first in loss;"), std::string::npos) << e.what();
  }
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

// tests/core/train/bits.test.cpp -- what a result may not depend on.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <gtest/gtest.h>

#include "toy.hpp"

namespace clq {
namespace {

Json base_run() {
  Json run = toy::run(6);
  run["data"]["target"] = "N";
  run["model"]["layer"].insert(run["model"]["layer"].begin() + 1, Json{{"use", "dropout"}, {"rate", 0.2}});
  return run;
}

TEST(Bits, DoNotDependOnTheNumberOfReaders) {
  const auto wanted = toy::train(base_run());
  for (const int readers : {2, 4}) {
    Json run = base_run();
    toy::set(run, "/compute/readers", readers);
    EXPECT_EQ(toy::train(run), wanted) << readers;
  }
}

TEST(Bits, AreTheSameTwice) { EXPECT_EQ(toy::train(base_run()), toy::train(base_run())); }

TEST(Bits, AreTheSameOnADeviceThatQueuesEverything) {
  const auto wanted = toy::train(base_run());
  for (const char* seed : {"1", "2", "3", "4", "5"}) {
    setenv("CLQ_LAZY_SEED", seed, 1);
    Json run = base_run();
    toy::set(run, "/compute/devices", {"lazy_ref:0"});
    EXPECT_EQ(toy::train(run), wanted) << "seed " << seed;
    toy::set(run, "/compute/readers", 3);
    EXPECT_EQ(toy::train(run), wanted) << "seed " << seed << " with readers";
  }
}

TEST(Bits, OfMicroBatchesAreTheSameOnBothDevices) {
  for (const int micro : {2, 8}) {  // 2: too short for aligned places inside a slot
    Json run = base_run();
    toy::set(run, "/train/micro_batch", micro);
    const auto wanted = toy::train(run);
    toy::set(run, "/compute/devices", {"lazy_ref:0"});
    EXPECT_EQ(toy::train(run), wanted) << micro;
  }
}

TEST(Bits, DependOnTheSeed) {
  Json run = base_run();
  toy::set(run, "/train/seed", 4);
  EXPECT_NE(toy::train(run).hash, toy::train(base_run()).hash);
}

// Sums in another order: F32 rounding, kept small over 40 steps by a stable problem.
TEST(MicroBatches, ComeCloseToTheWholeBatch) {
  Json whole = toy::run(6), parts = toy::run(6);
  toy::set(parts, "/train/micro_batch", 4);
  const auto source = toy::source();
  const auto a = toy::trainer(whole, source), b = toy::trainer(parts, source);
  toy::finish(*a);
  toy::finish(*b);
  for (const auto& [name, tensor] : a->model().states)
    for (size_t i = 0; i < tensor.as<float>().size(); ++i)
      EXPECT_NEAR(tensor.as<float>()[i], b->model().states.at(name).as<float>()[i], 2e-4) << name;
}

}  // namespace
}  // namespace clq

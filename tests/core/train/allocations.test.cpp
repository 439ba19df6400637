// tests/core/train/allocations.test.cpp -- a step allocates nothing in the trainer's thread.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "counted_new.hpp"
#include "toy.hpp"

namespace clq {
namespace {

int64_t allocations_of_steps(const Json& run, int64_t steps) {
  const auto trainer = toy::trainer(run, toy::source(2000));
  trainer->run_steps(6);
  toy::start_counting();
  trainer->run_steps(steps);
  const int64_t made = toy::stop_counting();
  EXPECT_EQ(trainer->get("epoch"), 0);
  return made;
}

TEST(Allocations, TheCounterCounts) {
  toy::start_counting();
  delete new toy::Folder;
  EXPECT_GE(toy::stop_counting(), 1);
}

TEST(Allocations, AStepMakesNone) { EXPECT_EQ(allocations_of_steps(toy::run(6), 40), 0); }

TEST(Allocations, AStepOfMicroBatchesMakesNone) {
  Json run = toy::run(6);
  toy::set(run, "/train/micro_batch", 4);
  EXPECT_EQ(allocations_of_steps(run, 40), 0);
}

}  // namespace
}  // namespace clq

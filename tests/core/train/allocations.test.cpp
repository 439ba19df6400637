// tests/core/train/allocations.test.cpp -- a step allocates nothing in the trainer's thread.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "toy.hpp"

namespace {

thread_local bool counting = false;
thread_local int64_t allocations = 0;

void* counted(std::size_t bytes, std::size_t align) {
  if (counting) ++allocations;
  void* p = std::aligned_alloc(align, (bytes + align - 1) / align * align + (bytes == 0 ? align : 0));
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, 16); }
void* operator new[](std::size_t bytes) { return counted(bytes, 16); }
void* operator new(std::size_t bytes, std::align_val_t align) { return counted(bytes, static_cast<std::size_t>(align)); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace clq {
namespace {

int64_t allocations_of_steps(const Json& run, int64_t steps) {
  const auto trainer = toy::trainer(run, toy::source(2000));
  trainer->run_steps(6);
  allocations = 0;
  counting = true;
  trainer->run_steps(steps);
  counting = false;
  EXPECT_EQ(trainer->get("epoch"), 0);
  return allocations;
}

TEST(Allocations, TheCounterCounts) {
  counting = true;
  allocations = 0;
  delete new int(1);
  counting = false;
  EXPECT_GE(allocations, 1);
}

TEST(Allocations, AStepMakesNone) { EXPECT_EQ(allocations_of_steps(toy::run(6), 40), 0); }

TEST(Allocations, AStepOfMicroBatchesMakesNone) {
  Json run = toy::run(6);
  toy::set(run, "/train/micro_batch", 4);
  EXPECT_EQ(allocations_of_steps(run, 40), 0);
}

}  // namespace
}  // namespace clq

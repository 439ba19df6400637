// tests/plugins/cpu_onednn/thread_limit.test.cpp -- an environment that allows fewer threads than a device is to have.
// SPDX-License-Identifier: BSD-3-Clause
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "conformance/backend_host.hpp"

namespace clq::test {
namespace {

// OpenMP reads it when it is loaded, which is with the plugin.
const clq_backend_api& backend() {
  setenv("OMP_THREAD_LIMIT", "2", 1);
  return load_backend("cpu_onednn");
}

TEST(OneDnnThreadLimit, IsRefusedBeforePartsOfAResultAreLeftOut) {
  TestTeam three(3);
  clq_backend* opened = nullptr;
  EXPECT_EQ(backend().open(0, "{}", three.c(), &opened), CLQ_E_INVALID);
  EXPECT_EQ(error_text(),
            "cpu_onednn is to have 3 threads, but OMP_THREAD_LIMIT is 2: raise it or lower compute.threads");
}

TEST(OneDnnThreadLimit, IsOneInAParallelRegionOfTheHost) {
  TestTeam two(2);
  Session session(backend(), &two);
  SegmentBuilder b;
  b.output(b.op1("relu/1", {b.input(CLQ_F32, {3})}, CLQ_F32, {3}));
  Program program(session, b);
  program.run({array<float>({3}, {-1, 0, 1})});
  void* openmp = dlopen("libgomp.so.1", RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(openmp, nullptr);
  const auto set_levels = reinterpret_cast<void (*)(int)>(dlsym(openmp, "omp_set_max_active_levels"));
  set_levels(0);
  EXPECT_EQ(program.run_only({}), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), testing::HasSubstr("call it outside, or set compute.threads to 1"));
  set_levels(1);
  EXPECT_EQ(program.run_only({}), CLQ_OK);
}

TEST(OneDnnThreadLimit, OfAsManyThreadsIsEnough) {
  TestTeam two(2);
  Session session(backend(), &two);
  SegmentBuilder b;
  const Dims image = {16, 16, 33, 33}, weights = {16, 16, 3, 3};
  const uint32_t gradient = b.value(CLQ_F32, weights);
  b.op("conv_grad_weights/1", {b.input(CLQ_F32, image), b.input(CLQ_F32, {16, 16, 31, 31})}, {gradient, CLQ_NONE},
       {{"kernel", Dims{3, 3}}});
  b.output(gradient);
  Program(session, b).run({random_array<float>(image), random_array<float>({16, 16, 31, 31}, 2)});
}

}  // namespace
}  // namespace clq::test

// tests/plugins/cpu_onednn/thread_limit.test.cpp -- an environment that allows fewer threads than a device is to have.
// SPDX-License-Identifier: BSD-3-Clause
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

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

// A product that oneDNN computes on OpenMP's threads.
const Dims kImage = {16, 16, 33, 33}, kResult = {16, 16, 31, 31};

void add_gradient(SegmentBuilder& b) {
  const Dims weights = {16, 16, 3, 3};
  const uint32_t gradient = b.value(CLQ_F32, weights);
  b.op("conv_grad_weights/1", {b.input(CLQ_F32, kImage), b.input(CLQ_F32, kResult)}, {gradient, CLQ_NONE},
       {{"kernel", Dims{3, 3}}});
  b.output(gradient);
}

TEST(OneDnnThreadLimit, OfAsManyThreadsIsEnough) {
  TestTeam two(2);
  Session session(backend(), &two);
  SegmentBuilder b;
  add_gradient(b);
  Program(session, b).run({random_array<float>(kImage), random_array<float>(kResult, 2)});
}

// The device's own thread calls OpenMP: what the host made of its own threads changes neither the bits nor itself.
TEST(OneDnnThreadLimit, OfTheHostsOwnThreadIsItsOwn) {
  TestTeam two(2);
  Session session(backend(), &two);
  SegmentBuilder b;
  add_gradient(b);
  Program program(session, b);
  const std::vector<Array> in = {random_array<float>(kImage), random_array<float>(kResult, 2)};
  const auto before = program.run(in)[0].as<float>();
  void* openmp = dlopen("libgomp.so.1", RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(openmp, nullptr);
  const auto set_levels = reinterpret_cast<void (*)(int)>(dlsym(openmp, "omp_set_max_active_levels"));
  const auto levels = reinterpret_cast<int (*)()>(dlsym(openmp, "omp_get_max_active_levels"));
  set_levels(0);
  EXPECT_EQ(program.run(in)[0].as<float>(), before);
  EXPECT_EQ(levels(), 0);
  set_levels(1);
}

}  // namespace
}  // namespace clq::test

// tests/plugins/cpu_onednn/runs.test.cpp -- what a host relies on beside the numbers: threads, forks, allocations.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>
#include <omp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>

#include "conformance/backend_host.hpp"

namespace {

std::atomic<bool> counting{false};
std::atomic<int64_t> allocations{0};

}  // namespace

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" void* __libc_malloc(size_t);
extern "C" __attribute__((visibility("default"))) void* malloc(size_t n) {
  if (counting.load(std::memory_order_relaxed)) ++allocations;
  return __libc_malloc(n);
}
#endif

namespace clq::test {
namespace {

// A chain, a plain kernel and a sum, with a new state; no op that is a primitive of oneDNN unless `product`.
struct Segment {
  SegmentBuilder b;
  explicit Segment(bool product) {
    const int64_t n = 64, k = 96;
    const uint32_t x = b.input(CLQ_F32, {n, k}), w = b.state(CLQ_F32, {n, k}), bias = b.input(CLQ_F32, {k});
    uint32_t y = b.op1("silu/1", {b.op1("add/1", {x, bias}, CLQ_F32, {n, k})}, CLQ_F32, {n, k});
    y = b.op1("softmax/1", {y}, CLQ_F32, {n, k});
    if (product) y = b.op1("matmul/1", {b.op1("matmul/1", {y, w}, CLQ_F32, {n, n}, {{"transpose_b", int64_t{1}}}), w},
                           CLQ_F32, {n, k});
    const uint32_t good = b.op1("all_finite/1", {y}, CLQ_U8, {});
    b.assign(w, b.op1("sub/1", {w, y}, CLQ_F32, {n, k}), good);
    b.output(b.op1("reduce_mean/1", {y}, CLQ_F32, {}));
  }
};

std::vector<Array> inputs() { return {random_array<float>({64, 96}), random_array<float>({96}, 2)}; }

int64_t allocations_in(bool product) {
  TestTeam team(2);
  Session session(load_backend("cpu_onednn"), &team);
  Segment s(product);
  Program p(session, s.b);
  p.set_state(0, random_array<float>({64, 96}, 3));
  p.run(inputs());
  allocations = 0;
  counting = true;
  const clq_status status = p.run_only({});
  counting = false;
  EXPECT_EQ(status, CLQ_OK);
  return allocations;
}

TEST(OneDnnRuns, AllocateNothingOfTheirOwn) {
  counting = true;
  auto* volatile probe = new std::vector<char>(100000);
  counting = false;
  delete probe;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_GE(allocations.exchange(0), 1);
#endif
  EXPECT_EQ(allocations_in(false), 0);
  RecordProperty("oneDNN's allocations in two products", static_cast<int>(allocations_in(true)));
}

// A convolution over enough pixels for several loops, and what reads it.
std::unique_ptr<SegmentBuilder> convolution(int64_t batch) {
  auto b = std::make_unique<SegmentBuilder>();
  const uint32_t x = b->input(CLQ_F32, {batch, 16, 33, 33}), w = b->state(CLQ_F32, {32, 16, 3, 3});
  const std::vector<int64_t> dims = {batch, 32, 31, 31};
  b->output(b->op1("silu/1", {b->op1("conv/1", {x, w}, CLQ_F32, dims)}, CLQ_F32, dims));
  return b;
}

TEST(OneDnnRuns, LeaveTheHostsOpenMpThreadsAsTheyWere) {
  omp_set_num_threads(3);
  omp_set_dynamic(1);
  TestTeam team(2);
  Session session(load_backend("cpu_onednn"), &team);
  const auto b = convolution(4);
  Program p(session, *b);
  p.run({random_array<float>({4, 16, 33, 33})});
  EXPECT_EQ(omp_get_max_threads(), 3);
  EXPECT_EQ(omp_get_dynamic(), 1);
  EXPECT_EQ(team.jobs(), 0);  // beside OpenMP's team the host's only says how many
}

TEST(OneDnnRuns, LeaveProductsToTheHostsTeam) {
  TestTeam team(2);
  Session session(load_backend("cpu_onednn"), &team);
  SegmentBuilder b;
  const uint32_t x = b.input(CLQ_F32, {256, 128}), w = b.input(CLQ_F32, {128, 128});
  b.output(b.op1("matmul/1", {x, w}, CLQ_F32, {256, 128}));
  Program p(session, b);
  p.run({random_array<float>({256, 128}), random_array<float>({128, 128}, 2)});
  EXPECT_EQ(team.jobs(), 1);
}

// Which is a legal, older table: everything then runs in the caller.
TEST(OneDnnRuns, DoWithoutLoopsOfTheHost) {
  const clq_host_threads whole = host_threads();
  host_threads().struct_size = offsetof(clq_host_threads, parallel_for);
  host_threads().parallel_for = nullptr;
  {
    TestTeam team(2);
    Session session(load_backend("cpu_onednn"), &team);
    SegmentBuilder b;
    const uint32_t x = b.input(CLQ_F32, {64, 1024});
    b.output(b.op1("tanh/1", {x}, CLQ_F32, {64, 1024}));
    Program p(session, b);
    p.run({random_array<float>({64, 1024})});
    EXPECT_EQ(team.jobs(), 0);
  }
  host_threads() = whole;
}

TEST(OneDnnRuns, AreRefusedAfterAFork) {
  TestTeam team(2);
  Session session(load_backend("cpu_onednn"), &team);
  Segment s(true);
  Program p(session, s.b);
  p.run(inputs());
  const pid_t child = fork();
  if (child == 0) _exit(p.run_only({}) == CLQ_E_FORKED && error_text().find("fork") != std::string::npos ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(OneDnnRuns, TakeTheLayoutThatAnotherProgramChose) {
  Session session(load_backend("cpu_onednn"));
  const auto first = convolution(4), second = convolution(1);
  const clq_segment a = first->c(), b = second->c();
  clq_executable *one = nullptr, *two = nullptr;
  check(session.api.compile(session.backend, &a, nullptr, &one));
  clq_state_layout layout{}, again{};
  layout.struct_size = again.struct_size = sizeof layout;
  check(session.api.state_layout(one, 0, &layout));
  EXPECT_GT(layout.id, 1u);  // not row-major
  const clq_state_layout* wanted[] = {&layout};
  check(session.api.compile(session.backend, &b, wanted, &two));
  check(session.api.state_layout(two, 0, &again));
  EXPECT_EQ(again.id, layout.id);
  EXPECT_EQ(again.bytes, layout.bytes);
  layout.id = 1000;
  clq_executable* three = nullptr;
  EXPECT_EQ(session.api.compile(session.backend, &b, wanted, &three), CLQ_E_UNSUPPORTED);
  session.api.executable_destroy(one);
  session.api.executable_destroy(two);
}

}  // namespace
}  // namespace clq::test

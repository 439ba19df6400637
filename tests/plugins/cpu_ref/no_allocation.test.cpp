// tests/plugins/cpu_ref/no_allocation.test.cpp -- a run allocates nothing and takes no lock.
// SPDX-License-Identifier: BSD-3-Clause
#include <dlfcn.h>
#include <pthread.h>

#include "plugins/cpu_ref/near.hpp"

namespace {

std::atomic<bool> counting{false};
std::atomic<int64_t> allocations{0}, locks{0};

void note() {
  if (counting.load(std::memory_order_relaxed)) ++allocations;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// The sanitizers own malloc and the locks: their hooks tell of allocations, locks are left to the plain build.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, size_t),
                                                         void (*)(const volatile void*));
static const int hooks = __sanitizer_install_malloc_and_free_hooks([](const volatile void*, size_t) { note(); },
                                                                   [](const volatile void*) {});
#else
extern "C" void* __libc_malloc(size_t);
extern "C" void* __libc_calloc(size_t, size_t);
extern "C" __attribute__((visibility("default"))) void* malloc(size_t n) {
  note();
  return __libc_malloc(n);
}
extern "C" __attribute__((visibility("default"))) void* calloc(size_t n, size_t m) {
  note();
  return __libc_calloc(n, m);
}
extern "C" __attribute__((visibility("default"))) int pthread_mutex_lock(pthread_mutex_t* mutex) {
  using Lock = int (*)(pthread_mutex_t*);
  static const Lock next = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  if (counting.load(std::memory_order_relaxed)) ++locks;
  return next(mutex);
}
#endif

namespace clq::test {
namespace {

TEST(NoAllocation, InARunOfManyKindsOfOps) {
  TestTeam team(2);
  Session session(load_backend("cpu_ref"), &team);
  SegmentBuilder b;
  const int64_t n = 128, k = 256;
  const uint32_t x = b.input(CLQ_F32, {n, k}), y = b.input(CLQ_I64, {n}), w = b.state(CLQ_F32, {k, k}),
                 seed = b.scalar(CLQ_U64), step = b.scalar(CLQ_I64);
  const uint32_t h =
      b.op1("gelu/1", {b.op1("matmul/1", {x, w}, CLQ_F32, {n, k}, {{"transpose_b", int64_t{1}}})}, CLQ_F32, {n, k});
  const uint32_t noise = b.op1("random/1", {seed, step, step}, CLQ_F32, {n, k},
                               {{"shape", Dims{n, k}}, {"distribution", std::string("normal")}});
  const uint32_t z = b.op1("add/1", {h, noise}, CLQ_F32, {n, k}), loss = b.value(CLQ_F32, {n});
  b.op("softmax_cross_entropy/1", {z, y}, {loss, b.value(CLQ_F32, {n, k})});
  b.output(b.op1("reduce_mean/1", {loss}, CLQ_F32, {}));
  const uint32_t grad = b.op1("matmul/1", {z, x}, CLQ_F32, {k, k}, {{"transpose_a", int64_t{1}}});
  const uint32_t finite = b.op1("all_finite/1", {grad, loss}, CLQ_U8, {});
  b.assign(w, b.op1("sub/1", {w, grad}, CLQ_F32, {k, k}), finite);
  Program p(session, b);
  p.set_state(0, random_array<float>({k, k}));
  p.run({random_array<float>({n, k}), array<int64_t>({n}, std::vector<int64_t>(n, 3))}, {7, 1});
  const std::vector<uint64_t> cells = {7, 2};
  const int64_t jobs = team.jobs();
  allocations = 0;
  counting = true;
  auto* volatile probe = new std::vector<char>(100000);  // the counter counts; volatile: or the compiler drops it
  delete probe;
  const int64_t own = allocations.exchange(0);
  const clq_status status = p.run_only(cells);
  counting = false;
  EXPECT_EQ(status, CLQ_OK);
  EXPECT_GE(own, 1);
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(locks, 0);
  EXPECT_GT(team.jobs(), jobs);  // and the team did work
}

}  // namespace
}  // namespace clq::test

// tests/bench/matmul.cpp -- GFLOP/s of cpu_ref's matmul, beside a naive loop.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "conformance/backend_host.hpp"

namespace {

using namespace clq::test;

// The best of 9 rounds, in seconds a call: other work on the machine only ever makes it slower.
template <class F>
double seconds(F f) {
  double best = 1e9;
  f();
  for (int round = 0; round < 9; ++round) {
    const auto start = std::chrono::steady_clock::now();
    int calls = 0;
    double spent = 0;
    for (; spent < 0.02; ++calls) {
      f();
      spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    best = std::min(best, spent / calls);
  }
  return best;
}

template <class T>
void naive(const std::vector<T>& a, const std::vector<T>& b, std::vector<T>& c, int64_t m, int64_t n, int64_t k) {
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      T sum = 0;
      for (int64_t l = 0; l < k; ++l) sum += a[static_cast<size_t>(i * k + l)] * b[static_cast<size_t>(l * n + j)];
      c[static_cast<size_t>(i * n + j)] = sum;
    }
}

template <class T>
void measure(int64_t m, int64_t n, int64_t k, uint32_t threads) {
  TestTeam team(threads);
  Session session(load_backend("cpu_ref"), &team);
  const double flop = 2e-9 * static_cast<double>(m * n * k);
  const auto a = random_array<T>({m, k}), b = random_array<T>({k, n}, 2);
  const std::vector<T> va = a.template as<T>(), vb = b.template as<T>();
  std::vector<T> vc(static_cast<size_t>(m * n));
  const double slow = flop / seconds([&] { naive(va, vb, vc, m, n, k); });
  for (int64_t t = 0; t < 4; ++t) {
    const int64_t ta = t & 1, tb = t >> 1;
    SegmentBuilder builder;
    const uint32_t x = builder.input(a.dtype, ta != 0 ? Dims{k, m} : Dims{m, k}),
                   y = builder.input(b.dtype, tb != 0 ? Dims{n, k} : Dims{k, n});
    builder.output(builder.op1("matmul/1", {x, y}, a.dtype, {m, n}, {{"transpose_a", ta}, {"transpose_b", tb}}));
    Program program(session, builder);
    program.run({a, b});
    const double fast = flop / seconds([&] { check(program.run_only({})); });
    std::printf("%s [%ld,%ld]x[%ld,%ld] ta=%ld tb=%ld threads=%u: %.1f GFLOP/s, %.1f x naive\n",
                sizeof(T) == 4 ? "f32" : "f64", static_cast<long>(m), static_cast<long>(k), static_cast<long>(k),
                static_cast<long>(n), static_cast<long>(ta), static_cast<long>(tb), threads, fast, fast / slow);
  }
}

}  // namespace

int main() {
  for (const uint32_t threads : {1u, 2u}) {
    measure<float>(128, 256, 256, threads);
    measure<double>(128, 256, 256, threads);
    measure<float>(1, 256, 256, threads);
    measure<float>(1024, 512, 512, threads);
  }
}

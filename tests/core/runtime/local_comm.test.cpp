// tests/core/runtime/local_comm.test.cpp -- sums over replicas: their bits, their order, and a replica that is lost.
// SPDX-License-Identifier: BSD-3-Clause
#include <chrono>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "runtime/local_comm.hpp"

namespace clq {
namespace {

template <class T>
constexpr int32_t kType = std::is_same_v<T, float> ? CLQ_F32 : CLQ_F64;

// values[rank]; each replica in a thread of its own.
template <class T>
std::vector<clq_status> all_reduce(LocalComm& comm, uint32_t bucket, std::vector<std::vector<T>>& values) {
  std::vector<clq_status> statuses(values.size());
  std::vector<std::thread> threads;
  for (uint32_t rank = 0; rank < values.size(); ++rank)
    threads.emplace_back([&, rank] {
      const clq_comm* c = comm.of(rank);
      statuses[rank] =
          c->start(c, bucket, values[rank].data(), static_cast<int64_t>(values[rank].size()), kType<T>, CLQ_REDUCE_SUM);
      if (statuses[rank] == CLQ_OK) statuses[rank] = c->finish(c, bucket);
    });
  for (std::thread& t : threads) t.join();
  return statuses;
}

template <class T>
std::vector<std::vector<T>> random_values(size_t ranks, size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<std::vector<T>> values(ranks, std::vector<T>(count));
  for (auto& of_rank : values)
    for (T& v : of_rank) v = static_cast<T>(normal(random) * std::exp2(static_cast<double>(random() % 20)));
  return values;
}

template <class T>
T tree(const std::vector<std::vector<T>>& values, size_t i) {
  std::vector<T> sums;
  for (const auto& of_rank : values) sums.push_back(of_rank[i]);
  for (size_t step = 1; step < sums.size(); step *= 2)
    for (size_t r = 0; r + step < sums.size(); r += 2 * step) sums[r] += sums[r + step];
  return sums[0];
}

template <class T>
class LocalCommOf : public ::testing::Test {};
using Floats = ::testing::Types<float, double>;
TYPED_TEST_SUITE(LocalCommOf, Floats);

TYPED_TEST(LocalCommOf, AddsUpByATreeOverTheRanks) {
  for (const size_t ranks : {1u, 2u, 3u, 4u, 8u})
    for (const size_t count : {0u, 1u, 15u, 17u, 511u, 513u, 5000u}) {
      LocalComm comm(static_cast<uint32_t>(ranks), 1);
      for (uint32_t round = 0; round < 3; ++round) {
        auto values = random_values<TypeParam>(ranks, count, round);
        const auto before = values;
        for (const clq_status status : all_reduce(comm, 0, values)) ASSERT_EQ(status, CLQ_OK);
        for (size_t i = 0; i < count; ++i)
          for (const auto& of_rank : values) ASSERT_EQ(of_rank[i], tree(before, i)) << ranks << " ranks, element " << i;
      }
    }
}

TEST(LocalComm, KeepsBucketsApartThatAreUnderWayTogether) {
  LocalComm comm(2, 2);
  std::vector<float> first[2] = {{1}, {2}}, second[2] = {{10}, {20}};
  std::vector<std::thread> threads;
  for (uint32_t rank = 0; rank < 2; ++rank)
    threads.emplace_back([&, rank] {
      const clq_comm* c = comm.of(rank);
      bool good = true;
      for (int round = 0; good && round < 1000; ++round) {
        first[rank][0] = static_cast<float>(rank + 1);
        second[rank][0] = static_cast<float>(10 * (rank + 1));
        good = c->start(c, 0, first[rank].data(), 1, CLQ_F32, CLQ_REDUCE_SUM) == CLQ_OK &&
               c->start(c, 1, second[rank].data(), 1, CLQ_F32, CLQ_REDUCE_SUM) == CLQ_OK && c->finish(c, 0) == CLQ_OK &&
               c->finish(c, 1) == CLQ_OK && first[rank][0] == 3 && second[rank][0] == 30;
      }
      EXPECT_TRUE(good);
      if (!good) comm.leave();
    });
  for (std::thread& t : threads) t.join();
}

TEST(LocalComm, RefusesWhatReplicasDoNotShare) {
  LocalComm comm(2, 1);
  std::vector<std::vector<float>> values = {{1, 2}, {3}};
  for (const clq_status status : all_reduce(comm, 0, values)) EXPECT_EQ(status, CLQ_E_INVALID);
  const clq_comm* c = comm.of(0);
  float x = 0;
  EXPECT_EQ(c->start(c, 1, &x, 1, CLQ_F32, CLQ_REDUCE_SUM), CLQ_E_INVALID);
  EXPECT_EQ(c->start(c, 0, &x, 1, CLQ_I64, CLQ_REDUCE_SUM), CLQ_E_INVALID);
  EXPECT_EQ(c->start(c, 0, &x, 1, CLQ_F32, CLQ_REDUCE_MAX), CLQ_E_UNSUPPORTED);
}

TEST(LocalComm, TellsAtOnceThatAReplicaIsLost) {
  LocalComm comm(2, 1);
  const clq_comm* c = comm.of(0);
  float x = 1;
  ASSERT_EQ(c->start(c, 0, &x, 1, CLQ_F32, CLQ_REDUCE_SUM), CLQ_OK);
  clq_status status = CLQ_OK;
  std::thread waits([&] { status = c->finish(c, 0); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  comm.leave();
  waits.join();
  EXPECT_EQ(status, CLQ_E_PEER);
  EXPECT_EQ(c->start(c, 0, &x, 1, CLQ_F32, CLQ_REDUCE_SUM), CLQ_E_PEER);
}

TEST(LocalComm, RefusesCallsOutOfOrder) {
  LocalComm comm(2, 1);
  const clq_comm* c = comm.of(0);
  float x = 1;
  EXPECT_EQ(c->finish(c, 0), CLQ_E_INVALID);
  ASSERT_EQ(c->start(c, 0, &x, 1, CLQ_F32, CLQ_REDUCE_SUM), CLQ_OK);
  EXPECT_EQ(c->start(c, 0, &x, 1, CLQ_F32, CLQ_REDUCE_SUM), CLQ_E_INVALID);
}

// Whoever leaves, or hears of it, frees its memory at once: a sanitizer sees who still touches it.
TEST(LocalComm, LeavesNobodysMemoryInUse) {
  constexpr int64_t kCount = 1 << 18;
  for (int round = 0; round < 40; ++round) {
    LocalComm comm(3, 1);
    std::vector<std::thread> threads;
    for (uint32_t rank = 0; rank < 3; ++rank)
      threads.emplace_back([&, rank] {
        const clq_comm* c = comm.of(rank);
        auto data = std::make_unique<std::vector<float>>(kCount, 1.0f);
        c->start(c, 0, data->data(), kCount, CLQ_F32, CLQ_REDUCE_SUM);
        if (rank == 2)
          comm.leave();
        else
          c->finish(c, 0);
        data.reset();
      });
    for (std::thread& t : threads) t.join();
  }
}

}  // namespace
}  // namespace clq

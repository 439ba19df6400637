// tests/core/data/sampler.test.cpp -- the shuffle is a bijection, uniform, pure, and cut into batches without loss.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/sampler.hpp"

#include <algorithm>
#include <numeric>

#include "core/data/support.hpp"

namespace clq {
namespace {

std::vector<int64_t> order(uint64_t seed, int64_t epoch, int64_t n) {
  std::vector<int64_t> all;
  for (int64_t p = 0; p < n; ++p) all.push_back(order_at(seed, epoch, n, p));
  return all;
}

class Shuffle : public testing::TestWithParam<int64_t> {};

TEST_P(Shuffle, IsABijectionForEverySeedAndEpoch) {
  const int64_t n = GetParam();
  for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{42}, ~uint64_t{0}})
    for (const int64_t epoch : {0, 1, 2, 1000000}) {
      std::vector<int64_t> all = order(seed, epoch, n);
      std::sort(all.begin(), all.end());
      for (int64_t i = 0; i < n; ++i)
        ASSERT_EQ(all[static_cast<size_t>(i)], i) << "seed " << seed << " epoch " << epoch;
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Shuffle,
                         testing::Values(1, 2, 3, 4, 5, 7, 16, 17, 63, 64, 65, 255, 256, 257, 1000, 4096, 4097, 12000));

TEST(Shuffle, ReachesFarIntoABillionRows) {
  const int64_t n = 1'000'000'007;
  for (int64_t p = 0; p < 1000; ++p) {
    const int64_t sample = order_at(7, 3, n, p * 999'983);
    ASSERT_TRUE(sample >= 0 && sample < n);
  }
}

// Chi-squared with 6 x 6 degrees of freedom: mean 36, deviation 8.5; the draws are fixed, so the test cannot flicker.
TEST(Shuffle, SendsEveryPositionEverywhereEquallyOften) {
  constexpr int64_t kN = 7, kDraws = 7000;
  std::vector<double> hits(kN * kN);
  for (int64_t epoch = 0; epoch < kDraws; ++epoch)
    for (int64_t p = 0; p < kN; ++p) ++hits[static_cast<size_t>(p * kN + order_at(5, epoch, kN, p))];
  const double expected = kDraws / static_cast<double>(kN);
  double chi2 = 0;
  for (const double h : hits) chi2 += (h - expected) * (h - expected) / expected;
  EXPECT_LT(chi2, 80);
  EXPECT_GT(chi2, 10);
}

TEST(Shuffle, LeavesNoTrendInALargeEpoch) {
  const std::vector<int64_t> all = order(3, 9, 12000);
  double sum = 0;
  int64_t neighbours = 0;
  for (size_t p = 0; p < all.size(); ++p) {
    sum += (static_cast<double>(p) - 5999.5) * (static_cast<double>(all[p]) - 5999.5);
    if (p > 0 && all[p] == all[p - 1] + 1) ++neighbours;
  }
  EXPECT_LT(std::abs(sum / (12000.0 * 12000.0 * 12000.0 / 12.0)),
            0.04);           // 4 deviations of a correlation of 12000 pairs
  EXPECT_LT(neighbours, 8);  // one expected
}

TEST(Shuffle, DependsOnSeedAndEpochAlone) {
  EXPECT_EQ(order(1, 2, 1000), order(1, 2, 1000));
  EXPECT_NE(order(1, 2, 1000), order(1, 3, 1000));
  EXPECT_NE(order(1, 2, 1000), order(2, 2, 1000));
}

// The order is part of the interface: these values came with the first release.
TEST(Shuffle, KeepsItsDefinition) { EXPECT_THAT(order(1, 0, 10), testing::ElementsAre(0, 7, 5, 2, 6, 8, 3, 9, 4, 1)); }

TEST(Shuffle, RefusesAPositionOutside) {
  EXPECT_EQ(test::words_of([] { order_at(0, 0, 10, 10); }), "position 10 is not in 0..9");
}

TEST(Sampler, ServesEveryRowOnceAnEpochWithAShortLastBatch) {
  RowSet rows(100);
  for (int64_t r = 1; r < 100; r += 3) rows.insert(r);
  rows.freeze();
  const Sampler sampler(rows, 8, 4, true, false);
  ASSERT_EQ(sampler.batches_per_epoch(), 5);
  std::vector<int64_t> seen;
  for (int64_t b = 5; b < 10; ++b) {
    const BatchRows batch = sampler.batch(b);
    EXPECT_EQ(batch.epoch, 1);
    EXPECT_EQ(batch.first_position, (b - 5) * 8);
    EXPECT_EQ(batch.samples.size(), b == 9 ? 1u : 8u);
    seen.insert(seen.end(), batch.samples.begin(), batch.samples.end());
  }
  std::sort(seen.begin(), seen.end());
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], 1 + 3 * static_cast<int64_t>(i));
  EXPECT_EQ(seen.size(), 33u);
}

TEST(Sampler, ServesTheShuffleOfItsSeed) {
  const RowSet rows = RowSet::all(100);
  for (const uint64_t seed : {0, 1, 2})
    for (const int64_t epoch : {0, 3})
      EXPECT_EQ(Sampler(rows, 100, seed, true, false).batch(epoch).samples, order(seed, epoch, 100)) << seed;
}

TEST(Sampler, GoesUpwardsWithoutShuffle) {
  const RowSet rows = RowSet::all(10);
  EXPECT_THAT(Sampler(rows, 4, 0, false, false).batch(2).samples, testing::ElementsAre(8, 9));
  EXPECT_THAT(Sampler(rows, 4, 0, false, false).batch(3).samples, testing::ElementsAre(0, 1, 2, 3));
}

TEST(Sampler, DropsTheRemainderWhenAsked) {
  const RowSet rows = RowSet::all(10);
  EXPECT_EQ(Sampler(rows, 4, 0, true, true).batches_per_epoch(), 2);
  EXPECT_EQ(test::words_of([&] { Sampler(rows, 11, 0, true, true); }), "a batch of 11 is larger than the 10 rows");
}

TEST(Sampler, RefusesAnEmptySet) {
  RowSet rows(5);
  rows.freeze();
  EXPECT_EQ(test::words_of([&] { Sampler(rows, 4, 0, true, false); }), "there is no row to read, of 5");
}

TEST(Sampler, GivesEachSampleAsManyRowsAsItHasViews) {
  const RowSet rows = RowSet::all(7);
  const Sampler plain(rows, 2, 5, true, false), pairs(rows, 4, 5, true, false, 2);
  EXPECT_EQ(pairs.batches_per_epoch(), plain.batches_per_epoch());
  for (int64_t b = 0; b < 8; ++b) {
    std::vector<int64_t> twice;
    for (const int64_t sample : plain.batch(b).samples) twice.insert(twice.end(), 2, sample);
    EXPECT_EQ(pairs.batch(b).samples, twice);
    EXPECT_EQ(pairs.batch(b).views, 2);
  }
  EXPECT_EQ(test::words_of([&] { Sampler(rows, 5, 0, true, false, 2); }),
            "a batch of 5 rows is not of whole samples, which have 2 each");
}

}  // namespace
}  // namespace clq

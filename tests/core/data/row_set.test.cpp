// tests/core/data/row_set.test.cpp -- rank and select against a plain list.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/row_set.hpp"

#include <random>

#include "core/data/support.hpp"

namespace clq {
namespace {

struct Pair {
  RowSet set;
  std::vector<bool> oracle;
};

Pair random_set(int64_t n, double density, uint32_t seed) {
  std::mt19937 random(seed);
  std::bernoulli_distribution in(density);
  Pair pair{RowSet(n), std::vector<bool>(static_cast<size_t>(n))};
  for (int64_t row = 0; row < n; ++row) {
    if (!in(random)) continue;
    pair.set.insert(row);
    pair.oracle[static_cast<size_t>(row)] = true;
  }
  pair.set.freeze();
  return pair;
}

void expect_same(const RowSet& set, const std::vector<bool>& oracle) {
  int64_t rank = 0;
  const auto n = static_cast<int64_t>(oracle.size());
  for (int64_t row = 0; row < n; ++row) {
    ASSERT_EQ(set.contains(row), oracle[static_cast<size_t>(row)]) << row;
    if (!oracle[static_cast<size_t>(row)]) continue;
    ASSERT_EQ(set.select(rank), row);
    ++rank;
  }
  EXPECT_EQ(set.size(), rank);
  EXPECT_EQ(set.universe(), n);
}

TEST(RowSet, AgreesWithAPlainListForRandomSets) {
  uint32_t seed = 0;
  for (const int64_t n : {0, 1, 63, 64, 65, 511, 512, 513, 1000, 5000, 20011})
    for (const double density : {0.0, 0.01, 0.5, 0.97, 1.0}) {
      const Pair pair = random_set(n, density, ++seed);
      expect_same(pair.set, pair.oracle);
    }
}

TEST(RowSet, OfAllRowsStoresNothing) {
  const RowSet set = RowSet::all(1'000'000'000);
  EXPECT_EQ(set.bytes(), 0);
  EXPECT_EQ(set.size(), 1'000'000'000);
  EXPECT_EQ(set.select(123'456'789), 123'456'789);
  EXPECT_TRUE(set.contains(999'999'999));
  EXPECT_FALSE(set.contains(1'000'000'000));
}

TEST(RowSet, TakesASeventhOfAByteARow) {
  const Pair pair = random_set(700'000, 0.5, 1);
  EXPECT_LE(pair.set.bytes(), 100'200);
}

TEST(RowSet, RefusesRowsOutside) {
  RowSet set(10);
  set.insert(3);
  set.freeze();
  EXPECT_EQ(test::words_of([&] { set.insert(10); }), "row 10 is not in 0..9");
  EXPECT_EQ(test::words_of([&] { set.select(1); }), "there is no row 1 in a set of 1");
  EXPECT_FALSE(set.contains(-1));
}

}  // namespace
}  // namespace clq

// tests/core/data/statistics.test.cpp -- streamed statistics against two passes, with any number of readers.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/statistics.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstring>
#include <random>

#include "core/data/support.hpp"

namespace clq {
namespace {

const RowRule kEveryRow = [](float*) -> int64_t { return -1; };

std::vector<double> draws(int64_t n, double mean, double deviation) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal(mean, deviation);
  std::vector<double> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(static_cast<float>(normal(random)));
  return values;
}

std::vector<ColumnStatistics> collect(const test::Columns& columns, const RowSet& rows, uint32_t readers,
                                      const RowRule& rule = kEveryRow) {
  const auto source = test::make_source(columns);
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.first);
  const BatchLayout layout = make_layout(Config(Json{{"scalars", names}}), source->schema(), false);
  return collect_statistics(*source, layout, rows, readers, names, rule);
}

TEST(Statistics, AgreeWithTwoPasses) {
  const std::vector<double> values = draws(30011, 1000, 0.5);  // a mean far from 0: the naive sum of squares would fail
  const ColumnStatistics s = collect({{"x", values}}, RowSet::all(30011), 1)[0];
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  const double mean = sum / 30011;
  for (const double v : values) squares += (v - mean) * (v - mean);
  EXPECT_EQ(s.count, 30011);
  EXPECT_NEAR(s.mean, mean, 1e-12 * mean);
  EXPECT_NEAR(s.m2, squares, 1e-9 * squares);
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(s.minimum, sorted.front());
  EXPECT_EQ(s.maximum, sorted.back());
  EXPECT_EQ(s.median, sorted[15005]);
  EXPECT_NEAR(s.q001, sorted[30] + 0.01 * (sorted[31] - sorted[30]), 1e-9);
  EXPECT_NEAR(s.q999, sorted[29979] + 0.99 * (sorted[29980] - sorted[29979]), 1e-9);
}

TEST(Statistics, HaveTheSameBitsForAnyNumberOfReaders) {
  const std::vector<double> values = draws(300000, 3, 2);
  RowSet rows(300000);
  for (int64_t r = 0; r < 300000; r += r % 3 + 1) rows.insert(r);
  rows.freeze();
  ASSERT_GT(rows.size(), kQuantileRows);  // quantiles of a draw
  const auto one = collect({{"x", values}}, rows, 1);
  for (const uint32_t readers : {2u, 4u}) {
    const auto many = collect({{"x", values}}, rows, readers);
    EXPECT_EQ(std::memcmp(one.data(), many.data(), sizeof(one[0])), 0) << readers;
  }
  EXPECT_NEAR(one[0].median, 3, 0.05);
}

// The caller's thread works, too: signals that its host waits for must still reach it.
TEST(Statistics, LeaveTheCallersSignalsAlone) {
  std::atomic<int> blocked{0};
  const RowRule rule = [&blocked, caller = pthread_self()](float*) -> int64_t {
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, nullptr, &now);
    blocked += pthread_equal(pthread_self(), caller) != 0 && sigismember(&now, SIGTERM) == 1;
    return -1;
  };
  collect({{"x", draws(5000, 0, 1)}}, RowSet::all(5000), 1, rule);
  EXPECT_EQ(blocked, 0);
}

TEST(Statistics, LeaveOutWhatTheRuleRefuses) {
  const auto rule = [](float* row) -> int64_t { return row[0] < 0 ? 0 : row[1] < 0 ? 1 : -1; };
  const auto s = collect({{"a", {1, -1, 3, 5}}, {"b", {10, 20, -30, 50}}}, RowSet::all(4), 1, rule);
  EXPECT_EQ(s[0].count, 2);
  EXPECT_EQ(s[0].mean, 3);
  EXPECT_EQ(s[1].mean, 30);
  EXPECT_EQ(s[1].median, 30);
}

TEST(Statistics, NameTheColumnThatLeavesNothing) {
  const auto rule = [](float* row) -> int64_t { return row[0] < 0 ? 0 : 1; };
  EXPECT_EQ(test::words_of([&] {
              collect({{"a", {-1, 1, 1}}, {"b", {0, 0, 0}}}, RowSet::all(3), 1, rule);
            }),
            "no training row has every input: b is missing or not finite in 2 of 3 rows");
}

TEST(Statistics, NameTheFirstRowWhereNoneCanBeRead) {
  test::Scripted script{.names = {"a"}, .n = 30011, .value = [](int64_t, uint32_t) { return 1.0; }};
  script.before = [](int64_t, const clq_read&) { return CLQ_E_DATA; };
  const auto source = test::open_scripted(script);
  const BatchLayout layout = make_layout(test::config(R"({"scalars": ["a"]})"), source->schema(), false);
  RowSet rows(30011);
  for (int64_t r = 7; r < 30011; ++r) rows.insert(r);
  rows.freeze();
  for (const uint32_t readers : {1u, 3u})
    EXPECT_THAT(test::words_of([&] { collect_statistics(*source, layout, rows, readers, {"a"}, kEveryRow); }),
                testing::HasSubstr("none of 30004 training rows can be read; the first: cat.fits[1], row 7"));
}

TEST(Statistics, MergeAsIfAddedOneByOne) {
  ColumnStatistics left, right, whole;
  for (const double v : {1.0, 2.0, 4.0}) add(left, v), add(whole, v);
  for (const double v : {8.0, 16.0}) add(right, v), add(whole, v);
  merge(left, right);
  EXPECT_EQ(left.count, 5);
  EXPECT_DOUBLE_EQ(left.mean, whole.mean);
  EXPECT_DOUBLE_EQ(left.m2, whole.m2);
  EXPECT_EQ(left.maximum, 16);
}

TEST(Statistics, QuantilesLieBetweenTheNearestValues) {
  EXPECT_EQ(quantile({1, 2, 3}, 0.5), 2);
  EXPECT_EQ(quantile({1, 2}, 0.25), 1.25);
  EXPECT_EQ(quantile({5}, 0.999), 5);
  EXPECT_EQ(quantile({1, 2}, 1.0), 2);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

}  // namespace
}  // namespace clq

// tests/core/data/scan.test.cpp -- every count of a scan against data with known gaps, for any number of readers.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/scan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/array_source.hpp"
#include "data/id_reader.hpp"
#include "data/scan_series.hpp"

namespace clq {
namespace {

using testing::HasSubstr;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// X = row, NaN in row 3, -99 in rows 4 and 5; ID = row, that of row 7 is 2; images [2, 4, 4]: pixel p of band b of
// row r is 100 b + r + p / 100; band 1 of row 9 is NaN, and three pixels of band 0 of row 10.
struct Toy {
  explicit Toy(int64_t rows = 20) : n(rows) {
    for (int64_t r = 0; r < n; ++r) {
      x.push_back(r == 3 ? kNan : r == 4 || r == 5 ? -99.0f : static_cast<float>(r));
      id.push_back(r == 7 ? 2 : r);
      for (int64_t b = 0; b < 2; ++b)
        for (int64_t p = 0; p < 16; ++p)
          images.push_back((r == 9 && b == 1) || (r == 10 && b == 0 && p < 3)
                               ? kNan
                               : static_cast<float>(100 * b + r) + static_cast<float>(p) / 100.0f);
    }
    ArraySource arrays(n);
    arrays.add("X", x.data(), {CLQ_F32, {}}, false);
    arrays.add("ID", id.data(), {CLQ_I64, {}}, false);
    arrays.add("images", images.data(), {CLQ_F32, {2, 4, 4}}, false);
    source = arrays.open();
  }
  int64_t n;
  std::vector<float> x, images;
  std::vector<int64_t> id;
  std::shared_ptr<DataSource> source;
};

ScanOptions options(uint32_t readers = 1) {
  ScanOptions o;
  o.readers = readers;
  o.nulls = {-99};
  o.id = "ID";
  o.used = {"X"};
  return o;
}

TEST(Scan, CountsWhatIsMissing) {
  const Toy toy;
  const Scan scan = scan_source(*toy.source, options());
  EXPECT_EQ(scan.rows, 20);
  EXPECT_EQ(scan.unreadable, 0);
  EXPECT_EQ(scan.missing_value, 3);
  EXPECT_EQ(scan.missing_band, 1);
  EXPECT_EQ(scan.gappy_band, 1);
  EXPECT_EQ(scan.duplicate_ids, 1);
  EXPECT_EQ(scan.duplicate_rows, 2);
  ASSERT_EQ(scan.series.size(), 4u);
  const SeriesScan &x = scan.series[0], &first = scan.series[2], &second = scan.series[3];
  EXPECT_EQ(x.nan, 1);
  EXPECT_EQ(x.null, 2);
  EXPECT_EQ(x.minimum, 0);
  EXPECT_EQ(x.maximum, 19);
  EXPECT_EQ(x.median, 11);  // of 0 1 2 6 ... 19
  EXPECT_EQ(x.sampled, 17);
  EXPECT_EQ(first.name, "images[0]");
  EXPECT_EQ(first.nan, 3);
  EXPECT_EQ(first.rows_gappy, 1);
  EXPECT_EQ(first.rows_empty, 0);
  EXPECT_EQ(second.nan, 16);
  EXPECT_EQ(second.rows_empty, 1);
  EXPECT_FLOAT_EQ(static_cast<float>(second.minimum), 100);
  EXPECT_FLOAT_EQ(static_cast<float>(second.maximum), 119.15f);
}

TEST(Scan, ListsTheBadRowsInOrderWithTheirReasons) {
  const Scan scan = scan_source(*Toy().source, options(3));
  std::vector<std::pair<int64_t, std::string>> rows;
  for (const BadRow& bad : scan.bad) rows.emplace_back(bad.row, problem_words(bad.problems));
  const std::vector<std::pair<int64_t, std::string>> wanted = {
      {2, "repeated id"}, {3, "missing value"}, {4, "missing value"},  {5, "missing value"},
      {7, "repeated id"}, {9, "missing band"},  {10, "missing pixels"}};
  EXPECT_EQ(rows, wanted);
  EXPECT_EQ(scan.bad_rows, 7);
  EXPECT_EQ(scan.bad[0].words, "its id is in 2 rows");
  EXPECT_EQ(scan.bad[5].words, "images[1] has no finite pixel");
  EXPECT_THAT(scan.bad[6].words, HasSubstr("18.8 %"));  // 3 of 16
}

// More bad rows than are listed: each id in two rows, and X missing but for the first 100. The counts are of all, the
// list has the lowest rows, though the lowest ids are in the last ones.
TEST(Scan, CountsMoreBadRowsThanItLists) {
  constexpr int64_t kN = kMostBadRows + 200000;
  const std::vector<float> x = [] {
    std::vector<float> values(kN, kNan);
    std::fill_n(values.begin(), 100, 1.0f);
    return values;
  }();
  std::vector<int64_t> id;
  for (int64_t row = 0; row < kN; ++row) id.push_back((kN - 1 - row) / 2);
  ArraySource arrays(kN);
  arrays.add("X", x.data(), {CLQ_F32, {}}, true);
  arrays.add("ID", id.data(), {CLQ_I64, {}}, true);
  const Scan scan = scan_source(*arrays.open(), options(2));
  EXPECT_EQ(scan.missing_value, kN - 100);
  EXPECT_EQ(scan.duplicate_ids, kN / 2);
  EXPECT_EQ(scan.duplicate_rows, kN);
  EXPECT_EQ(scan.bad_rows, kN);
  ASSERT_EQ(scan.bad.size(), static_cast<size_t>(kMostBadRows));
  EXPECT_EQ(problem_words(scan.bad[99].problems), "repeated id");
  EXPECT_EQ(problem_words(scan.bad[100].problems), "missing value, repeated id");
  EXPECT_EQ(scan.bad.back().row, kMostBadRows - 1);
  EXPECT_EQ(problem_words(scan.bad.back().problems), "missing value, repeated id");
}

// The lowest rows are listed also where the list was full of others.
TEST(Scan, ListsTheLowestRows) {
  constexpr int64_t kN = kMostBadRows + 4;
  std::vector<float> x(kN, kNan);
  std::vector<int64_t> id(kN);
  for (int64_t row = 0; row < kN; ++row) id[static_cast<size_t>(row)] = row;
  for (const int64_t row : {0, 1, 2}) x[static_cast<size_t>(row)] = 1;
  id[2] = 0;
  ArraySource arrays(kN);
  arrays.add("X", x.data(), {CLQ_F32, {}}, true);
  arrays.add("ID", id.data(), {CLQ_I64, {}}, true);
  const Scan scan = scan_source(*arrays.open(), options());
  EXPECT_EQ(scan.bad_rows, kN - 1);
  EXPECT_EQ(scan.bad.size(), static_cast<size_t>(kMostBadRows));
  EXPECT_EQ(scan.bad[0].row, 0);
  EXPECT_EQ(scan.bad[1].row, 2);
  EXPECT_EQ(scan.bad.back().row, kMostBadRows);
}

TEST(IdReader, PartsRegularIdsEvenly) {
  for (const uint64_t step : std::initializer_list<uint64_t>{1, 2, 8, 1000000, 1u << 31, uint64_t{1} << 40})
    for (const uint64_t parts : {2u, 3u, 8u}) {
      std::vector<int64_t> sizes(parts);
      for (uint64_t k = 0; k < 60000; ++k) ++sizes[part_of(k * step, parts)];
      for (const int64_t size : sizes) EXPECT_NEAR(size * static_cast<double>(parts) / 60000, 1, 0.1) << step << parts;
    }
}

TEST(Scan, DoesNotDependOnItsReaders) {
  const Toy toy(30000);
  const Json one = scan_json(scan_source(*toy.source, options(1)), *toy.source);
  for (const uint32_t readers : {2u, 5u})
    EXPECT_EQ(scan_json(scan_source(*toy.source, options(readers)), *toy.source), one) << readers;
}

TEST(Scan, TellsHowFarItIs) {
  const Toy toy(10000);
  std::atomic<int64_t> done{0};
  ScanOptions o = options();
  o.done = &done;
  scan_source(*toy.source, o);
  EXPECT_EQ(done.load(), 10000);
}

// Every pixel as often as any other: a stride that divides the row of an image would see one column alone.
TEST(ScanSample, DrawsEveryPlaceOfAnImage) {
  ScanSample sample(4000, 101 * 101, 1 << 16);
  std::vector<float> place(101 * 101);
  for (size_t p = 0; p < place.size(); ++p) place[p] = static_cast<float>(p);
  for (int64_t row = 0; row < 4000; ++row) sample.take<float>(row, place, {});
  const std::vector<double> drawn = sample.values();
  EXPECT_LE(drawn.size(), size_t{1} << 16);
  EXPECT_GT(drawn.size(), size_t{60000});
  const std::set<double> different(drawn.begin(), drawn.end());
  EXPECT_GT(different.size(), place.size() * 95 / 100);
  EXPECT_NEAR(drawn[drawn.size() / 2], 101 * 101 / 2.0, 101);
}

std::shared_ptr<DataSource> dusty(double coefficient) {
  std::vector<double> ebv, extinction;
  for (int i = 0; i < 100; ++i) {
    ebv.push_back(i == 0 ? 0.0 : 0.002 * i);
    extinction.push_back(coefficient * ebv.back());
  }
  ArraySource arrays(100);
  arrays.add("EXTINCTION_R", extinction.data(), {CLQ_F64, {}}, false);
  arrays.add("SFD_EBV", ebv.data(), {CLQ_F64, {}}, false);
  return arrays.open();
}

TEST(Scan, NamesTheDustCoefficients) {
  for (const auto& [coefficient, words] :
       {std::pair{2.285, "Schlafly & Finkbeiner 2011"}, {2.751, "Davis 1998"}, {3.1, "neither"}}) {
    const Scan scan = scan_source(*dusty(coefficient), {});
    ASSERT_EQ(scan.extinction.size(), 1u);
    EXPECT_NEAR(scan.extinction[0].ratio, coefficient, 1e-12);
    EXPECT_EQ(scan.extinction[0].rows, 99);
    EXPECT_TRUE(scan.extinction[0].set.find(words) != std::string::npos &&
                (coefficient == 3.1 || !scan.extinction[0].set.starts_with("neither")))
        << scan.extinction[0].set;
  }
  EXPECT_TRUE(scan_source(*Toy().source, {}).extinction.empty());
}

TEST(Scan, NamesAnUnknownColumn) {
  ScanOptions o;
  o.id = "IDD";
  EXPECT_THROW(scan_source(*Toy().source, o), Error);
  o.id = "X";
  try {
    scan_source(*Toy().source, o);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("an id is one integer or a text"));
  }
}

TEST(FindRows, GivesTheFirstAndTheirNumber) {
  const Toy toy;
  const auto found = [&](const std::string& column, const std::string& id) {
    const FoundRows rows = find_rows(*toy.source, column, id);
    return std::pair{rows.first, rows.count};
  };
  EXPECT_EQ(found("ID", "2"), (std::pair<int64_t, int64_t>{2, 2}));
  EXPECT_EQ(found("ID", "19"), (std::pair<int64_t, int64_t>{19, 1}));
  EXPECT_EQ(found("ID", "-4"), (std::pair<int64_t, int64_t>{-1, 0}));
  EXPECT_EQ(found("", "6"), (std::pair<int64_t, int64_t>{6, 1}));
  EXPECT_EQ(found("", "20"), (std::pair<int64_t, int64_t>{-1, 0}));
  EXPECT_THROW(found("ID", "two"), Error);
  EXPECT_THROW(found("", "two"), Error);
}

TEST(FindRows, KeepsNegativeAndVeryLargeIds) {
  const int64_t signed_ids[] = {-5, INT64_MIN, INT64_MAX};
  const uint64_t unsigned_ids[] = {UINT64_MAX, 1, 0};
  ArraySource arrays(3);
  arrays.add("S", signed_ids, {CLQ_I64, {}}, false);
  arrays.add("U", unsigned_ids, {CLQ_U64, {}}, false);
  const auto source = arrays.open();
  EXPECT_EQ(find_rows(*source, "S", "-9223372036854775808").first, 1);
  EXPECT_EQ(find_rows(*source, "S", "-5").first, 0);
  EXPECT_EQ(find_rows(*source, "U", "18446744073709551615").first, 0);
}

}  // namespace
}  // namespace clq

// tests/core/data/selection.test.cpp -- `where` and the split by id.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/selection.hpp"

#include <cmath>
#include <map>

#include "core/data/support.hpp"

namespace clq {
namespace {

std::vector<double> ramp(int64_t n) {
  std::vector<double> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(static_cast<double>(i));
  return values;
}

TEST(Where, SelectsRowsAcrossBlocks) {
  const auto source = test::make_source({{"x", ramp(10000)}});
  const RowSet set = select_where(*source, "x >= 4000 && x < 5000 || x == 9999");
  EXPECT_EQ(set.size(), 1001);
  EXPECT_TRUE(set.contains(4000));
  EXPECT_FALSE(set.contains(5000));
  EXPECT_EQ(set.select(1000), 9999);
}

TEST(Where, SelectsAllWhenEmptyAndTakesConstants) {
  const auto source = test::make_source({{"x", ramp(10)}});
  EXPECT_EQ(select_where(*source, "").bytes(), 0);
  EXPECT_EQ(select_where(*source, "").size(), 10);
  EXPECT_EQ(select_where(*source, "1 < 2").size(), 10);
  EXPECT_EQ(select_where(*source, "1 > 2").size(), 0);
}

TEST(Where, TakesNullsForNothing) {
  const auto source = test::make_source({{"x", {1, std::nan(""), -99, 5}}});
  EXPECT_EQ(select_where(*source, "x < 4").size(), 2);
  EXPECT_EQ(select_where(*source, "x < 4", {-99}).size(), 1);
  EXPECT_EQ(select_where(*source, "isnan(x)", {-99}).size(), 2);
}

// -99.99 is no F32: what the column holds is the float next to it.
TEST(Where, TakesNullsForNothingInFloatColumns) {
  const float values[3] = {1, -99.99f, 5};
  ArraySource arrays(3);
  arrays.add("x", values, {CLQ_F32, {}}, true);
  EXPECT_EQ(select_where(*arrays.open(), "x < 4", {-99.99}).size(), 1);
}

TEST(Where, NamesAnUnknownColumnAndRefusesVectors) {
  const auto source = test::make_source({{"ZWARNING", {1}}});
  EXPECT_EQ(test::words_of([&] { select_where(*source, "ZWARN == 0"); }), "where: there is no column 'ZWARN'");
  EXPECT_EQ(test::words_of([&] { select_where(*source, "ZWARNIN == 0"); }),
            "where: there is no column 'ZWARNIN', did you mean 'ZWARNING'?");
  ArraySource arrays(1);
  const double two[2] = {1, 2};
  arrays.add("v", two, {CLQ_F64, {2}}, true);
  EXPECT_EQ(test::words_of([&] { select_where(*arrays.open(), "v > 0"); }),
            "where: v has shape [2], one number is needed");
}

TEST(Where, LeavesRowsThatCannotBeReadToThePolicy) {
  test::Scripted script{{"x"}, 100, 0, [](int64_t row, uint32_t) { return static_cast<double>(row); }};
  script.before = [](int64_t row, const clq_read&) { return row == 30 || row == 77 ? CLQ_E_DATA : CLQ_OK; };
  const RowSet set = select_where(*test::open_scripted(script), "x < 10");
  EXPECT_EQ(set.size(), 12);
  EXPECT_TRUE(set.contains(30) && set.contains(77));
}

// Which part the row with each id went to, for rows in the given order of ids.
std::map<int64_t, char> parts_of(const std::vector<int64_t>& ids, const std::string& split) {
  ArraySource arrays(static_cast<int64_t>(ids.size()));
  arrays.add("id", ids.data(), {CLQ_I64, {}}, true);
  const auto source = arrays.open("id");
  const SplitRows rows =
      split_rows(*source, RowSet::all(static_cast<int64_t>(ids.size())), test::config(split, "split"));
  std::map<int64_t, char> parts;
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    EXPECT_EQ(rows.train.contains(row) + rows.valid.contains(row) + rows.test.contains(row), 1);
    parts[ids[i]] = rows.test.contains(row) ? 't' : rows.valid.contains(row) ? 'v' : 'l';
  }
  return parts;
}

TEST(Split, DependsOnTheIdAlone) {
  std::vector<int64_t> ids;
  for (int64_t i = 0; i < 5000; ++i) ids.push_back(i * 977 + 13);
  const std::string split = R"({"by": "id", "test": 0.2, "valid": 0.05, "seed": 3})";
  const auto before = parts_of(ids, split);
  std::reverse(ids.begin(), ids.end());
  ids.push_back(123456789);
  const auto after = parts_of(ids, split);
  for (const auto& [id, part] : before) ASSERT_EQ(after.at(id), part);
}

// Counts of 20000 draws: within 4 binomial deviations (57 and 31 rows).
TEST(Split, HasTheSizesAskedFor) {
  const auto source = test::make_source({{"x", ramp(20000)}});
  const SplitRows rows =
      split_rows(*source, RowSet::all(20000), test::config(R"({"test": 0.2, "valid": 0.05, "seed": 1})"));
  EXPECT_NEAR(static_cast<double>(rows.test.size()), 4000, 4 * 57);
  EXPECT_NEAR(static_cast<double>(rows.valid.size()), 1000, 4 * 31);
  EXPECT_EQ(rows.test.size() + rows.valid.size() + rows.train.size(), 20000);
}

TEST(Split, KeepsTheTestPartWhenTheValidPartGrowsAndChangesWithTheSeed) {
  const auto source = test::make_source({{"x", ramp(1000)}});
  const auto test_rows = [&](const std::string& json) {
    const RowSet rows = split_rows(*source, RowSet::all(1000), test::config(json)).test;
    std::vector<int64_t> list;
    for (int64_t k = 0; k < rows.size(); ++k) list.push_back(rows.select(k));
    return list;
  };
  EXPECT_EQ(test_rows(R"({"test": 0.3})"), test_rows(R"({"test": 0.3, "valid": 0.2})"));
  EXPECT_NE(test_rows(R"({"test": 0.3, "seed": 1})"), test_rows(R"({"test": 0.3, "seed": 2})"));
}

TEST(Split, StaysInsideTheSelection) {
  const auto source = test::make_source({{"x", ramp(1000)}});
  const RowSet selected = select_where(*source, "x < 100");
  const SplitRows rows = split_rows(*source, selected, test::config(R"({"test": 0.5})"));
  EXPECT_EQ(rows.train.size() + rows.test.size(), 100);
  EXPECT_EQ(rows.valid.size(), 0);
  for (int64_t k = 0; k < rows.train.size(); ++k) EXPECT_TRUE(selected.contains(rows.train.select(k)));
}

TEST(Split, NamesWhatIsWrong) {
  const auto source = test::make_source({{"x", ramp(3)}});
  const auto words = [&](const std::string& json) {
    return test::words_of([&] { split_rows(*source, RowSet::all(3), test::config(json, "split")); });
  };
  EXPECT_EQ(words(R"({"by": "healpix"})"), "split.by: 'healpix' is not offered, only \"id\" is");
  EXPECT_EQ(words(R"({"test": 0.8, "valid": 0.3})"), "split.test + split.valid is 1.1, nothing is left to train on");
  EXPECT_EQ(words(R"({"tests": 0.1})"), "split.tests is unknown, did you mean 'test'?");
  EXPECT_EQ(words(R"({"test": 1e-9})"),
            "split: 3 rows to train, 0 to validate (split.valid = 0), 0 to test (split.test = 1e-09): a part is empty");
}

}  // namespace
}  // namespace clq

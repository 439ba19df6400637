// tests/core/data/computed_targets.test.cpp -- targets computed of columns: values, nulls, words, readers.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/computed_targets.hpp"

#include <cmath>

#include "core/data/support.hpp"

namespace clq {
namespace {

using D = std::vector<double>;

const test::Columns kColumns = {{"A", {1, 2, 3, 4}}, {"B", {10, 100, -99, 1000}}};

std::shared_ptr<DataSource> with(const std::string& data, bool all = true) {
  return with_computed_targets(std::shared_ptr<const DataSource>(test::make_source(kColumns)),
                               test::config(data, "data"), all);
}

D column(const DataSource& source, const char* name, DType dtype = CLQ_F64) {
  const Tensor values = source.read_field(source.schema().require(name, "test"), {0, 1, 2, 3}, dtype);
  D out;
  for (size_t i = 0; i < 4; ++i)
    out.push_back(dtype == CLQ_F64 ? values.as<double>()[i] : static_cast<double>(values.as<float>()[i]));
  return out;
}

TEST(ComputedTargets, AreColumnsBehindThoseOfTheSource) {
  const auto source = with(R"({"target": {"SUM": "A + B", "L": "log10(B) - A / 2"}, "null": [-99]})");
  ASSERT_EQ(source->schema().fields.size(), 4u);
  EXPECT_EQ(source->schema().fields[2].name, "SUM");
  EXPECT_EQ(column(*source, "A"), (D{1, 2, 3, 4}));
  const D sums = column(*source, "SUM"), logs = column(*source, "L", CLQ_F32);
  EXPECT_EQ(sums[1], 102);
  EXPECT_TRUE(std::isnan(sums[2]));  // not -96: there is none
  EXPECT_EQ(logs[3], 1);
  EXPECT_EQ(source->locate(2), "arrays in memory, row 2");
  EXPECT_EQ(source->fingerprint(), test::make_source(kColumns)->fingerprint());
}

// A column that is asked for beside what is computed of it, each in its own type and place.
TEST(ComputedTargets, AreReadBesideTheirColumns) {
  const auto source = with(R"({"target": {"TWICE": "2 * A"}})");
  Reader reader = source->reader({2, 0});
  alignas(64) double twice[2];
  alignas(64) float a[2];
  const int64_t rows[] = {3, 1};
  const clq_slot slots[] = {{twice, 8, 16, nullptr, to_c({CLQ_F64, {}}), 2, 0},
                            {a, 4, 8, nullptr, to_c({CLQ_F32, {}}), 0, 0}};
  clq_read io{};
  io.struct_size = sizeof(io);
  io.n_slots = 2;
  io.slots = slots;
  io.indices = rows;
  io.n_samples = 2;
  EXPECT_EQ(reader.read(io), CLQ_OK);
  EXPECT_EQ(io.n_done, 2u);
  EXPECT_EQ(twice[0], 8);
  EXPECT_EQ(twice[1], 4);
  EXPECT_EQ(a[0], 4);
}

TEST(ComputedTargets, AreNoneWhereTargetNamesColumns) {
  EXPECT_EQ(with(R"({"target": "A"})"), nullptr);
  EXPECT_EQ(with(R"({"target": ["A", "B"]})"), nullptr);
}

TEST(ComputedTargets, MayMissWhereNobodyNeedsThem) {
  EXPECT_EQ(with(R"({"target": {"X": "A + NONE", "Y": "A"}})", false)->schema().fields.size(), 3u);
}

TEST(ComputedTargets, SayWhatIsWrong) {
  const auto words = [](const char* target) {
    return test::words_of([&] { with(fmt::format("{{\"target\": {}}}", target)); });
  };
  EXPECT_EQ(words(R"({"X": "A + C"})"), "data.target.X: there is no column 'C', did you mean 'A'?");
  EXPECT_EQ(words(R"({"X": "A +"})"), "data.target.X: the text ends where a value is needed at column 4: A +^");
  EXPECT_EQ(words(R"({"B": "A"})"), "data.target.B: B is a column already");
  EXPECT_EQ(words(R"({"X": "2"})"), "data.target.X: names no column: 2");
  EXPECT_EQ(words(R"({"X*": "A"})"), "data.target: 'X*' cannot be the name of a target");
}

// An error in the row of a column is one of the computed target, and rows before it are whole.
TEST(ComputedTargets, PassOnWhereARowCannotBeRead) {
  test::Scripted script{.names = {"A"}, .n = 4};
  script.value = [](int64_t row, uint32_t) { return static_cast<double>(row); };
  script.before = [](int64_t row, const clq_read&) {
    if (row != 2) return CLQ_OK;
    set_thread_error("row 2 is broken");
    return CLQ_E_DATA;
  };
  const auto source = with_computed_targets(std::shared_ptr<const DataSource>(test::open_scripted(script)),
                                            test::config(R"({"target": {"X": "A + 1"}})"), true);
  EXPECT_EQ(test::words_of([&] { source->read_field(1, {0, 1, 2}, CLQ_F64); }), "row 2 is broken");
  EXPECT_EQ(source->read_field(1, {0, 3}, CLQ_F64).as<double>()[1], 4);
}

}  // namespace
}  // namespace clq

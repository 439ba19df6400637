// tests/core/train/prediction_table.test.cpp -- the table that a prediction leaves: all rows, in the catalogue's order.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <sstream>

#include <gmock/gmock.h>

#include "data/array_source.hpp"
#include "toy.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

std::vector<std::vector<std::string>> cells(const std::string& path) {
  std::istringstream in(toy::read_text(path));
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.starts_with('#')) continue;
    std::vector<std::string> row(1);
    for (const char c : line)
      if (c == ',')
        row.emplace_back();
      else
        row.back() += c;
    rows.push_back(std::move(row));
  }
  return rows;
}

class PredictionTableTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(std::string(CLQ_PLUGIN_DIR) + "/clq_csv.so"))
      GTEST_SKIP() << "the csv plugin is not built";
    const auto source = toy::source();
    model_ = toy::model(toy::run(), source);
    Trainer trainer(model_, source, Config(toy::run()), toy::registry(), "");
    toy::finish(trainer);
    options_.batch = 50;
    options_.keep = {"KE*"};
  }
  std::vector<std::vector<std::string>> predict(const std::shared_ptr<DataSource>& source, bool evaluate) {
    predict_source({model_}, source, folder_.file("out.csv"), evaluate, options_, toy::registry());
    return cells(folder_.file("out.csv"));
  }
  toy::Folder folder_;
  std::shared_ptr<Model> model_;
  PredictOptions options_;
};

TEST_F(PredictionTableTest, HasEveryRowInOrder) {
  const auto rows = predict(toy::source(), true);
  ASSERT_EQ(rows.size(), 241u);
  EXPECT_THAT(rows[0], testing::ElementsAre("ID", "KEEP", "PRED", "FLAG_OOD", "FLAG_BAD", "TARGET"));
  for (size_t i = 0; i < 240; ++i) {
    EXPECT_EQ(rows[i + 1][0], std::to_string(1000 + i));
    EXPECT_EQ(rows[i + 1][1], std::to_string(3 * i));
    EXPECT_EQ(rows[i + 1][4], "0");
  }
}

TEST_F(PredictionTableTest, KeepsBadRowsAsNaN) {
  std::vector<float> a = {0.1f, NAN, 0.3f}, b = {0.1f, 0.2f, 90.0f};
  const std::vector<int64_t> id = {7, 8, 9};
  const std::vector<int32_t> keep = {1, 2, 3};
  ArraySource arrays(3);
  arrays.add("A", a.data(), {CLQ_F32, {}}, false);
  arrays.add("B", b.data(), {CLQ_F32, {}}, false);
  arrays.add("ID", id.data(), {CLQ_I64, {}}, false);
  arrays.add("KEEP", keep.data(), {CLQ_I32, {}}, false);
  const auto rows = predict(arrays.open("ID"), false);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_THAT(rows[0], testing::ElementsAre("ID", "KEEP", "PRED", "FLAG_OOD", "FLAG_BAD"));
  EXPECT_EQ(rows[2][0], "8");
  EXPECT_EQ(rows[2][4], std::to_string(kBadNan));
  EXPECT_THAT(rows[2][2], testing::AnyOf("", "nan", "NaN"));
  EXPECT_EQ(rows[3][3], "1");
  EXPECT_EQ(rows[1][3], "0");
}

TEST_F(PredictionTableTest, NothingIsLeftWhenItFails) {
  options_.keep = {"KEPT"};
  EXPECT_THROW(predict(toy::source(), true), Error);
  options_.keep = {"KEEP", "KEEP"};
  EXPECT_THROW(predict(toy::source(), true), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("out.csv")));
}

TEST_F(PredictionTableTest, DoesNotDependOnReadersOrDevice) {
  predict(toy::source(), true);
  const std::string wanted = toy::read_text(folder_.file("out.csv"));
  options_.readers = 3;
  predict(toy::source(), true);
  EXPECT_EQ(toy::read_text(folder_.file("out.csv")), wanted);
  options_.device = "lazy_ref";
  predict(toy::source(), true);
  EXPECT_EQ(toy::read_text(folder_.file("out.csv")), wanted);
}

}  // namespace
}  // namespace clq

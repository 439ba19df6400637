// tests/capi/source.test.cpp -- arrays of the host as a source, and the pure shuffle.
// SPDX-License-Identifier: BSD-3-Clause
#include <set>

#include <nlohmann/json.hpp>

#include "client.hpp"

namespace clq::test {
namespace {

TEST(Source, DescribesAndReadsItsArrays) {
  Host host;
  host.open_source();
  int64_t count = 0;
  ok(clq_source_count(host.source, &count));
  EXPECT_EQ(count, kRows);
  const auto json =
      nlohmann::json::parse(text_of([&](char* t, int64_t n) { return clq_source_describe(host.source, t, n); }));
  EXPECT_EQ(json["n_samples"], kRows);
  EXPECT_EQ(json["fields"][0]["name"], "a");
  EXPECT_EQ(json["fields"][2]["dtype"], "f64");
  EXPECT_EQ(json["fingerprint"].get<std::string>().size(), 64u);
  const int64_t rows[] = {5, 0, kRows - 1};
  double y[3];
  ok(clq_source_read(host.source, rows, 3, "y", y, sizeof y));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(y[i], host.y[static_cast<size_t>(rows[i])]);
  EXPECT_FALSE(text_of([&](char* t, int64_t n) { return clq_source_locate(host.source, 3, t, n); }).empty());
  int32_t dtype = 0;
  ok(clq_source_dtype(host.source, "a", &dtype));
  EXPECT_EQ(dtype, CLQ_F32);
  ok(clq_source_dtype(host.source, "y", &dtype));
  EXPECT_EQ(dtype, CLQ_F64);
}

TEST(Source, CopiesWhereAskedAndBorrowsElse) {
  float data[2] = {1, 2};
  Host host;
  ok(clq_source_create(2, &host.source));
  ok(clq_source_add(host.source, "copied", data, CLQ_F32, 0, nullptr, 0));
  ok(clq_source_add(host.source, "borrowed", data, CLQ_F32, 0, nullptr, 1));
  data[0] = 9;
  const int64_t row = 0;
  float value = 0;
  ok(clq_source_read(host.source, &row, 1, "copied", &value, 4));
  EXPECT_EQ(value, 1);
  ok(clq_source_read(host.source, &row, 1, "borrowed", &value, 4));
  EXPECT_EQ(value, 9);
}

TEST(Source, LivesOnInItsTrainer) {
  Host host;
  host.open_trainer();
  clq_source_close(host.source);
  clq_config_close(host.config);
  host.train();
}

// Ten objects of 64 rows each: a part that is chosen row by row would cut through them.
TEST(Source, OfArraysKeepsTheRowsOfOneIdTogether) {
  std::vector<int64_t> objects(kRows);
  for (int64_t i = 0; i < kRows; ++i) objects[static_cast<size_t>(i)] = 1000 + i / 64;
  const auto rows_of_valid = [&](const char* id) {
    Host host;
    host.open_source();
    ok(clq_source_add(host.source, "object", objects.data(), CLQ_I64, 0, nullptr, 1));
    ok(clq_config_parse(kRunFile, &host.config));
    ok(clq_config_set(host.config, "data.id", id));
    ok(clq_config_set(host.config, "split.valid", "0.4"));
    ok(clq_model_create(host.config, host.source, &host.model));
    ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
    host.train();
    ok(clq_evaluate(&host.model, 1, host.source, nullptr, R"({"part": "valid"})", &host.result));
    const auto text = text_of([&](char* t, int64_t n) { return clq_result_text(host.result, t, n); });
    return std::stoll(text.substr(text.find("\"rows\":") + 7));
  };
  const int64_t rows = rows_of_valid("object");
  EXPECT_GT(rows, 0);
  EXPECT_EQ(rows % 64, 0) << rows;
}

TEST(Source, OfArraysHasTheColumnThatIsToBeItsId) {
  Host host;
  host.open_source();
  ok(clq_config_parse(kRunFile, &host.config));
  ok(clq_config_set(host.config, "data.id", "object"));
  EXPECT_EQ(clq_model_create(host.config, host.source, &host.model), CLQ_E_INVALID);
  EXPECT_EQ(last_error(), "data.id: there is no field 'object'");
  ok(clq_config_set(host.config, "data.id", "y"));
  EXPECT_EQ(clq_model_create(host.config, host.source, &host.model), CLQ_E_INVALID);
  EXPECT_EQ(last_error(), "y cannot be the id: it must be one integer a row");
  const std::vector<int32_t> objects(kRows, 5);  // and what was refused has not begun to use the source
  ok(clq_source_add(host.source, "object", objects.data(), CLQ_I32, 0, nullptr, 0));
}

TEST(Order, IsABijectionThatSeedAndEpochChange) {
  const auto order = [](uint64_t seed, int64_t epoch) {
    std::vector<int64_t> samples;
    for (int64_t position = 0; position < 1000; ++position) {
      samples.push_back(-1);
      ok(clq_order_at(seed, epoch, 1000, position, &samples.back()));
    }
    return samples;
  };
  const auto first = order(1, 0);
  EXPECT_EQ(std::set<int64_t>(first.begin(), first.end()).size(), 1000u);
  EXPECT_EQ(order(1, 0), first);
  EXPECT_NE(order(1, 1), first);
  EXPECT_NE(order(2, 0), first);
}

}  // namespace
}  // namespace clq::test

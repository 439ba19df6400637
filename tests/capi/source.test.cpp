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

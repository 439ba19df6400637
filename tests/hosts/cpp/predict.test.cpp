// tests/hosts/cpp/predict.test.cpp -- arrays in and out of sources, models and batches, from one thread and from eight.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <limits>
#if __cplusplus >= 202002L
#include <span>
#endif
#include <thread>

#include "host.hpp"

namespace {

using calanque::Batch;
using calanque::Model;
using calanque::Source;

template <class Array, class = void>
constexpr bool kMayBeLent = false;
template <class Array>
constexpr bool kMayBeLent<Array, std::void_t<decltype(std::declval<Source&>().borrow("x", std::declval<Array>()))>> =
    true;
static_assert(kMayBeLent<std::vector<double>&> && kMayBeLent<const std::array<float, 3>&>);
static_assert(kMayBeLent<calanque::View<double>>, "a view may go, its elements stay");
static_assert(!kMayBeLent<std::vector<double>> && !kMayBeLent<std::array<float, 3>>, "they would be gone at once");

TEST(Sources, GiveBackWhatTheyWereGivenInItsOwnType) {
  Source source = Source::create(3);
  const std::array<int16_t, 3> counts = {-5, 0, 32767};
  const uint64_t large[] = {1, std::numeric_limits<uint64_t>::max(), 3};
  std::vector<double> pairs = {1, 2, 3, 4, 5, 6};
  source.add("counts", counts);
  source.add("large", large);
  source.borrow("pairs", calanque::view(pairs.data(), pairs.size()), {2});
  std::array<int16_t, 2> read{};
  source.read({2, 0}, "counts", read);
  EXPECT_EQ(read, (std::array<int16_t, 2>{32767, -5}));
  uint64_t one[1] = {};
  source.read({1}, "large", one);
  EXPECT_EQ(one[0], std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(source.dtype("large"), CLQ_U64);
  double wrong[1] = {7};
  EXPECT_STREQ(host::refused([&] { source.read({1}, "large", wrong); }).what(), "'large' is u64, the array is f64");
  EXPECT_EQ(wrong[0], 7);
  pairs[3] = 40;  // borrowed: seen by the source
  std::vector<double> row(2);
  source.read({1}, "pairs", row);
  EXPECT_EQ(row, (std::vector<double>{3, 40}));
  EXPECT_NE(source.describe().find("\"i16\""), std::string::npos);
  int64_t rows = 0;
  EXPECT_EQ(source.find("counts", "32767", &rows), 2);
  EXPECT_EQ(rows, 1);
  EXPECT_NE(source.scan().json().find("\"rows\""), std::string::npos);
  EXPECT_EQ(source.scanned(), 3);
}

TEST(Sources, OfFilesHoldWhatWasWritten) {
  const host::Trained trained;
  const std::string path = testing::TempDir() + "hosts_cpp.csv";
  Source columns = Source::create(4);
  columns.add("a", std::vector<double>{0.1, 0.2, 0.3, 1e300});
  columns.write(path);
  const Source again = Source::open(path);
  std::vector<double> a(4);
  again.read({0, 1, 2, 3}, "a", a);
  EXPECT_EQ(a, (std::vector<double>{0.1, 0.2, 0.3, 1e300}));
  EXPECT_NE(again.locate(2).find("hosts_cpp.csv"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(Models, PredictTheSameFromArraysAndFromABatch) {
  const host::Trained trained;
  const std::vector<float> expected = trained.model.predict(trained.table.x, host::kRows);
  std::vector<float> raw(static_cast<size_t>(host::kRows));
  ASSERT_EQ(clq_predict(trained.model.handle(), trained.table.x.data(), host::kRows, 2, raw.data(), 1), CLQ_OK);
  EXPECT_EQ(expected, raw);
  Batch batch(trained.model, host::kRows);
  batch.set("x", std::vector<double>(trained.table.x.begin(), trained.table.x.end()), {host::kRows, 2});
  trained.model.predict(batch);
  EXPECT_EQ(batch.get<float>("prediction"), expected);
  const auto wide = batch.get<double>("prediction");
  EXPECT_EQ(wide, std::vector<double>(expected.begin(), expected.end()));
  EXPECT_NE(batch.describe().find("f64 [320, 2] -> f32 [320, 2]"), std::string::npos) << batch.describe();
}

TEST(Models, SayWhichSamplesHaveNoAnswer) {
  const host::Trained trained;
  std::vector<float> rows = {0.5f, 0.5f, std::nanf(""), 1.0f, 0.1f, 0.2f};
  Batch batch(trained.model, 3);
  batch.set("x", rows, {3, 2});
  trained.model.predict(batch);
  const std::vector<int32_t> status = batch.status();
  EXPECT_EQ(status[0], 0);
  EXPECT_EQ(status[1], 2);  // NaN
  EXPECT_EQ(status[2], 0);
  EXPECT_EQ(batch.get<uint8_t>("FLAG_BAD")[1], 2);
  const std::vector<float> out = trained.model.predict(rows, 3);
  EXPECT_FALSE(std::isnan(out[0]));
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_EQ(trained.model.predict(rows, 3, 1)[2], out[2]);
  EXPECT_STREQ(host::refused([&] { trained.model.predict(rows, 3, -1); }).what(), "output_size must be at least 1, got -1");
}

TEST(Models, RefuseArraysOfAnotherSize) {
  const host::Trained trained;
  EXPECT_STREQ(host::refused([&] { trained.model.predict(std::vector<float>(7), 3); }).what(),
               "input: 7 elements are not those of 3 samples");
  EXPECT_EQ(host::refused([&] { trained.model.predict(std::vector<float>(9), 3); }).status(), CLQ_E_INVALID);
  EXPECT_EQ(host::refused([&] { trained.model.predict(std::vector<float>(), 0); }).status(), CLQ_E_INVALID);
  Batch batch(trained.model, 3);
  EXPECT_STREQ(host::refused([&] {
                 batch.set("x", std::vector<float>(5), {3, 2});
               }).what(),
               "'x' takes 6 elements, the array has 5");
}

TEST(Models, GiveTheBitsOfOneThreadFromEight) {
  const host::Trained trained;
  const std::vector<float> expected = trained.model.predict(trained.table.x, host::kRows);
  std::vector<std::vector<float>> got(8);
  std::vector<std::thread> threads;
  for (std::vector<float>& mine : got)
    threads.emplace_back([&] {
      for (int turn = 0; turn < 5; ++turn) mine = trained.model.predict(trained.table.x, host::kRows);
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<float>& mine : got) EXPECT_EQ(mine, expected);
}

#if __cplusplus >= 202002L
TEST(Models, TakeSpans) {
  const host::Trained trained;
  const std::span<const float> rows(trained.table.x);
  std::vector<float> out(10);
  trained.model.predict(rows.first(20), 10, std::span<float>(out));
  EXPECT_EQ(out, trained.model.predict(std::vector<float>(rows.begin(), rows.begin() + 20), 10));
}
#endif

TEST(Models, SaveLoadAndHandOutTheirStates) {
  host::Trained trained;
  const std::string path = testing::TempDir() + "hosts_cpp.safetensors";
  trained.model.save(path);
  const Model again = Model::load(path, R"({"device": "cpu", "threads": 1})");
  EXPECT_EQ(again.id(), trained.model.id());
  EXPECT_EQ(again.predict(trained.table.x, host::kRows), trained.model.predict(trained.table.x, host::kRows));
  EXPECT_EQ(again.n_parameters(), 2 * 8 + 8 + 8 + 1);
  EXPECT_NE(again.describe().find("dense2.weights"), std::string::npos);
  EXPECT_EQ(again.cards().size(), 240u);
  std::array<double, 8> weights{};
  again.get("dense2.weights", weights);
  std::array<double, 8> zeros{};
  EXPECT_NE(weights, zeros);
  trained.model.set("dense2.weights", zeros);
  const std::vector<float> flat = trained.model.predict(trained.table.x, host::kRows);
  EXPECT_EQ(flat, std::vector<float>(static_cast<size_t>(host::kRows), flat[0]));
  EXPECT_EQ(host::refused([&] { again.get("dense9.weights", weights); }).status(), CLQ_E_NOT_FOUND);
  std::filesystem::remove(path);
}

TEST(Models, AreScoredAloneAndTogether) {
  const host::Trained one, two;
  const std::string alone = calanque::evaluate({one.model}, one.source).json();
  EXPECT_NE(alone.find("\"rmse\""), std::string::npos);
  EXPECT_EQ(calanque::evaluate({one.model, two.model}, one.source, R"({"threads": 1})").json(), alone);
  EXPECT_EQ(host::refused([&] { calanque::evaluate({}, one.source); }).status(), CLQ_E_INVALID);
  EXPECT_EQ(host::refused([&] { calanque::evaluate({one.model}, one.source, "{\"bach\": 1}"); }).status(),
            CLQ_E_INVALID);
  const std::string path = testing::TempDir() + "hosts_cpp_out.csv";
  const std::string counted = calanque::predict_to({one.model}, one.source, path).json();
  EXPECT_NE(counted.find("\"rows\":320"), std::string::npos) << counted;
  EXPECT_EQ(Source::open(path).count(), host::kRows);
  EXPECT_NE(one.source.look(3, "", &one.model).json().size(), 0u);
  std::filesystem::remove(path);
}

}  // namespace

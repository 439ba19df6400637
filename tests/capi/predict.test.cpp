// tests/capi/predict.test.cpp -- one model, three ways to ask it, from one thread and from several.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <thread>

#include <nlohmann/json.hpp>

#include "client.hpp"

namespace clq::test {
namespace {

std::vector<float> pairs(const Host& host, int64_t n) {
  std::vector<float> rows;
  for (size_t i = 0; i < static_cast<size_t>(n); ++i) {
    rows.push_back(host.a[i]);
    rows.push_back(host.b[i]);
  }
  return rows;
}

std::vector<float> predict(clq_handle model, const std::vector<float>& rows) {
  std::vector<float> out(rows.size() / 2);
  ok(clq_predict(model, rows.data(), static_cast<int64_t>(out.size()), 2, out.data(), 1));
  return out;
}

TEST(Predict, GivesTheSameFromArraysAndFromABatch) {
  Host host;
  host.open_trainer();
  host.train();
  const std::vector<float> expected = predict(host.model, pairs(host, 50));
  ok(clq_batch_create(host.model, 50, &host.batch));
  const int64_t dims[] = {50};
  const std::vector<double> a(host.a.begin(), host.a.end());
  ok(clq_batch_set(host.batch, "a", a.data(), CLQ_F64, 1, dims));
  ok(clq_batch_set(host.batch, "b", host.b.data(), CLQ_F32, 1, dims));
  ok(clq_predict_batch(host.model, host.batch));
  std::vector<float> got(50);
  ok(clq_batch_get(host.batch, "prediction", got.data(), CLQ_F32, 200));
  EXPECT_EQ(got, expected);
  std::vector<int32_t> status(50, 7);
  ok(clq_batch_status(host.batch, status.data(), 50));
  EXPECT_EQ(status, std::vector<int32_t>(50, 0));
  const std::string words = text_of([&](char* t, int64_t n) { return clq_batch_describe(host.batch, t, n); });
  EXPECT_EQ(words.substr(0, words.find('\n')), "a: f64 [50] -> f32 [50, 1], columns 0..0 of input 'scalars'");
  const size_t outputs = words.find("output ");
  EXPECT_EQ(words.substr(outputs),
            "output 'prediction': f32 [50, 1]\noutput 'FLAG_BAD': u8 [50]\noutput 'FLAG_OOD': u8 [50]\n");
  // A batch that is used again keeps one line of each input.
  ok(clq_batch_set(host.batch, "a", got.data(), CLQ_F32, 1, dims));
  const std::string again = text_of([&](char* t, int64_t n) { return clq_batch_describe(host.batch, t, n); });
  EXPECT_EQ(again, "a: f32 [50] -> f32 [50, 1], columns 0..0 of input 'scalars'" +
                       words.substr(words.find('\n'), outputs - words.find('\n')));
}

// One number beyond F32 takes the answer of its own sample alone.
TEST(Predict, AnswersNanWhereAnInputIsTooLarge) {
  Host host;
  host.open_trainer();
  host.train();
  const double pairs[] = {0.1, 0.2, 1e300, 0.2, 0.3, -1e300};
  const int64_t dims[] = {3, 2};
  ok(clq_batch_create(host.model, 3, &host.batch));
  ok(clq_batch_set(host.batch, "scalars", pairs, CLQ_F64, 2, dims));
  ok(clq_predict_batch(host.model, host.batch));
  int32_t status[3];
  ok(clq_batch_status(host.batch, status, 3));
  EXPECT_EQ(status[0], 0);
  EXPECT_EQ(status[1], 2);
  EXPECT_EQ(status[2], 2);
}

TEST(Predict, AnswersNanWhereAnInputIsMissing) {
  Host host;
  host.open_trainer();
  host.train();
  std::vector<float> rows = pairs(host, 3);
  rows[2] = std::nanf("");
  const std::vector<float> out = predict(host.model, rows);
  EXPECT_FALSE(std::isnan(out[0]));
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_FALSE(std::isnan(out[2]));
}

TEST(Predict, IsTheSameFromManyThreads) {
  Host host;
  host.open_trainer();
  host.train();
  const std::vector<float> rows = pairs(host, 200), expected = predict(host.model, rows);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int k = 0; k < 5; ++k) EXPECT_EQ(predict(host.model, rows), expected);
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(Predict, SurvivesSavingAndLoading) {
  Host host, again;
  host.open_trainer();
  host.train();
  const std::string path = testing::TempDir() + "capi_predict.safetensors";
  ok(clq_model_save(host.model, path.c_str()));
  ok(clq_model_load(path.c_str(), "{\"device\": \"cpu\"}", &again.model));
  const std::vector<float> rows = pairs(host, 20);
  EXPECT_EQ(predict(again.model, rows), predict(host.model, rows));
  const auto id = [](clq_handle m) { return text_of([&](char* t, int64_t n) { return clq_model_id(m, t, n); }); };
  EXPECT_EQ(id(again.model), id(host.model));
  EXPECT_EQ(id(host.model).size(), 12u);
  EXPECT_EQ(clq_model_n_parameters(again.model), 2 * 8 + 8 + 8 + 1);
  EXPECT_TRUE(
      nlohmann::json::accept(text_of([&](char* t, int64_t n) { return clq_model_describe(host.model, t, n); })));
  std::filesystem::remove(path);
}

TEST(Predict, FollowsWeightsThatTheHostSets) {
  Host host;
  host.open_trainer();
  host.train();
  clq_trainer_close(host.trainer);
  const std::vector<float> rows = pairs(host, 2), before = predict(host.model, rows);
  const auto json =
      nlohmann::json::parse(text_of([&](char* t, int64_t n) { return clq_model_describe(host.model, t, n); }));
  double zeros[16] = {};
  const char* name = "dense2.weights";
  ok(clq_model_set(host.model, name, zeros, CLQ_F64, 8 * 8));
  double got[8];
  ok(clq_model_get(host.model, name, got, CLQ_F64, 8 * 8));
  EXPECT_EQ(got[3], 0);
  const std::vector<float> after = predict(host.model, rows);
  EXPECT_NE(after, before);
  EXPECT_EQ(after[0], after[1]);  // the bias alone is left
}

TEST(Predict, ScoresASource) {
  Host host;
  host.open_trainer();
  host.train();
  ok(clq_evaluate(&host.model, 1, host.source, nullptr, nullptr, &host.result));
  const auto json =
      nlohmann::json::parse(text_of([&](char* t, int64_t n) { return clq_result_text(host.result, t, n); }));
  EXPECT_EQ(json["rows"], kRows);
  EXPECT_EQ(json["bad"], 0);
  EXPECT_TRUE(json["metrics"].is_object());
}

TEST(Predict, TakesTheMeanOfSeveralModels) {
  Host one, two;
  one.open_trainer();
  two.open_trainer(nullptr, "seed = 2\n");
  one.train();
  two.train();
  const clq_handle both[] = {one.model, two.model};
  ok(clq_evaluate(both, 2, one.source, nullptr, "{\"batch\": 100}", &one.result));
  const auto json =
      nlohmann::json::parse(text_of([&](char* t, int64_t n) { return clq_result_text(one.result, t, n); }));
  const std::vector<float> rows = pairs(one, kRows), a = predict(one.model, rows), b = predict(two.model, rows);
  EXPECT_NE(a, b);
  double squares = 0;
  for (size_t i = 0; i < a.size(); ++i) squares += std::pow((a[i] + b[i]) / 2.0 - one.y[i], 2);
  // The mean is one F32 of each prediction: half a unit in its last place is the difference left.
  EXPECT_NEAR(json["metrics"]["rmse"], std::sqrt(squares / kRows), 1e-6);
}

}  // namespace
}  // namespace clq::test

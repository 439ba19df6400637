// tests/core/train/vocabulary.test.cpp -- losses and metrics in whole trainings: what is learned, scored and written.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <sstream>

#include <gmock/gmock.h>

#include "core/data/support.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

constexpr int64_t kRows = 240;

double a_of(int64_t row) { return std::sin(0.7 * static_cast<double>(row)); }
double b_of(int64_t row) { return std::cos(1.3 * static_cast<double>(row)); }

// Targets P = 2 A - B + 0.5 and Q = A + B, each missing in other rows: NaN, or -99; every 15th row has neither.
test::Scripted half_known() {
  test::Scripted script{.names = {"A", "B", "P", "Q"}, .n = kRows};
  script.value = [](int64_t row, uint32_t column) {
    if (column < 2) return column == 0 ? a_of(row) : b_of(row);
    if (column == 2) return row % 3 == 0 ? NAN : 2 * a_of(row) - b_of(row) + 0.5;
    return row % 5 == 0 ? -99 : a_of(row) + b_of(row);
  };
  return script;
}

Json run_of(const Json& loss, int64_t units) {
  Json run = toy::run();
  run["data"].erase("id");
  run["data"]["target"] = {"P", "Q"};
  run["data"]["null"] = {-99};
  run["data"]["on_bad"] = "skip";
  run["model"]["loss"] = loss;
  run["model"]["layer"][0]["units"] = units;
  toy::set(run, "/train/epochs", 60);
  toy::set(run, "/train/optimizer/lr", 0.05);
  toy::set(run, "/split", {{"test", 0.0}, {"valid", 0.0}});
  return run;
}

Evaluation evaluate(const std::shared_ptr<const Model>& model, const std::shared_ptr<DataSource>& source,
                    int64_t batch = 64, const std::string& uri = "") {
  PredictOptions options;
  options.batch = batch;
  return predict_source({model}, source, uri, true, options, toy::registry());
}

TEST(MissingTargets, AreLeftOutOfLossAndMetrics) {
  for (const char* use : {"mse", "mae", "huber"}) {
    test::Scripted script = half_known();
    const auto source = test::open_scripted(script);
    const toy::Folder folder;
    const auto trainer = toy::trainer(run_of({{"use", use}, {"mask_nan", true}}, 2), source, folder.path());
    toy::finish(*trainer);
    EXPECT_EQ(trainer->get("rows_skipped"), 60 * 16) << use;  // rows 0, 15 ... 225 teach nothing
    const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
    const Evaluation scores = evaluate(model, source);
    for (const char* metric : {"rmse_1", "rmse_2"}) EXPECT_LT(scores.metrics[metric].get<double>(), 0.05) << use;
    for (const char* metric : {"r2_1", "r2_2"}) EXPECT_GT(scores.metrics[metric].get<double>(), 0.99) << use;
    const Evaluation odd = evaluate(model, source, 7);
    for (const auto& [name, value] : scores.metrics.items())
      EXPECT_NEAR(odd.metrics[name].get<double>(), value.get<double>(), 1e-12) << name;
  }
}

TEST(MissingTargets, AreBadRowsWhereTheLossLeavesNothingOut) {
  test::Scripted script = half_known();
  const auto trainer = toy::trainer(run_of({{"use", "mse"}}, 2), test::open_scripted(script));
  toy::finish(*trainer);
  EXPECT_EQ(trainer->get("rows_skipped"), 60 * (80 + 48 - 16));
  Json strict = run_of({{"use", "mse"}, {"mask_nan", true}}, 2);
  strict["data"]["on_bad"] = "error";
  test::Scripted again = half_known();
  const auto stopped = toy::trainer(strict, test::open_scripted(again));
  EXPECT_THAT(test::words_of([&] { stopped->run_for(60); }), testing::HasSubstr("the target P is NaN or null"));
}

TEST(WrittenLosses, TrainAsTheLossOfTheSameFormulaDoes) {
  Json run = toy::run();
  run["model"]["loss"] = "square(y - z)";
  const toy::Result written = toy::train(run);
  run["model"]["loss"] = {{"use", "mse"}};
  EXPECT_EQ(written, toy::train(run));  // to the bit, metrics and validation included
}

// A mean and the logarithm of a scale, which the loss alone tells apart; two numbers are filled in for the last layer.
TEST(WrittenLosses, AreKeptInTheBundleAndScored) {
  Json run = toy::run();
  run["data"]["target"] = "N";
  run["model"]["loss"] = "abs(y_1 - z) * exp(-y_2) + y_2";
  toy::set(run, "/train/epochs", 60);
  toy::set(run, "/train/optimizer/lr", 0.05);
  const auto source = toy::source();
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, source, folder.path());
  toy::finish(*trainer);
  const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
  EXPECT_EQ(prediction_desc(model->spec, toy::registry().ops(), toy::registry()).dims, Shape{2});
  const Evaluation scores = evaluate(model, source);
  EXPECT_LT(scores.metrics["rmse"].get<double>(), 0.25);  // of y_1; the noise has 0.17
  EXPECT_GT(scores.metrics["r2"].get<double>(), 0.9);
}

// Where the target is 0, as in the rows that fill up the last batch, the slope is infinite.
TEST(WrittenLosses, AreNotSpoiltByRowsThatFillUpABatch) {
  Json run = toy::run();
  run["data"]["target"] = "TWO";
  run["model"]["loss"] = "square((y - z) / z)";
  toy::set(run, "/train/batch", 100);
  const auto trainer = toy::trainer(run, toy::source());
  toy::finish(*trainer);
  EXPECT_EQ(trainer->get("skipped_steps"), 0);
}

// N = Y with uniform noise of 0.3: sigma is sqrt(0.6^2 / 12) = 0.17 everywhere.
TEST(Densities, AreLearnedScoredAndWritten) {
  if (!std::filesystem::exists(std::string(CLQ_PLUGIN_DIR) + "/clq_csv.so"))
    GTEST_SKIP() << "the csv plugin is not built";
  for (const char* use : {"gaussian_nll", "gaussian_crps"}) {
    Json run = toy::run();
    run["data"]["target"] = "N";
    run["model"]["loss"] = {{"use", use}};
    toy::set(run, "/train/epochs", 60);
    toy::set(run, "/train/optimizer/lr", 0.05);
    const auto source = toy::source();
    const auto model = toy::model(run, source);
    Trainer trainer(model, source, Config(run), toy::registry(), "");
    toy::finish(trainer);
    const toy::Folder folder;
    const Evaluation scores = evaluate(model, source, 64, folder.file("out.csv"));
    EXPECT_LT(scores.metrics["rmse"].get<double>(), 0.2) << use;
    EXPECT_NEAR(scores.metrics["coverage_95"].get<double>(), 0.95, 0.07) << use;
    std::istringstream in(toy::read_text(folder.file("out.csv")));
    std::string line;
    do std::getline(in, line);
    while (line.starts_with('#'));
    EXPECT_THAT(line, testing::HasSubstr("PRED,PRED_SIGMA,")) << use;
  }
}

TEST(Densities, OfAMixtureAreLearned) {
  Json run = toy::run();
  run["data"]["target"] = "N";
  run["model"]["loss"] = {{"use", "mixture_nll"}};
  run["model"]["layer"][0]["units"] = 6;
  toy::set(run, "/train/epochs", 60);
  toy::set(run, "/train/optimizer/lr", 0.05);
  const auto source = toy::source();
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  toy::finish(trainer);
  const Evaluation scores = evaluate(model, source);
  EXPECT_LT(scores.metrics["rmse"].get<double>(), 0.3);
  EXPECT_LT(scores.metrics["nll"].get<double>(), 0.3);  // of a Gaussian of sigma 0.17 it is -0.3, of one of 1 it is 0.9
  EXPECT_THAT(test::words_of([&] {
                predict_source({model, model}, source, "", true, {}, toy::registry());
              }),
              testing::HasSubstr("predicts mixtures, of which several models have no mean"));
}

// C is 1 where A > B, of which a line knows everything.
TEST(YesOrNo, IsLearnedByBceAsOneOutput) {
  Json run = toy::classes(1);
  run["model"]["loss"] = {{"use", "bce"}};
  toy::set(run, "/train/epochs", 60);
  toy::set(run, "/train/optimizer/lr", 0.1);
  const auto source = toy::source();
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  toy::finish(trainer);
  const Evaluation scores = evaluate(model, source);
  EXPECT_GT(scores.metrics["accuracy"].get<double>(), 0.95);
  EXPECT_GT(scores.metrics["f1"].get<double>(), 0.95);
  EXPECT_GT(scores.metrics["auc"].get<double>(), 0.99);
  EXPECT_FALSE(scores.metrics.contains("yes"));
  const Evaluation odd = evaluate(model, source, 7);
  for (const auto& [name, value] : scores.metrics.items())
    EXPECT_NEAR(odd.metrics[name].get<double>(), value.get<double>(), 1e-12) << name;
}

TEST(YesOrNo, IsLearnedByAWrittenLossBehindASigmoid) {
  Json run = toy::classes(1);
  run["model"]["loss"] = "square(y - z)";  // the score of Brier (1950)
  const auto source = toy::source();
  EXPECT_THAT(test::words_of([&] { toy::model(run, source); }),
              testing::HasSubstr("its last layer is a dense without activation = \"sigmoid\""));
  run["model"]["layer"][0]["activation"] = "sigmoid";
  toy::set(run, "/train/epochs", 60);
  toy::set(run, "/train/optimizer/lr", 0.1);
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  toy::finish(trainer);
  const Evaluation scores = evaluate(model, source);
  EXPECT_GT(scores.metrics["accuracy"].get<double>(), 0.95);
  EXPECT_GT(scores.metrics["auc"].get<double>(), 0.99);
}

// A map of two pixels an object: C, and MASK, which is 1 in nine rows of ten whatever A and B are.
TEST(Segmentation, IsTrainedAndItsRatiosMonitored) {
  Json run = toy::run();
  run["task"] = "segmentation";
  run["data"]["target"] = {"C", "MASK"};
  run["model"] = {{"layer", {{{"use", "dense"}}}}};
  run["train"]["monitor"] = "valid_iou";
  toy::set(run, "/train/epochs", 40);
  toy::set(run, "/train/optimizer/lr", 0.1);
  const auto source = toy::source();
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  toy::finish(trainer);
  const Evaluation scores = evaluate(model, source);
  EXPECT_GT(scores.metrics["iou"].get<double>(), 0.9);
  EXPECT_EQ(scores.metrics.size(), 5U);
  run["train"]["monitor"] = "valid_pixels";
  EXPECT_THAT(test::words_of([&] { toy::trainer(run, source); }), testing::HasSubstr("'valid_pixels' is no metric"));
}

}  // namespace
}  // namespace clq

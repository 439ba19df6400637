// tests/core/train/reconstruction.test.cpp -- networks that give their own input again: what is learned, scored,
// written. SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <sstream>

#include <gmock/gmock.h>

#include "core/data/support.hpp"
#include "support/number.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

constexpr int64_t kRows = 240, kPixels = 2 * 4 * 4;

double value_of(int64_t row, uint32_t column) {
  const double a = std::sin(0.7 * static_cast<double>(row)), b = std::cos(1.3 * static_cast<double>(row));
  return column == 0 ? a : column == 1 ? b : column == 2 ? 2 * a - b : a + b;
}

// Four columns of rank two.
test::Scripted table() { return {.names = {"A", "B", "P", "Q"}, .n = kRows, .value = value_of}; }

Json table_run(int64_t code) {
  Json run = toy::run();
  run["task"] = "reconstruction";
  run["data"] = {{"scalars", {"A", "B", "P", "Q"}}};
  run["model"] = {{"layer", {{{"use", "dense"}, {"name", "code"}, {"units", code}}, {{"use", "dense"}}}}};
  toy::set(run, "/train/epochs", 60);
  toy::set(run, "/train/optimizer/lr", 0.03);
  return run;
}

std::shared_ptr<const Model> trained(const Json& run, const std::shared_ptr<DataSource>& source) {
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, source, folder.path());
  toy::finish(*trainer);
  return load_bundle(folder.file("model.safetensors"), toy::registry());
}

Evaluation evaluate(const std::shared_ptr<const Model>& model, const std::shared_ptr<DataSource>& source,
                    int64_t batch = 64) {
  PredictOptions options;
  options.batch = batch;
  return predict_source({model}, source, "", true, options, toy::registry());
}

// What the definitions say of predictions for the rows of `inputs`, where NaN counts nothing.
struct Expected {
  std::vector<double> errors;
  double mse = 0, mae = 0;
};
Expected expected(const std::vector<float>& inputs, std::span<const float> got, int64_t rows) {
  Expected all;
  const size_t width = inputs.size() / static_cast<size_t>(rows);
  double count = 0;
  for (size_t first = 0; first < inputs.size(); first += width) {
    double squares = 0, n = 0;
    for (size_t k = first; k < first + width; ++k) {
      if (std::isnan(inputs[k])) continue;
      const double off = static_cast<double>(got[k]) - static_cast<double>(inputs[k]);
      squares += off * off;
      all.mae += std::abs(off);
      ++n;
    }
    all.errors.push_back(std::sqrt(squares / n));
    all.mse += squares;
    count += n;
  }
  all.mse /= count;
  all.mae /= count;
  return all;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

TEST(Reconstruction, OfATableOfRankTwoNeedsTwoNumbers) {
  test::Scripted script = table();
  const auto source = test::open_scripted(script);
  EXPECT_LT(evaluate(trained(table_run(2), source), source).metrics["mse"].get<double>(), 1e-3);
  EXPECT_GT(evaluate(trained(table_run(1), source), source).metrics["mse"].get<double>(), 0.1);
}

TEST(Reconstruction, IsScoredByItsDefinitionsWhateverTheBatch) {
  test::Scripted script = table();
  const auto source = test::open_scripted(script);
  const auto model = trained(table_run(1), source);
  std::vector<float> inputs;
  for (int64_t i = 0; i < kRows; ++i)
    for (uint32_t c = 0; c < 4; ++c) inputs.push_back(static_cast<float>(value_of(i, c)));
  PredictOptions options;
  options.layers = {"code"};
  const auto out = BatchPredictor(model, toy::registry(), options).run({inputs.data()}, kRows);
  EXPECT_EQ(out.names, (std::vector<std::string>{"prediction", "code"}));
  EXPECT_EQ(out.values[1].desc().dims, (Shape{kRows, 1}));
  const Expected wanted = expected(inputs, out.values[0].as<float>(), kRows);
  for (const int64_t batch : {64, 7}) {
    const Evaluation scores = evaluate(model, source, batch);
    // Sums of four squares in F32, then in F64: a few 1e-7 of each.
    EXPECT_NEAR(scores.metrics["mse"].get<double>(), wanted.mse, 1e-6 * wanted.mse);
    EXPECT_NEAR(scores.metrics["mae"].get<double>(), wanted.mae, 1e-6 * wanted.mae);
    EXPECT_NEAR(scores.metrics["error"].get<double>(), median(wanted.errors), 1e-6);
    EXPECT_EQ(scores.metrics.size(), 3U);
  }
}

TEST(Reconstruction, WritesTheErrorOfARowAndTheLayersAskedFor) {
  if (!std::filesystem::exists(std::string(CLQ_PLUGIN_DIR) + "/clq_csv.so"))
    GTEST_SKIP() << "the csv plugin is not built";
  test::Scripted script = table();
  const auto source = test::open_scripted(script);
  Json run = table_run(1);
  run["predict"] = {{"layers", {"code"}}};
  const auto model = trained(run, source);
  std::vector<float> inputs;
  for (int64_t i = 0; i < kRows; ++i)
    for (uint32_t c = 0; c < 4; ++c) inputs.push_back(static_cast<float>(value_of(i, c)));
  const auto out = BatchPredictor(model, toy::registry(), {}).run({inputs.data()}, kRows);
  const Expected wanted = expected(inputs, out.values[0].as<float>(), kRows);
  const toy::Folder folder;
  predict_source({model}, source, folder.file("out.csv"), false, {}, toy::registry());
  std::istringstream lines(toy::read_text(folder.file("out.csv")));
  std::string line;
  do std::getline(lines, line);
  while (line.starts_with('#'));
  EXPECT_EQ(line, "ID,code,FLAG_OOD,FLAG_BAD,RECON_ERROR");
  for (size_t i = 0; i < static_cast<size_t>(kRows); ++i) {
    std::getline(lines, line);
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 5U);
    EXPECT_NEAR(test::number_in(cells[1]), static_cast<double>(out.values[1].as<float>()[i]), 1e-6);
    EXPECT_NEAR(test::number_in(cells[4]), wanted.errors[i], 1e-6);
  }
}

// Images [2, 4, 4], every 7th pixel of the set NaN: what is masked is neither learned nor scored.
struct Pictures {
  std::vector<float> pixels;
  Pictures() {
    for (int64_t i = 0; i < kRows * kPixels; ++i) {
      const auto row = static_cast<double>(i / kPixels), place = static_cast<double>(i % kPixels);
      pixels.push_back(i % 7 == 0 ? NAN : static_cast<float>(std::sin(row) * std::cos(place) + 0.2 * place / kPixels));
    }
  }
  std::shared_ptr<DataSource> source() const {
    ArraySource arrays(kRows);
    arrays.add("images", pixels.data(), {CLQ_F32, {2, 4, 4}}, false);
    return arrays.open();
  }
};

Json image_run(const char* loss) {
  Json run = toy::run();
  run["task"] = "reconstruction";
  run["data"] = Json::object();
  run["transform"] = {{{"use", "nan_mask"}}};
  run["model"] = {{"loss", {{"use", loss}}},
                  {"layer",
                   {{{"use", "flatten"}, {"from", "input.images"}},
                    {{"use", "dense"}, {"name", "code"}, {"units", 3}},
                    {{"use", "dense"}}}}};
  toy::set(run, "/train/optimizer/lr", 0.02);
  toy::set(run, "/train/epochs", 30);
  return run;
}

TEST(Reconstruction, LeavesMaskedPixelsOut) {
  const Pictures pictures;
  const auto source = pictures.source();
  for (const char* loss : {"mse", "mae", "huber"}) {
    const auto model = trained(image_run(loss), source);
    const float* pixels = pictures.pixels.data();  // the mask is made from them
    const auto out = BatchPredictor(model, toy::registry(), {}).run({pixels, pixels}, kRows);
    const Expected wanted = expected(pictures.pixels, out.values[0].as<float>(), kRows);
    EXPECT_LT(wanted.mse, 0.05) << loss;  // of 0.27, the variance of the pixels
    const Evaluation scores = evaluate(model, source);
    EXPECT_NEAR(scores.metrics["mse"].get<double>(), wanted.mse, 1e-5 * wanted.mse) << loss;
    EXPECT_NEAR(scores.metrics["error"].get<double>(), median(wanted.errors), 1e-6) << loss;
  }
}

TEST(Reconstruction, GoesOnToTheSameBits) {
  const Pictures pictures;
  const auto source = pictures.source();
  Json run = image_run("mse");
  toy::set(run, "/train/epochs", 2);
  const toy::Folder grown, whole;
  toy::finish(*toy::trainer(run, source, grown.path()));
  toy::write_text(grown.path() + "/run.toml", "[train]\nepochs = 4\n");
  toy::finish(*Trainer::resume(grown.path(), source, toy::registry()));
  toy::set(run, "/train/epochs", 4);
  toy::finish(*toy::trainer(run, source, whole.path()));
  EXPECT_EQ(toy::read_text(grown.file("model-last.safetensors")), toy::read_text(whole.file("model-last.safetensors")));
}

TEST(Reconstruction, SaysWhatItIsNot) {
  test::Scripted script = table();
  const auto source = test::open_scripted(script);
  const auto words = [&](const char* pointer, const Json& value) {
    Json run = table_run(2);
    toy::set(run, pointer, value);
    return test::words_of([&] { toy::model(run, source); });
  };
  EXPECT_THAT(words("/data/target", "A"), testing::HasSubstr("input.images or input.scalars, got 'A'"));
  EXPECT_THAT(words("/data/target", "input.images"), testing::HasSubstr("the data have no input.images"));
  EXPECT_THAT(words("/model/loss", {{"use", "crps"}}),
              testing::HasSubstr("one of the losses mse, mae, huber, bce, got 'crps'"));
  EXPECT_THAT(words("/predict", {{"layers", {"cod"}}}), testing::HasSubstr("no layer 'cod', did you mean 'code'?"));
  EXPECT_THAT(words("/predict", {{"layers", {"code", "code"}}}), testing::HasSubstr("code is named twice"));
  Json named = table_run(2);
  named["model"]["layer"][0]["name"] = "FLAG_OOD";
  named["predict"] = {{"layers", {"FLAG_OOD"}}};
  EXPECT_THAT(test::words_of([&] { toy::model(named, source); }),
              testing::HasSubstr("predictions have a column FLAG_OOD already, give layer FLAG_OOD another name"));
  Json run = image_run("mse");
  toy::set(run, "/predict/average", "d4");
  EXPECT_THAT(test::words_of([&] { toy::model(run, Pictures().source()); }),
              testing::HasSubstr("the maps that are predicted turn with the images"));
  run = image_run("mse");
  run["model"]["loss"]["mask_nan"] = false;
  EXPECT_THAT(test::words_of([&] { toy::model(run, Pictures().source()); }),
              testing::HasSubstr("mask_nan is false: masked pixels have no value"));
}

TEST(Reconstruction, OfSeveralModelsIsOfInputsTransformedAlike) {
  test::Scripted script = table();
  const auto source = test::open_scripted(script);
  Json run = table_run(2);
  toy::set(run, "/train/epochs", 1);
  const auto plain = trained(run, source);
  toy::set(run, "/train/seed", 8);
  const auto other = trained(run, source);
  predict_source({plain, other}, source, "", true, {}, toy::registry());
  PredictOptions shown;
  shown.layers = {"code"};
  EXPECT_THAT(test::words_of([&] {
                predict_source({plain, other}, source, "", true, shown, toy::registry());
              }),
              testing::HasSubstr("a layer of 2 models has no mean"));
  run["transform"] = {{{"use", "standardise"}}};
  const auto scaled = trained(run, source);
  EXPECT_THAT(test::words_of([&] {
                predict_source({plain, scaled}, source, "", true, {}, toy::registry());
              }),
              testing::HasSubstr("transform their inputs differently"));
}

}  // namespace
}  // namespace clq

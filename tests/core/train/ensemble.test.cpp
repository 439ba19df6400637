// tests/core/train/ensemble.test.cpp -- several models as one: the means of what they predict.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/ensemble.hpp"

#include <cmath>
#include <sstream>

#include "core/data/support.hpp"
#include "support/number.hpp"
#include "toy.hpp"
#include "train/predicted_rows.hpp"

namespace clq {
namespace {

Tensor table(const Shape& dims, const std::vector<float>& values) {
  Tensor tensor({CLQ_F32, dims});
  std::copy(values.begin(), values.end(), tensor.as<float>().begin());
  return tensor;
}

std::vector<double> combined(const std::string& how, const std::vector<Tensor>& predictions) {
  std::vector<const Tensor*> all;
  for (const Tensor& p : predictions) all.push_back(&p);
  Tensor result(predictions[0].desc());
  std::vector<double> sum(static_cast<size_t>(result.desc().count()));
  combine_predictions(how, all, sum, result);
  return {result.as<float>().begin(), result.as<float>().end()};
}

// 2 / (1 / 0.5 + 1 / 0.25) = 1 / 3 and 2 / (1 / 0.5 + 1 / 0.75) = 3 / 5, which sum to 14 / 15.
TEST(Ensemble, HasTheHarmonicMeanOfProbabilities) {
  const Tensor a = table({1, 2}, {0.5, 0.5}), b = table({1, 2}, {0.25, 0.75});
  const std::vector<double> harmonic = combined("harmonic", {a, b}), arithmetic = combined("arithmetic", {a, b});
  EXPECT_NEAR(harmonic[0], 5.0 / 14, 1e-7);  // F32
  EXPECT_NEAR(harmonic[1], 9.0 / 14, 1e-7);
  EXPECT_NEAR(arithmetic[0], 0.375, 1e-7);
  EXPECT_EQ(combined("", {a, b}), arithmetic);
  EXPECT_EQ(combined("harmonic", {b}), (std::vector<double>{0.25, 0.75}));
}

TEST(Ensemble, IsHarmonicallyZeroWhereOneModelIs) {
  const Tensor a = table({2, 3}, {0, 0.5, 0.5, 1, 0, 0}), b = table({2, 3}, {0.5, 0.25, 0.25, 0, 1, 0});
  const std::vector<double> p = combined("harmonic", {a, b});
  EXPECT_EQ(p[0], 0);
  EXPECT_NEAR(p[1], 0.5, 1e-7);
  EXPECT_NEAR(p[2], 0.5, 1e-7);
  for (size_t i = 3; i < 6; ++i) EXPECT_TRUE(std::isnan(p[i])) << i;  // what one holds possible the other does not
}

std::vector<std::vector<double>> cells(const std::string& text) {
  std::istringstream lines(text);
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#') || line.starts_with("ID")) continue;
    rows.emplace_back();
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) rows.back().push_back(test::number_in(cell));
  }
  return rows;
}

TEST(Ensemble, HasNoAnswerWhereItsModelsExcludeEachOther) {
  const Tensor one = table({2, 2}, {1, 0, 0.5, 0.5}), other = table({2, 2}, {0, 1, 0.5, 0.5});
  const std::vector<double> p = combined("harmonic", {one, other});
  const Tensor mean = table({2, 2}, {p.begin(), p.end()});
  EXPECT_FALSE(has_answer(mean, 0));
  EXPECT_TRUE(has_answer(mean, 1));
}

TEST(Ensemble, CombinesWhatItsModelsWrite) {
  if (!std::filesystem::exists(std::string(CLQ_PLUGIN_DIR) + "/clq_csv.so"))
    GTEST_SKIP() << "the csv plugin is not built";
  const auto source = toy::source();
  Models models;
  for (const int seed : {3, 4, 5}) {
    Json run = toy::classes(3);
    toy::set(run, "/train/seed", seed);
    const auto trainer = toy::trainer(run, source);
    toy::finish(*trainer);
    models.push_back(std::make_shared<const Model>(trainer->model()));
  }
  const toy::Folder folder;
  const auto written = [&](const Models& of, const char* how) {
    PredictOptions options;
    options.combine = how;
    predict_source(of, source, folder.file("out.csv"), false, options, toy::registry());
    return cells(toy::read_text(folder.file("out.csv")));
  };
  std::vector<std::vector<std::vector<double>>> each;
  for (const auto& model : models) each.push_back(written({model}, ""));
  const auto harmonic = written(models, "harmonic");
  constexpr size_t kFirst = 2;  // ID, CLASS, then the three probabilities
  for (size_t row = 0; row < harmonic.size(); ++row) {
    std::vector<double> wanted(3);
    double total = 0;
    for (size_t k = 0; k < 3; ++k) {
      double inverses = 0;
      for (const auto& one : each) inverses += 1 / one[row][kFirst + k];
      total += wanted[k] = 3 / inverses;
    }
    for (size_t k = 0; k < 3; ++k) EXPECT_NEAR(harmonic[row][kFirst + k], wanted[k] / total, 1e-6) << row;
  }
}

TEST(Ensemble, RefusesAHarmonicMeanOfNumbers) {
  const auto source = toy::source();
  const auto trainer = toy::trainer(toy::run(), source);
  toy::finish(*trainer);
  const auto model = std::make_shared<const Model>(trainer->model());
  const auto words = [&](const char* how) {
    PredictOptions options;
    options.combine = how;
    return test::words_of([&] { predict_source({model, model}, source, "", true, options, toy::registry()); });
  };
  EXPECT_EQ(words("harmonic"),
            "combine harmonic is of the probabilities of bins or classes; of what a model with the loss mse predicts "
            "the mean is arithmetic");
  EXPECT_EQ(words("geometric"), "combine must be arithmetic or harmonic, got 'geometric'");
}

TEST(Ensemble, RefusesModelsWhoseNumbersAreOtherThings) {
  const auto source = toy::source();
  const auto model = [&](const Json& loss) {
    Json run = toy::run();
    toy::set(run, "/model/loss", loss);
    toy::set(run, "/train/epochs", 1);
    const auto trainer = toy::trainer(run, source);
    toy::finish(*trainer);
    return std::make_shared<const Model>(trainer->model());
  };
  const auto nll = model({{"use", "gaussian_nll"}});
  const auto own = model("square(y_1 - z) * exp(-y_2) + y_2");
  for (const Models& both : {Models{nll, own}, Models{own, nll}})
    EXPECT_THAT(test::words_of([&] { predict_source(both, source, "", true, {}, toy::registry()); }),
                testing::HasSubstr("predict other things by their losses"));
  predict_source({own, own}, source, "", true, {}, toy::registry());
}

}  // namespace
}  // namespace clq

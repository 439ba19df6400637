// tests/core/train/target_transforms.test.cpp -- targets in another unit, and computed ones: trained, kept, predicted.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gmock/gmock.h>

#include "core/data/support.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

constexpr int64_t kRows = 240;
double a_of(int64_t row) { return std::sin(static_cast<double>(row)); }
double b_of(int64_t row) { return std::cos(2.7 * static_cast<double>(row)); }

// FAR = 5000 + 300 (2 A - B), and MASS = 10^(9 + A + B / 2), over four decades.
test::Scripted far_away() {
  test::Scripted script{.names = {"A", "B", "FAR", "MASS"}, .n = kRows};
  script.value = [](int64_t row, uint32_t column) {
    const double a = a_of(row), b = b_of(row);
    return column == 0 ? a : column == 1 ? b : column == 2 ? 5000 + 300 * (2 * a - b) : std::pow(10, 9 + a + b / 2);
  };
  return script;
}

Json run_of(const Json& target, const Json& transforms, int64_t epochs = 60) {
  Json run = toy::run();
  run["data"].erase("id");
  run["data"]["target"] = target;
  run["target_transform"] = transforms;
  toy::set(run, "/train/epochs", epochs);
  toy::set(run, "/train/optimizer/lr", 0.05);
  return run;
}
const Json kStandardise = {{{"use", "standardise"}}};

std::shared_ptr<Model> trained(const Json& run, const std::string& folder = "") {
  test::Scripted script = far_away();
  const auto source = test::open_scripted(script);
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), folder);
  toy::finish(trainer);
  return model;
}

Json scores(const std::vector<std::shared_ptr<const Model>>& models) {
  test::Scripted script = far_away();
  return predict_source(models, test::open_scripted(script), "", true, {}, toy::registry()).metrics;
}

double rmse(const std::shared_ptr<const Model>& model) { return scores({model})["rmse"].get<double>(); }

std::vector<float> predicted(const std::shared_ptr<const Model>& model) {
  BatchPredictor predictor(model, toy::registry(), {});
  std::vector<float> rows;
  for (int64_t i = 0; i < kRows; ++i) {
    rows.push_back(static_cast<float>(a_of(i)));
    rows.push_back(static_cast<float>(b_of(i)));
  }
  const auto out = predictor.run({rows.data()}, kRows);
  return {out.values[0].as<float>().begin(), out.values[0].as<float>().end()};
}

TEST(TargetTransforms, LearnTargetsInTheThousandsWhichNothingElseDoes) {
  EXPECT_GT(rmse(trained(run_of("FAR", Json::array()))), 1000);
  EXPECT_LT(rmse(trained(run_of("FAR", kStandardise))), 5);  // of a scatter of 470
}

TEST(TargetTransforms, GiveEveryPredictionInTheTargetsUnit) {
  const toy::Folder folder;
  trained(run_of("MASS", {{{"use", "log10"}}, {{"use", "standardise"}}}), folder.path());
  const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
  const std::vector<float> masses = predicted(model);
  double squares = 0;
  for (int64_t i = 0; i < kRows; ++i) {
    const double truth = std::pow(10, 9 + a_of(i) + b_of(i) / 2);
    const auto mass = static_cast<double>(masses[static_cast<size_t>(i)]);
    EXPECT_NEAR(std::log10(mass), std::log10(truth), 0.05);
    squares += (mass - truth) * (mass - truth);
  }
  EXPECT_NEAR(rmse(model), std::sqrt(squares / kRows), 1e-6 * rmse(model));  // arrays and tables are of one mind
  const Json steps = inspect_bundle(*model)["target_transforms"];
  EXPECT_NEAR(steps[1]["mean"][0].get<double>(), 9, 0.2);
}

TEST(TargetTransforms, OfSeveralModelsAreTheirMeanInTheTargetsUnit) {
  Json run = run_of("FAR", kStandardise, 3);
  const auto one = trained(run);
  toy::set(run, "/train/seed", 4);
  const auto two = trained(run);
  const std::vector<float> x = predicted(one), y = predicted(two);
  double squares = 0;
  for (int64_t i = 0; i < kRows; ++i) {
    const double mean =
        (static_cast<double>(x[static_cast<size_t>(i)]) + static_cast<double>(y[static_cast<size_t>(i)])) / 2;
    const double off = mean - (5000 + 300 * (2 * a_of(i) - b_of(i)));
    squares += off * off;
  }
  const auto both = scores({one, two})["rmse"].get<double>();
  EXPECT_NEAR(both, std::sqrt(squares / kRows), 1e-6 * both);
}

TEST(TargetTransforms, GoOnWithTheirStatisticsWhereARunIsResumed) {
  const Json run = run_of("FAR", kStandardise, 4);
  const toy::Folder whole, cut;
  test::Scripted script = far_away();
  const auto source = test::open_scripted(script);
  const auto undisturbed = toy::trainer(run, source, whole.path());
  toy::finish(*undisturbed);
  {
    const auto trainer = toy::trainer(run, source, cut.path());
    trainer->run_steps(17);
    trainer->stop();
    EXPECT_FALSE(trainer->run_for(10));
  }
  const auto again = Trainer::resume(cut.path(), source, toy::registry());
  toy::finish(*again);
  EXPECT_EQ(toy::read_text(cut.file("model.safetensors")), toy::read_text(whole.file("model.safetensors")));
}

TEST(TargetTransforms, OfDensitiesAreScoredInTheTargetsUnit) {
  Json run = run_of("FAR", kStandardise);
  run["model"]["loss"] = {{"use", "gaussian_nll"}};
  const Json linear = scores({trained(run)});
  EXPECT_LT(linear["rmse"].get<double>(), 60);
  EXPECT_LT(linear["nll"].get<double>(), std::log(60) + 2);  // of a sigma in the target's unit
  EXPECT_LT(linear["crps"].get<double>(), 60);
  run = run_of("MASS", {{{"use", "log10"}}});
  run["model"]["loss"] = {{"use", "gaussian_nll"}};
  const Json bent = scores({trained(run)});
  EXPECT_FALSE(bent.contains("crps"));
  EXPECT_GT(bent["nll"].get<double>(), 9);  // 1 / z is in it, of z about 10^9
}

TEST(TargetTransforms, OfAnotherBundleAreTakenWithTheOthers) {
  const toy::Folder folder;
  Json run = run_of("FAR", kStandardise, 2);
  const auto first = trained(run, folder.path());
  run["train"]["init_from"] = {{"file", folder.file("model.safetensors")}, {"transforms", true}};
  toy::set(run, "/data/where", "FAR > 5000");
  test::Scripted script = far_away();
  const auto source = test::open_scripted(script);
  EXPECT_EQ(steps_to_json(toy::trainer(run, source)->model().spec.target_steps),
            steps_to_json(first->spec.target_steps));
  run["train"]["init_from"]["transforms"] = false;
  EXPECT_NE(steps_to_json(toy::trainer(run, source)->model().spec.target_steps),
            steps_to_json(first->spec.target_steps));
  run["train"]["init_from"]["transforms"] = true;
  run["target_transform"] = {{{"use", "log10"}}};
  EXPECT_THAT(test::words_of([&] { toy::model(run, source); }), testing::HasSubstr("behind other transforms"));
}

// The same column, computed: the same bits.
TEST(ComputedTargets, TrainAsTheColumnThatTheyAreWould) {
  Json run = toy::run();
  const toy::Result wanted = toy::train(run);
  run["data"]["target"] = {{"COPY", "Y"}};
  EXPECT_EQ(toy::train(run), wanted);
}

TEST(ComputedTargets, AreScoredWhereTheirColumnsAreAndNotNeededToPredict) {
  Json run = toy::run();
  run["data"]["target"] = {{"DOUBLE", "2 * Y"}};
  run["target_transform"] = kStandardise;
  toy::set(run, "/train/epochs", 40);
  toy::set(run, "/train/optimizer/lr", 0.05);
  const toy::Folder folder;
  toy::train(run, folder.path());
  const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
  const auto scored = predict_source({model}, toy::source(), "", true, {}, toy::registry());
  EXPECT_LT(scored.metrics["rmse"].get<double>(), 0.05);
  test::Scripted script{.names = {"A", "B", "ID"}, .n = 20};
  script.value = [](int64_t row, uint32_t column) { return column == 2 ? static_cast<double>(row) : a_of(row); };
  const auto bare = test::open_scripted(script);
  EXPECT_EQ(predict_source({model}, bare, "", false, {}, toy::registry()).rows, 20);
  EXPECT_EQ(test::words_of([&] { predict_source({model}, bare, "", true, {}, toy::registry()); }),
            "scripted:: data.target.DOUBLE: there is no column 'Y', did you mean 'A'?");
}

}  // namespace
}  // namespace clq

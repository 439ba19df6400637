// tests/core/train/predictor.test.cpp -- predictions of rows and of sources, and their scores.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/predictor.hpp"

#include <cmath>

#include <gmock/gmock.h>

#include "data/array_source.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

std::shared_ptr<Model> trained(uint64_t seed = 3, const Json& derived = Json::object()) {
  Json run = toy::run();
  run["data"]["derived"] = derived;
  toy::set(run, "/train/epochs", 40);
  toy::set(run, "/train/seed", seed);
  toy::set(run, "/train/optimizer/lr", 0.05);
  const auto source = toy::source();
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  toy::finish(trainer);
  return model;
}

Evaluation evaluate(const std::vector<std::shared_ptr<const Model>>& models, const std::shared_ptr<DataSource>& source,
                    int64_t batch = 64, const std::string& device = "cpu", const std::string& part = "") {
  PredictOptions options;
  options.batch = batch;
  options.device = device;
  options.part = part;
  return predict_source(models, source, "", true, options, toy::registry());
}

TEST(BatchPredictor, PredictsRows) {
  PredictOptions options;
  options.batch = 4;
  BatchPredictor predictor(trained(), toy::registry(), options);
  std::vector<float> rows;
  for (int i = 0; i < 11; ++i) rows.insert(rows.end(), {0.1f * static_cast<float>(i) - 0.5f, 0.3f});
  const auto out = predictor.run({rows.data()}, 11);
  ASSERT_EQ(out.names.front(), "prediction");
  for (size_t i = 0; i < 11; ++i) EXPECT_NEAR(out.values[0].as<float>()[i], 2 * rows[2 * i] - 0.3 + 0.5, 0.05);
  EXPECT_THAT(out.bad, testing::Each(0));
  EXPECT_EQ(predictor.output_fields().front().name, "prediction");
}

TEST(BatchPredictor, FlagsWhatItCannotAnswer) {
  BatchPredictor predictor(trained(), toy::registry(), {});
  const std::vector<float> rows = {0.1f, 0.2f, NAN, 0.2f, 50.0f, 0.0f};
  const auto out = predictor.run({rows.data()}, 3);
  EXPECT_EQ(out.bad[0], 0);
  EXPECT_NE(out.bad[1] & kBadNan, 0);
  EXPECT_TRUE(std::isnan(out.values[0].as<float>()[1]));
  EXPECT_FALSE(std::isnan(out.values[0].as<float>()[0]));
  EXPECT_EQ(out.ood[0], 0);
  EXPECT_EQ(out.ood[2], 1);
  EXPECT_EQ(predictor.run({rows.data()}, 0).bad.size(), 0u);
}

// Sums beyond F32 within the network.
TEST(BatchPredictor, FlagsWhatIsNotFinite) {
  BatchPredictor predictor(trained(), toy::registry(), {});
  const std::vector<float> rows = {3e38f, -3e38f, 0.1f, 0.2f};
  const auto out = predictor.run({rows.data()}, 2);
  EXPECT_EQ(out.bad, (std::vector<uint8_t>{kBadNan, 0}));
  EXPECT_TRUE(std::isnan(out.values[0].as<float>()[0]));
}

TEST(PredictSource, ScoresDoNotDependOnTheBatchOrTheDevice) {
  const auto model = trained();
  const auto wanted = evaluate({model}, toy::source(), 240);
  EXPECT_EQ(wanted.rows, 240);
  EXPECT_EQ(wanted.bad, 0);
  EXPECT_LT(wanted.metrics["rmse"].get<double>(), 0.05);
  const auto odd = evaluate({model}, toy::source(), 7);
  for (const auto& [name, value] : wanted.metrics.items())
    EXPECT_NEAR(odd.metrics[name].get<double>(), value.get<double>(), 1e-12) << name;  // sums in another order, F64
  EXPECT_EQ(evaluate({model}, toy::source(), 7, "lazy_ref").metrics, odd.metrics);
}

TEST(PredictSource, SeveralModelsGiveTheMean) {
  const auto a = trained(3), b = trained(4);
  const auto alone = evaluate({a}, toy::source());
  EXPECT_EQ(evaluate({a, a}, toy::source()).metrics, alone.metrics);
  const auto both = evaluate({a, b}, toy::source()).metrics["bias"].get<double>();
  const auto mean =
      0.5 * (alone.metrics["bias"].get<double>() + evaluate({b}, toy::source()).metrics["bias"].get<double>());
  EXPECT_NEAR(both, mean, 1e-7);  // the mean is rounded to F32
}

// Each of the two models reads one column; row 5 lacks the second's.
TEST(PredictSource, ARowIsBadWhereAnyModelCannotTakeIt) {
  const auto reading = [](const char* column) {
    Json run = toy::run();
    run["data"]["scalars"] = Json::array({column});
    const auto model = toy::model(run, toy::source());
    toy::finish(*std::make_unique<Trainer>(model, toy::source(), Config(run), toy::registry(), ""));
    return model;
  };
  const auto a = reading("A"), b = reading("B");
  std::vector<float> given(20, 0.1f), holed(20, 0.2f);
  std::vector<double> target(20, 0.0);
  holed[5] = NAN;
  target[5] = 1e6;
  ArraySource arrays(20);
  arrays.add("A", given.data(), {CLQ_F32, {}}, false);
  arrays.add("B", holed.data(), {CLQ_F32, {}}, false);
  arrays.add("Y", target.data(), {CLQ_F64, {}}, false);
  const auto source = arrays.open();
  const Evaluation ab = evaluate({a, b}, source), ba = evaluate({b, a}, source);
  EXPECT_EQ(ab.bad, 1);
  EXPECT_EQ(ba.bad, 1);
  EXPECT_LT(ab.metrics["rmse"].get<double>(), 10);
  EXPECT_EQ(ab.metrics, ba.metrics);
}

TEST(PredictSource, CountsTheRowsWithoutATarget) {
  std::vector<float> a(20, 0.1f), b(20, 0.2f);
  std::vector<double> target(20, 0.0);
  for (const size_t i : {3u, 4u, 17u}) target[i] = NAN;
  a[4] = NAN;  // bad rows, whatever their targets are
  a[17] = 3e38f;
  b[17] = -3e38f;
  ArraySource arrays(20);
  arrays.add("A", a.data(), {CLQ_F32, {}}, false);
  arrays.add("B", b.data(), {CLQ_F32, {}}, false);
  arrays.add("Y", target.data(), {CLQ_F64, {}}, false);
  const Evaluation done = evaluate({trained()}, arrays.open());
  EXPECT_EQ(done.rows, 20);
  EXPECT_EQ(done.bad, 2);
  EXPECT_EQ(done.unscored, 1);
}

TEST(PredictSource, ScoresOnePartOfTheSplit) {
  const auto model = trained();
  const int64_t all = evaluate({model}, toy::source()).rows;
  int64_t sum = 0;
  for (const char* part : {"train", "valid", "test"}) sum += evaluate({model}, toy::source(), 64, "cpu", part).rows;
  EXPECT_EQ(sum, all);
  EXPECT_THROW(evaluate({model}, toy::source(), 64, "cpu", "tests"), Error);
}

TEST(PredictSource, ScoresTheRowsOfAnExpression) {
  const auto model = trained();
  PredictOptions options;
  options.where = "A > 0";
  const auto source = toy::source();
  const auto some = predict_source({model}, source, "", true, options, toy::registry());
  options.where = "!(A > 0)";
  const auto others = predict_source({model}, source, "", true, options, toy::registry());
  EXPECT_GT(some.rows, 0);
  EXPECT_GT(others.rows, 0);
  EXPECT_EQ(some.rows + others.rows, evaluate({model}, source).rows);
  EXPECT_THROW(predict_source({model}, source, "", false, options, toy::registry()), Error);
  options.part = "test";
  EXPECT_THROW(predict_source({model}, source, "", true, options, toy::registry()), Error);
}

// The derived input is the sum of A and B; a caller gives A and B alone.
TEST(BatchPredictor, ComputesDerivedInputs) {
  const auto model = trained(3, {{"SUM", "A + B"}});
  EXPECT_EQ(model->spec.inputs.at(0).desc.count(), 3);
  EXPECT_EQ(model->given_width(0), 2);
  BatchPredictor predictor(model, toy::registry(), {});
  const std::vector<float> rows = {0.1f, 0.3f, -0.4f, 0.2f};
  const auto out = predictor.run({rows.data()}, 2);
  for (size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(out.values[0].as<float>()[i], 2 * rows[2 * i] - rows[2 * i + 1] + 0.5, 0.1);
  toy::Folder folder;
  save_bundle(*model, folder.file("derived.safetensors"));
  const auto loaded = load_bundle(folder.file("derived.safetensors"), toy::registry());
  BatchPredictor again(loaded, toy::registry(), {});
  EXPECT_TRUE(std::ranges::equal(again.run({rows.data()}, 2).values[0].as<float>(), out.values[0].as<float>()));
}

TEST(PredictSource, NamesTheColumnThatIsMissing) {
  const std::vector<float> a(5, 0.1f);
  ArraySource arrays(5);
  arrays.add("A", a.data(), {CLQ_F32, {}}, false);
  arrays.add("BB", a.data(), {CLQ_F32, {}}, false);
  try {
    predict_source({trained()}, arrays.open(), "", false, {}, toy::registry());
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("data.scalars: there is no column 'B'"));
  }
}

TEST(PredictSource, NeedsNoTargetToPredict) {
  const std::vector<float> a(5, 0.1f);
  ArraySource arrays(5);
  for (const char* name : {"A", "B"}) arrays.add(name, a.data(), {CLQ_F32, {}}, false);
  const auto source = arrays.open();
  const auto result = predict_source({trained()}, source, "", false, {}, toy::registry());
  EXPECT_EQ(result.rows, 5);
  EXPECT_TRUE(result.metrics.empty());
  EXPECT_THROW(predict_source({trained()}, source, "", true, {}, toy::registry()), Error);
}

}  // namespace
}  // namespace clq

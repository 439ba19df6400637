// tests/core/train/images.test.cpp -- a network of images from a source to a bundle, and back.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "base/philox.hpp"
#include "data/array_source.hpp"
#include "data/d4.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

constexpr int64_t kRows = 96, kPixels = 2 * 4 * 4;

// Images [2, 4, 4], S a scalar, Y = the mean of the first band minus that of the second + S.
struct Pictures {
  std::vector<float> images, s;
  std::vector<double> y;
  Pictures() : images(kRows * kPixels) {
    for (int64_t i = 0; i < kRows; ++i) {
      double difference = 0;
      for (int64_t p = 0; p < kPixels; ++p) {
        const PhiloxBlock block = philox(5, {static_cast<uint32_t>(i), static_cast<uint32_t>(p), 0, 0});
        const double value = 2 * philox_uniform(block[0]) - 1;
        images[static_cast<size_t>(i * kPixels + p)] = static_cast<float>(value);
        difference += (p < kPixels / 2 ? value : -value) / (kPixels / 2);
      }
      s.push_back(static_cast<float>(std::sin(static_cast<double>(i))));
      y.push_back(difference + static_cast<double>(s.back()));
    }
  }
  std::shared_ptr<DataSource> source() const {
    ArraySource arrays(kRows);
    arrays.add("images", images.data(), {CLQ_F32, {2, 4, 4}}, false);
    arrays.add("S", s.data(), {CLQ_F32, {}}, false);
    arrays.add("Y", y.data(), {CLQ_F64, {}}, false);
    return arrays.open();
  }
};

Json image_run(bool with_scalar) {
  Json run = toy::run();
  run["data"] = {{"target", "Y"}};
  run["model"]["layer"] = {{{"use", "flatten"}, {"name", "flat"}, {"from", "input.images"}}};
  if (with_scalar) {
    run["data"]["scalars"] = {"S"};
    run["data"]["images"] = "images";
    run["model"]["layer"].push_back({{"use", "concat"}, {"name", "both"}, {"from", {"flat", "input.scalars"}}});
  }
  run["model"]["layer"].push_back({{"use", "dense"}});
  return run;
}

TEST(Images, AreLearnedFromWithAndWithoutScalars) {
  const Pictures pictures;
  for (const bool with_scalar : {false, true}) {
    Json run = image_run(with_scalar);
    toy::set(run, "/train/epochs", 60);
    const auto trainer = toy::trainer(run, pictures.source());
    const auto rows = toy::finish(*trainer).rows;
    // The scalar is half of the variance of Y and more: without it the loss stays at its variance, 0.5.
    const double loss = trainer->get("loss");
    if (with_scalar)
      EXPECT_LT(loss, 0.02);
    else
      EXPECT_THAT(loss, testing::AllOf(testing::Gt(0.1), testing::Lt(0.8)));
  }
}

TEST(Images, GiveABundleThatAnswersItsGoldenInputs) {
  const Pictures pictures;
  const toy::Folder folder;
  const auto trainer = toy::trainer(image_run(true), pictures.source(), folder.path());
  toy::finish(*trainer);
  const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
  EXPECT_EQ(model->golden.at("input.images").desc().dims, (Shape{8, kPixels}));
  EXPECT_EQ(model->golden.at("input.scalars").desc().dims, (Shape{8, 1}));
  PredictOptions options;
  options.batch = 3;
  BatchPredictor predictor(model, toy::registry(), options);
  std::vector<const float*> inputs;
  for (const InputField& input : model->spec.inputs)
    inputs.push_back(model->golden.at("input." + input.name).as<float>().data());
  const auto answer = predictor.run(inputs, 8);
  for (size_t i = 0; i < 8; ++i)
    EXPECT_EQ(answer.values[0].as<float>()[i], model->golden.at("prediction").as<float>()[i]);
}

TEST(Images, KeepZeroPointsInTheBundleOfWhichOneIsNotKnown) {
  const Pictures pictures;
  const toy::Folder folder;
  const auto trainer = toy::trainer(image_run(false), pictures.source());
  toy::finish(*trainer);
  Model model = trainer->model();
  model.layout.images.zeropoint = {22.5, std::numeric_limits<double>::quiet_NaN()};
  save_bundle(model, folder.file("model"));
  const auto loaded = load_bundle(folder.file("model"), toy::registry());
  EXPECT_THAT(loaded->layout.images.zeropoint, testing::ElementsAre(22.5, testing::IsNan()));
}

TEST(Images, ResumeToTheSameBitsWithAnyNumberOfReaders) {
  const Pictures pictures;
  const Json run = image_run(true);
  const auto wanted = toy::finish(*toy::trainer(run, pictures.source()));
  for (const int readers : {2, 4}) {
    const toy::Folder folder;
    Json other = run;
    toy::set(other, "/compute/readers", readers);
    {
      const auto cut = toy::trainer(other, pictures.source(), folder.path());
      cut->run_steps(7);
      cut->stop();
      EXPECT_FALSE(cut->run_for(1));
    }
    const auto trainer = Trainer::resume(folder.path(), pictures.source(), toy::registry());
    EXPECT_EQ(toy::finish(*trainer).hash, wanted.hash) << readers;
  }
}

TEST(Images, WithHolesOrBandsMissingAreFlagged) {
  Pictures pictures;
  const auto trainer = toy::trainer(image_run(false), pictures.source());
  toy::finish(*trainer);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  pictures.images[3] = nan;
  std::fill_n(pictures.images.begin() + kPixels, kPixels / 2, nan);
  BatchPredictor predictor(std::make_shared<Model>(trainer->model()), toy::registry(), {});
  const auto answer = predictor.run({pictures.images.data()}, 3);
  EXPECT_THAT(answer.bad, testing::ElementsAre(2, 8, 0));
  EXPECT_TRUE(std::isnan(answer.values[0].as<float>()[0]));
  EXPECT_TRUE(std::isfinite(answer.values[0].as<float>()[2]));
  const auto source = pictures.source();
  const Evaluation scores =
      predict_source({std::make_shared<Model>(trainer->model())}, source, "", true, {}, toy::registry());
  EXPECT_EQ(scores.rows, kRows);
  EXPECT_EQ(scores.bad, 2);
}

// What training alone does is keyed by the seed, the epoch and the row: not by readers, and not by where a run was cut.
TEST(Images, ThatAreTurnedAndShiftedGiveTheSameBits) {
  const Pictures pictures;
  Json run = image_run(true);
  run["transform"] = {{{"use", "sky_asinh"}}, {{"use", "dihedral"}}, {{"use", "shift"}, {"pixels", 1}}};
  const auto wanted = toy::finish(*toy::trainer(run, pictures.source()));
  Json still = run;
  still["transform"] = {{{"use", "sky_asinh"}}};
  EXPECT_NE(toy::finish(*toy::trainer(still, pictures.source())).hash, wanted.hash);
  for (const int readers : {1, 2, 4}) {
    const toy::Folder folder;
    Json other = run;
    toy::set(other, "/compute/readers", readers);
    {
      const auto cut = toy::trainer(other, pictures.source(), folder.path());
      cut->run_steps(7);
      cut->stop();
      EXPECT_FALSE(cut->run_for(1));
    }
    const auto trainer = Trainer::resume(folder.path(), pictures.source(), toy::registry());
    EXPECT_EQ(toy::finish(*trainer).hash, wanted.hash) << readers;
  }
}

TEST(Images, WithAMaskGoThroughABundle) {
  Pictures pictures;
  pictures.images[5] = std::numeric_limits<float>::quiet_NaN();
  Json run = image_run(false);
  run["transform"] = {{{"use", "nan_mask"}}};
  run["model"]["layer"] = {{{"use", "concat"}, {"name", "both"}, {"from", {"input.images", "input.mask"}}},
                           {{"use", "flatten"}},
                           {{"use", "dense"}}};
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, pictures.source(), folder.path());
  toy::finish(*trainer);
  EXPECT_EQ(trainer->get("rows_skipped"), 0);
  const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
  EXPECT_FALSE(model->golden.contains("input.mask"));
  BatchPredictor predictor(model, toy::registry(), {});
  const auto answer = predictor.run({pictures.images.data(), nullptr}, 2);
  EXPECT_THAT(answer.bad, testing::ElementsAre(0, 0));
  EXPECT_TRUE(std::isfinite(answer.values[0].as<float>()[0]));
}

std::vector<float> predict(const std::shared_ptr<const Model>& model, const std::vector<float>& images,
                           const std::string& average) {
  PredictOptions options;
  options.average = average;
  options.batch = 5;
  BatchPredictor predictor(model, toy::registry(), options);
  const auto answer = predictor.run({images.data()}, kRows);
  const auto values = answer.values[0].as<float>();
  return {values.begin(), values.end()};
}

TEST(AverageD4, IsTheMeanOverTheEightOrientations) {
  const Pictures pictures;
  const auto trainer = toy::trainer(image_run(false), pictures.source());
  toy::finish(*trainer);
  const auto model = std::make_shared<Model>(trainer->model());
  std::vector<double> sum(kRows);
  for (int e = 0; e < kOrientations; ++e) {
    std::vector<float> turned(pictures.images.size());
    for (int64_t plane = 0; plane < 2 * kRows; ++plane)
      turn_plane(e, pictures.images.data() + plane * 16, turned.data() + plane * 16, 4);
    const std::vector<float> one = predict(model, turned, "none");
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(one[i]);
  }
  const std::vector<float> plain = predict(model, pictures.images, "none"), got = predict(model, pictures.images, "d4");
  int other = 0;
  for (size_t i = 0; i < sum.size(); ++i) {
    EXPECT_EQ(got[i], static_cast<float>(sum[i] / 8));
    other += got[i] != plain[i];
  }
  EXPECT_GT(other, kRows / 2);
}

TEST(AverageD4, IsKeptInTheBundleAndCanBeOverridden) {
  const Pictures pictures;
  Json run = image_run(false);
  run["predict"] = {{"average", "d4"}};
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, pictures.source(), folder.path());
  toy::finish(*trainer);
  const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
  EXPECT_EQ(predict(model, pictures.images, ""), predict(model, pictures.images, "d4"));
  EXPECT_NE(predict(model, pictures.images, ""), predict(model, pictures.images, "none"));
  const auto score = [&](const std::string& average) {
    PredictOptions options;
    options.average = average;
    return predict_source({model}, pictures.source(), "", true, options, toy::registry()).metrics;
  };
  EXPECT_EQ(score(""), score("d4"));
  EXPECT_NE(score(""), score("none"));
}

std::string words_of(const Json& run) {
  const Pictures pictures;
  try {
    toy::model(run, pictures.source());
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(AverageD4, RefusesWhatDoesNotTurn) {
  Json vectors = image_run(true);
  vectors["predict"] = {{"average", "d4"}};
  vectors["data"]["target"] = {"Y", "S"};
  vectors["data"].erase("scalars");
  vectors["model"]["layer"] = {{{"use", "flatten"}}, {{"use", "dense"}}};
  vectors["transform"] = {{{"use", "dihedral"}, {"vectors", {"Y", "S"}}}};
  EXPECT_EQ(words_of(vectors),
            "predict.average: Y, S turn with the image, the mean over its orientations would mix them");
  Json plain = toy::run();
  plain["predict"] = {{"average", "d4"}};
  try {
    toy::model(plain, toy::source());
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "predict.average: a model without images has no orientations to average");
  }
}

TEST(Images, OfAnotherShapeAreRefused) {
  const Pictures pictures;
  const auto trainer = toy::trainer(image_run(false), pictures.source());
  toy::finish(*trainer);
  ArraySource arrays(kRows);
  arrays.add("images", pictures.images.data(), {CLQ_F32, {2, 2, 8}}, false);
  const auto model = std::make_shared<Model>(trainer->model());
  try {
    predict_source({model}, arrays.open(), "", false, {}, toy::registry());
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "arrays in memory: the images are [2, 2, 8], the model was trained with [2, 4, 4]");
  }
}

TEST(Images, TellTheMemoryOfTheirSlots) {
  const Pictures pictures;
  const auto trainer = toy::trainer(image_run(false), pictures.source());
  const double slots = 2 * 3 * 16 * kPixels * 4;  // of training and of validation: 3 slots of 16 rows
  EXPECT_GT(trainer->get("memory_bytes"), slots);
}

}  // namespace
}  // namespace clq

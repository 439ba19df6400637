// tests/core/train/contrastive.test.cpp -- networks that tell two views of an object from those of others.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gmock/gmock.h>

#include "base/philox.hpp"
#include "core/data/support.hpp"
#include "data/d4.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

constexpr int64_t kObjects = 120, kSide = 6, kArea = kSide * kSide;

// Normal pixels, in rows that a test may spoil.
struct Objects {
  std::vector<float> pixels;
  Objects() {
    for (int64_t i = 0; i < kObjects * kArea; ++i)
      pixels.push_back(static_cast<float>(philox_normal(philox(8, {static_cast<uint32_t>(i), 0, 0, 0}))[0]));
  }
  std::shared_ptr<DataSource> source() const {
    ArraySource arrays(kObjects);
    arrays.add("images", pixels.data(), {CLQ_F32, {1, kSide, kSide}}, false);
    return arrays.open();
  }
};

Json contrast_run() {
  Json run = toy::run();
  run["task"] = "contrastive";
  run["data"] = Json::object();
  run["transform"] = {{{"use", "dihedral"}}, {{"use", "noise"}, {"amount", 0.2}}};
  run["model"] = {{"loss", {{"use", "nt_xent"}, {"temperature", 0.2}}},
                  {"layer",
                   {{{"use", "flatten"}, {"from", "input.images"}},
                    {{"use", "dense"}, {"name", "features"}, {"units", 48}, {"activation", "relu"}},
                    {{"use", "dense"}, {"units", 16}}}}};
  toy::set(run, "/split", {{"test", 0.0}, {"valid", 0.2}, {"seed", 1}});
  toy::set(run, "/train/epochs", 3);
  return run;
}

double cosine(const float* a, const float* b, int64_t n) {
  double ab = 0, aa = 0, bb = 0;
  for (int64_t i = 0; i < n; ++i) {
    ab += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    aa += static_cast<double>(a[i]) * static_cast<double>(a[i]);
    bb += static_cast<double>(b[i]) * static_cast<double>(b[i]);
  }
  return ab / std::sqrt(aa * bb);
}

// The share of the objects whose embedding is nearer to that of their turned selves than to that of any other one.
double found_again(const std::shared_ptr<const Model>& model, const Objects& objects) {
  Objects turned = objects;
  for (int64_t i = 0; i < kObjects; ++i)
    turn_plane(3, objects.pixels.data() + i * kArea, turned.pixels.data() + i * kArea, kSide);
  BatchPredictor predictor(model, toy::registry(), {});
  const Tensor plain = predictor.run({objects.pixels.data()}, kObjects).values[0];
  const Tensor other = predictor.run({turned.pixels.data()}, kObjects).values[0];
  const int64_t width = plain.desc().dims[1];
  int64_t found = 0;
  for (int64_t i = 0; i < kObjects; ++i) {
    int64_t best = 0;
    double most = -2;
    for (int64_t j = 0; j < kObjects; ++j) {
      const double c = cosine(plain.as<float>().data() + i * width, other.as<float>().data() + j * width, width);
      if (c > most) best = j;
      most = std::max(most, c);
    }
    found += best == i;
  }
  return static_cast<double>(found) / kObjects;
}

TEST(Contrastive, LearnsThatATurnedObjectIsTheSameOne) {
  const Objects objects;
  Json run = contrast_run();
  const toy::Folder folder;
  toy::set(run, "/train/epochs", 150);
  toy::set(run, "/train/batch", 48);
  toy::set(run, "/train/optimizer/lr", 0.005);
  const auto trainer = toy::trainer(run, objects.source(), folder.path());
  toy::finish(*trainer);
  const auto model = load_bundle(folder.file("model-last.safetensors"), toy::registry());
  toy::set(run, "/train/epochs", 1);
  toy::set(run, "/train/optimizer/lr", 1e-9);
  const auto untrained = toy::trainer(run, objects.source());
  toy::finish(*untrained);
  EXPECT_LT(found_again(std::make_shared<const Model>(untrained->model()), objects), 0.2);
  EXPECT_GT(found_again(model, objects), 0.8);
}

TEST(Contrastive, HasTheSameBitsForAnyReadersReplicasAndStops) {
  const Objects objects;
  Json run = contrast_run();
  toy::set(run, "/train/micro_batch", 8);
  toy::set(run, "/compute/deterministic", true);
  const auto result = [&](const char* pointer, const Json& value) {
    Json other = run;
    toy::set(other, pointer, value);
    return toy::finish(*toy::trainer(other, objects.source()));
  };
  const toy::Result whole = result("/train/seed", 3);
  EXPECT_EQ(result("/compute/readers", 3), whole);
  EXPECT_EQ(result("/compute/devices", {"cpu_ref:0", "cpu_ref:0"}), whole);
  EXPECT_NE(result("/train/seed", 4).hash, whole.hash);
  const toy::Folder grown;
  toy::set(run, "/train/epochs", 1);
  toy::finish(*toy::trainer(run, objects.source(), grown.path()));
  toy::write_text(grown.path() + "/run.toml", "[train]\nepochs = 3\n");
  EXPECT_EQ(toy::finish(*Trainer::resume(grown.path(), objects.source(), toy::registry())).hash, whole.hash);
}

TEST(Contrastive, CountsABadObjectOnce) {
  Objects objects;
  for (const int64_t row : {3, 50, 77}) objects.pixels[static_cast<size_t>(row * kArea)] = NAN;
  Json run = contrast_run();
  run["data"]["on_bad"] = "skip";
  toy::set(run, "/split/valid", 0.0);
  const auto trainer = toy::trainer(run, objects.source());
  toy::finish(*trainer);
  EXPECT_EQ(trainer->get("rows_skipped"), 3 * 3);
  EXPECT_TRUE(std::isfinite(trainer->get("loss")));
}

TEST(Contrastive, SaysWhatItNeeds) {
  const Objects objects;
  const auto words = [&](const char* pointer, const Json& value) {
    Json run = contrast_run();
    toy::set(run, pointer, value);
    return test::words_of([&] { toy::trainer(run, objects.source()); });
  };
  EXPECT_THAT(words("/transform", Json::array()), testing::HasSubstr("dihedral, shift or noise"));
  EXPECT_THAT(words("/data/target", "Y"), testing::HasSubstr("a contrast of views has no target"));
  EXPECT_THAT(words("/model/loss", {{"use", "mse"}}), testing::HasSubstr("has the loss nt_xent, got 'mse'"));
  EXPECT_THAT(words("/model/layer/2", {{"use", "dense"}}), testing::HasSubstr("the last layer needs units"));
  EXPECT_THAT(words("/train/batch", 15), testing::HasSubstr("it cannot have 15 rows"));
  EXPECT_THAT(words("/train/batch", 2), testing::HasSubstr("train.batch of 2 rows holds one object"));
  EXPECT_THAT(words("/train/micro_batch", 2), testing::HasSubstr("train.micro_batch of 2 rows holds one object"));
  Json other = toy::run();
  other["model"] = {{"loss", {{"use", "nt_xent"}}}, {"layer", {{{"use", "dense"}, {"units", 4}}}}};
  EXPECT_THAT(test::words_of([&] { toy::trainer(other, toy::source()); }),
              testing::HasSubstr("which only the task contrastive makes, got task 'regression'"));
  Json run = contrast_run();
  const auto source = objects.source();
  const auto trainer = toy::trainer(run, source);
  toy::finish(*trainer);
  const auto model = std::make_shared<const Model>(trainer->model());
  EXPECT_THAT(test::words_of([&] { predict_source({model}, source, "", true, {}, toy::registry()); }),
              testing::HasSubstr("learned without a target, there is nothing to score"));
  EXPECT_THAT(test::words_of([&] {
                predict_source({model, model}, source, "", false, {}, toy::registry());
              }),
              testing::HasSubstr("embeddings, of which several models have no mean"));
  EXPECT_EQ(predict_source({model}, source, "", false, {}, toy::registry()).rows, kObjects);
}

}  // namespace
}  // namespace clq

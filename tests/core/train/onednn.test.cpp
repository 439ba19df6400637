// tests/core/train/onednn.test.cpp -- what the core promises about bits, on the backend that a run gets by default.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "base/philox.hpp"
#include "data/array_source.hpp"
#include "toy.hpp"

namespace clq {
namespace {

const Registry& registry() {
  static const Registry& loaded = *[] {
    auto* r = new Registry;
    r->load(std::string(CLQ_PLUGIN_DIR) + "/clq_cpu_onednn.so");
    return r;
  }();
  return loaded;
}

constexpr int64_t kRows = 96, kPixels = 2 * 9 * 9;

// Images [2, 9, 9] of noise; Y = the mean of the first band minus that of the second.
std::shared_ptr<DataSource> pictures() {
  std::vector<float> images(kRows * kPixels);
  std::vector<double> y(kRows, 0.0);
  for (int64_t i = 0; i < kRows * kPixels; ++i) {
    const double value = 2 * philox_uniform(philox(5, {static_cast<uint32_t>(i), 0, 0, 0})[0]) - 1;
    images[static_cast<size_t>(i)] = static_cast<float>(value);
    y[static_cast<size_t>(i / kPixels)] += (i % kPixels < kPixels / 2 ? value : -value) / (kPixels / 2);
  }
  ArraySource arrays(kRows);
  arrays.add("images", images.data(), {CLQ_F32, {2, 9, 9}}, false);
  arrays.add("Y", y.data(), {CLQ_F64, {}}, false);
  return arrays.open();
}

Json image_run() {
  Json run = toy::run();
  run["data"] = {{"target", "Y"}};
  run["model"]["layer"] = Json::parse(R"([
    {"name": "a", "use": "conv", "from": "input.images", "channels": 16, "kernel": 3, "activation": "prelu"},
    {"name": "b", "use": "conv", "channels": 20, "kernel": 3, "activation": "prelu"},
    {"name": "mean", "use": "global_avg_pool"},
    {"name": "noise", "use": "dropout", "rate": 0.2},
    {"name": "last", "use": "dense"}])");
  toy::set(run, "/compute", {{"devices", {"cpu_onednn:0"}}, {"threads", 2}, {"readers", 1}});
  return run;
}

// Products of 64 x 256 x 256, which are cut into pieces.
Json table_run() {
  Json run = toy::run();
  run["data"]["target"] = "N";
  run["model"]["layer"] = Json::parse(R"([
    {"name": "a", "use": "dense", "units": 256, "activation": "silu"},
    {"name": "b", "use": "dense", "units": 256, "activation": "silu"},
    {"name": "noise", "use": "dropout", "rate": 0.2},
    {"name": "last", "use": "dense"}])");
  toy::set(run, "/train/batch", 64);
  toy::set(run, "/compute", {{"devices", {"cpu_onednn:0"}}, {"threads", 2}, {"readers", 1}});
  return run;
}

std::unique_ptr<Trainer> trainer(const Json& run, const std::shared_ptr<DataSource>& source,
                                 const std::string& folder = "") {
  return std::make_unique<Trainer>(create_model(Config(run), *source, registry()), source, Config(run), registry(),
                                   folder);
}

toy::Result train(const Json& run, const std::shared_ptr<DataSource>& source) {
  const auto t = trainer(run, source);
  return toy::finish(*t);
}

TEST(OneDnnTraining, HasTheSameBitsTwiceAndWithAnyNumberOfReaders) {
  const auto source = pictures();
  const auto wanted = train(image_run(), source);
  for (const int readers : {1, 4}) {
    Json run = image_run();
    toy::set(run, "/compute/readers", readers);
    EXPECT_EQ(train(run, source), wanted) << readers;
  }
}

TEST(OneDnnTraining, OfATableHasTheSameBitsOnAnyNumberOfThreads) {
  const auto wanted = train(table_run(), toy::source());
  for (const int threads : {1, 3}) {
    Json run = table_run();
    toy::set(run, "/compute/threads", threads);
    EXPECT_EQ(train(run, toy::source()), wanted) << threads;
  }
}

// Convolutions of fewer than 2^22 multiplications, each one thread's.
TEST(OneDnnTraining, OfSmallImagesHasTheSameBitsOnAnyNumberOfThreads) {
  Json run = image_run();
  toy::set(run, "/train/batch", 8);
  const auto source = pictures();
  const auto wanted = train(run, source);
  for (const int threads : {1, 3}) {
    toy::set(run, "/compute/threads", threads);
    EXPECT_EQ(train(run, source), wanted) << threads;
  }
}

void expect_resumed_bits(const Json& run, const std::shared_ptr<DataSource>& source) {
  const auto undisturbed = trainer(run, source);
  const auto steps = static_cast<int64_t>(undisturbed->get("steps"));
  const std::string wanted = toy::finish(*undisturbed).hash;
  for (const int64_t k : {int64_t{1}, steps / 2, steps - 1}) {
    const toy::Folder cut;
    {
      const auto first = trainer(run, source, cut.path());
      first->run_steps(k);
      first->stop();
      EXPECT_FALSE(first->run_for(10));
    }
    EXPECT_EQ(toy::finish(*Trainer::resume(cut.path(), source, registry())).hash, wanted) << k << " of " << steps;
  }
}

TEST(OneDnnTraining, GoesOnToTheSameBits) {
  expect_resumed_bits(image_run(), pictures());
  expect_resumed_bits(table_run(), toy::source());
}

struct Outcome {
  std::vector<double> losses;  // of validation, epoch by epoch
  std::map<std::string, Tensor> states;
};

Outcome outcome(Trainer& trainer) {
  while (!trainer.run_for(60)) {
  }
  Outcome out;
  while (const auto row = trainer.next_metrics()) out.losses.push_back((*row)["valid_loss"].get<double>());
  out.states = trainer.model().states;
  return out;
}

// Averages of weights that lie in blocks, and frozen layers between layers that learn, against the plain loops. Twenty
// steps of sums in another order, in f32.
TEST(OneDnnTraining, AveragesAndFreezesAsTheReferenceDoes) {
  Json run = image_run();
  Json& layers = run["model"]["layer"];
  layers[1]["frozen"] = true;
  const Json norm = {{"name", "norm"}, {"use", "batch_norm"}, {"frozen", true}};
  layers.insert(layers.begin() + 1, norm);
  toy::set(run, "/train/ema", 0.9);
  const auto source = pictures();
  const Outcome fast = outcome(*trainer(run, source));
  toy::set(run, "/compute/devices", {"cpu_ref:0"});
  const Outcome plain = outcome(*toy::trainer(run, source));
  ASSERT_EQ(fast.losses.size(), plain.losses.size());
  for (size_t i = 0; i < plain.losses.size(); ++i) EXPECT_NEAR(fast.losses[i], plain.losses[i], 1e-4) << i;
  for (const auto& [name, tensor] : plain.states) {
    const auto a = fast.states.at(name).as<float>(), b = tensor.as<float>();
    const bool frozen = name.starts_with("b.") || name.starts_with("norm.");
    for (size_t i = 0; i < b.size(); ++i) EXPECT_NEAR(a[i], b[i], frozen ? 0 : 1e-3) << name;
  }
}

TEST(OneDnnTraining, WithAveragesGoesOnToTheSameBits) {
  Json run = image_run();
  toy::set(run, "/train/ema", 0.9);
  expect_resumed_bits(run, pictures());
}

}  // namespace
}  // namespace clq

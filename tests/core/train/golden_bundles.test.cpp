// tests/core/train/golden_bundles.test.cpp -- bundles that earlier builds wrote load, and answer as they did.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/bundle_json.hpp"
#include "train/golden.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = CLQ_GOLDEN_BUNDLES;

std::string name_of(int64_t format, const char* what) { return fmt::format("format{}-{}.safetensors", format, what); }

GoldenCheck check_here(const std::shared_ptr<const Model>& model) {
  PredictOptions options;
  options.device = "cpu_ref:0";
  return check_golden(model, options, toy::registry());
}

// One epoch more than the checkpoint of that format has; the last model of it.
void go_on(int64_t format, const toy::Folder& folder) {
  fs::create_directories(folder.file("checkpoints"));
  fs::copy_file(kFolder / name_of(format, "checkpoint"), folder.file("checkpoints/last.safetensors"));
  const auto trainer = Trainer::resume(folder.path(), toy::source(), toy::registry(), 5);
  EXPECT_EQ(trainer->get("epoch"), 4);
  toy::finish(*trainer);
}

// CLQ_WRITE_GOLDEN=1: those of this build's format are written; an older format's cannot be made again.
TEST(GoldenBundles, AreWrittenWhenAsked) {
  if (std::getenv("CLQ_WRITE_GOLDEN") == nullptr) GTEST_SKIP() << "CLQ_WRITE_GOLDEN is not set";
  Json run = toy::run(6);
  run["model"]["layer"].insert(run["model"]["layer"].begin() + 1, Json{{"use", "batch_norm"}});
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, toy::source(), folder.path());
  toy::finish(*trainer);
  fs::copy_file(folder.file("model.safetensors"), kFolder / name_of(kBundleFormat, "model"),
                fs::copy_options::overwrite_existing);
  fs::copy_file(folder.file("checkpoints/last.safetensors"), kFolder / name_of(kBundleFormat, "checkpoint"),
                fs::copy_options::overwrite_existing);
  const toy::Folder more;
  go_on(kBundleFormat, more);
  fs::copy_file(more.file("model-last.safetensors"), kFolder / name_of(kBundleFormat, "resumed"),
                fs::copy_options::overwrite_existing);
}

TEST(GoldenBundles, OfEveryFormatAnswerAsTheyDid) {
  for (int64_t format = 1; format <= kBundleFormat; ++format) {
    const auto model = load_bundle((kFolder / name_of(format, "model")).string(), toy::registry());
    const GoldenCheck check = check_here(model);
    EXPECT_EQ(check.rows, kGoldenRows);
    EXPECT_LE(check.largest, 1e-6) << "format " << format;
    const Checkpoint point = load_checkpoint((kFolder / name_of(format, "checkpoint")).string(), toy::registry());
    EXPECT_TRUE(point.progress.finished);
    EXPECT_EQ(point.progress.epoch, 4);
    EXPECT_GT(point.states.size(), model->states.size());  // the optimizer's, too
  }
}

// All that a checkpoint holds is at work in an epoch: optimizer, place, statistics. The tolerance is for exp and sqrt
// of another C library, whose last digits ten steps may carry on; a moment that began anew is a hundred times off.
TEST(GoldenBundles, GoOnAsTheyDid) {
  for (int64_t format = 1; format <= kBundleFormat; ++format) {
    const toy::Folder folder;
    go_on(format, folder);
    const auto wanted = load_bundle((kFolder / name_of(format, "resumed")).string(), toy::registry());
    const auto got = load_bundle(folder.file("model-last.safetensors"), toy::registry());
    ASSERT_EQ(got->states.size(), wanted->states.size());
    for (const auto& [name, tensor] : wanted->states) {
      const std::span<const float> values = tensor.as<float>(), now = got->states.at(name).as<float>();
      for (size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(now[i], values[i], 1e-6) << name << ", format " << format;
    }
  }
}

TEST(GoldenBundles, ShowThatAWeightHasChanged) {
  const auto model = load_bundle((kFolder / name_of(kBundleFormat, "model")).string(), toy::registry());
  for (auto& [name, tensor] : model->states) tensor.as<float>()[0] *= 1.0001f;
  EXPECT_GT(check_here(model).largest, 1e-6);
}

TEST(GoldenBundles, WhoseRowsAreNotTheModelsAreRefused) {
  const auto model = load_bundle((kFolder / name_of(kBundleFormat, "model")).string(), toy::registry());
  model->golden["input.scalars"] = Tensor({CLQ_F32, {3, 1}});
  EXPECT_THROW(check_here(model), Error);
  model->golden.clear();
  try {
    check_here(model);
    ADD_FAILURE() << "a bundle without golden rows was checked";
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_NOT_FOUND);
  }
}

}  // namespace
}  // namespace clq

// tests/core/train/trainer.test.cpp -- a trainer learns, reports and leaves its folder behind.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>
#include <thread>

#include <gmock/gmock.h>

#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/provenance.hpp"

namespace clq {
namespace {

TEST(Trainer, LearnsALinearMap) {
  Json run = toy::run();
  toy::set(run, "/train/epochs", 60);
  toy::set(run, "/train/optimizer/lr", 0.05);
  const auto source = toy::source();
  const auto trainer = toy::trainer(run, source);
  toy::finish(*trainer);
  const Model& model = trainer->model();
  const auto weights = model.states.at("last.weights").as<float>();
  // Y = 2 A - B + 0.5 has no noise: only the optimizer's last steps are left.
  EXPECT_NEAR(weights[0], 2.0, 5e-3);
  EXPECT_NEAR(weights[1], -1.0, 5e-3);
  EXPECT_NEAR(model.states.at("last.bias").as<float>()[0], 0.5, 5e-3);
  EXPECT_EQ(trainer->end_reason(), "epochs done");
  EXPECT_EQ(model.n_parameters(), 3);
}

TEST(Trainer, TellsWhereItIs) {
  const auto trainer = toy::trainer(toy::run(), toy::source());
  EXPECT_FALSE(trainer->run_steps(7));
  EXPECT_EQ(trainer->get("step"), 7);
  EXPECT_EQ(trainer->get("epochs"), 4);
  EXPECT_GT(trainer->get("memory_bytes"), 0);
  EXPECT_GT(trainer->get("samples_per_second"), 0);
  EXPECT_THROW(trainer->get("lost"), Error);
  toy::finish(*trainer);
  EXPECT_EQ(trainer->get("epoch"), 4);
  EXPECT_TRUE(trainer->run_for(1));
}

TEST(Trainer, MetricsHaveOneRowAnEpoch) {
  const auto trainer = toy::trainer(toy::run(), toy::source());
  while (!trainer->run_for(10)) {
  }
  for (int64_t epoch = 1; epoch <= 4; ++epoch) {
    const auto row = trainer->next_metrics();
    ASSERT_TRUE(row);
    EXPECT_EQ((*row)["epoch"], epoch);
    for (const char* key :
         {"step", "learning_rate", "train_loss", "valid_loss", "valid_rmse", "valid_sigma_mad", "seconds"})
      EXPECT_TRUE(row->contains(key)) << key;
    // The loss is the mean square: the root of one metric is the other.
    EXPECT_NEAR(std::sqrt((*row)["valid_loss"].get<double>()), (*row)["valid_rmse"].get<double>(), 1e-6);
  }
  EXPECT_FALSE(trainer->next_metrics());
}

TEST(Trainer, LeavesItsFolder) {
  const toy::Folder folder;
  toy::train(toy::run(), folder.path());
  for (const char* name : {"run.json", "model.safetensors", "model-last.safetensors", "checkpoints/last.safetensors",
                           "metrics.csv", "log.jsonl"})
    EXPECT_TRUE(std::filesystem::exists(folder.file(name))) << name;
  const Json run = Json::parse(toy::read_text(folder.file("run.json")));
  EXPECT_EQ(run["end_reason"], "epochs done");
  EXPECT_EQ(
      run["rows"]["train"].get<int64_t>() + run["rows"]["valid"].get<int64_t>() + run["rows"]["test"].get<int64_t>(),
      240);
  EXPECT_GT(run["memory"]["bytes"].get<int64_t>(), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
    EXPECT_EQ(entry.path().string().find(".tmp."), std::string::npos) << entry.path();
}

// A hash of nothing would look like one of a plugin.
TEST(Trainer, GivesNoHashOfAPluginThatIsGone) {
  const toy::Folder folder;
  const std::string plugin = folder.file("clq_cpu_ref.so");
  std::filesystem::copy_file(std::string(CLQ_PLUGIN_DIR) + "/clq_cpu_ref.so", plugin);
  Registry registry;
  registry.load(plugin);
  EXPECT_EQ(start_of_run(registry)["plugins"][0]["xxh3"].get<std::string>().size(), 16u);
  std::filesystem::remove(plugin);
  EXPECT_EQ(start_of_run(registry)["plugins"][0]["xxh3"], "");
}

TEST(Trainer, TheBestBundleIsTheModelAtTheEnd) {
  const toy::Folder folder;
  const auto result = toy::train(toy::run(), folder.path());
  EXPECT_EQ(load_bundle(folder.file("model.safetensors"), toy::registry())->hash(), result.hash);
}

// What cannot be written at the end is learned all the same.
TEST(Trainer, LeavesItsModelWhereTheEndCannotBeWritten) {
  const auto wanted = toy::train(toy::run());
  for (const char* name : {"model-last.safetensors", "model.safetensors", "checkpoints"}) {
    const toy::Folder folder;
    const auto trainer = toy::trainer(toy::run(), toy::source(), folder.path());
    EXPECT_FALSE(trainer->run_steps(static_cast<int64_t>(trainer->get("steps")) - 1));
    if (std::filesystem::remove(folder.file(name)))
      toy::write_text(folder.file(name), "no folder");
    else
      std::filesystem::create_directories(folder.file(name));
    EXPECT_THROW(trainer->run_for(10), Error) << name;
    EXPECT_EQ(trainer->model().hash(), wanted.hash) << name;
  }
}

// Its model is the best one, what it goes on from is the last.
TEST(Trainer, TheCheckpointOfTheEndHasTheLastWeights) {
  const toy::Folder folder;
  Json run = toy::run();
  toy::set(run, "/train/optimizer/lr", 3.0);  // the best epoch is not the last
  const auto result = toy::train(run, folder.path());
  const auto last = load_bundle(folder.file("model-last.safetensors"), toy::registry());
  EXPECT_NE(last->hash(), result.hash);
  EXPECT_EQ(load_bundle(folder.file("checkpoints/last.safetensors"), toy::registry())->hash(), last->hash());
}

// Its checkpoint is there: that it was stopped is no news for the caller.
TEST(Trainer, IsStoppedWhereRunJsonCannotBeWritten) {
  const toy::Folder folder;
  const auto trainer = toy::trainer(toy::run(), toy::source(), folder.path());
  trainer->run_steps(2);
  std::filesystem::remove(folder.file("run.json"));
  std::filesystem::create_directories(folder.file("run.json"));
  trainer->stop();
  EXPECT_FALSE(trainer->run_for(10));
  EXPECT_TRUE(std::filesystem::exists(folder.file("checkpoints/last.safetensors")));
}

// A copy elsewhere is none that the run goes on from.
TEST(Trainer, ACheckpointElsewhereDelaysNoneOfTheRun) {
  const toy::Folder folder;
  Json run = toy::run();
  toy::set(run, "/train/checkpoint_minutes", 0.001);
  const auto trainer = toy::trainer(run, toy::source(), folder.path());
  std::this_thread::sleep_for(std::chrono::milliseconds(80));
  trainer->checkpoint(folder.file("elsewhere.safetensors"));
  trainer->run_steps(1);
  EXPECT_TRUE(std::filesystem::exists(folder.file("checkpoints/last.safetensors")));
}

TEST(Trainer, LearnsWithoutValidationRows) {
  Json run = toy::run();
  run["split"] = {{"by", "id"}, {"test", 0.0}, {"valid", 0.0}, {"seed", 1}};
  toy::set(run, "/train/patience", 1);
  const auto result = toy::train(run);
  EXPECT_EQ(result.rows.size(), 4u);  // patience judges validation rows alone, unless asked otherwise
}

TEST(Trainer, ConstantWeightsChangeNothing) {
  Json run = toy::run();
  run["data"]["target"] = "N";
  const auto plain = toy::train(run);
  run["data"]["weight"] = "TWO";  // its mean is divided out; a power of 2, so no bit is lost
  EXPECT_EQ(toy::train(run).hash, plain.hash);
  run["data"]["weight"] = "W";
  EXPECT_NE(toy::train(run).hash, plain.hash);
}

TEST(Trainer, NamesWhatIsWrong) {
  const auto words = [](const std::string& pointer, const Json& value) {
    Json run = toy::run();
    toy::set(run, pointer, value);
    try {
      const auto trainer = toy::trainer(run, toy::source());
      toy::finish(*trainer);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_THAT(words("/train/micro_batch", 5), testing::HasSubstr("not a multiple of train.micro_batch 5"));
  EXPECT_THAT(words("/train/monitor", "valid_rmsee"), testing::HasSubstr("valid_rmse"));
  EXPECT_THAT(words("/compute/precision", "bf16"), testing::HasSubstr("bf16"));
  EXPECT_THAT(words("/compute/allow_fallback", true), testing::HasSubstr("compute.allow_fallback is not offered"));
  EXPECT_THAT(words("/compute/devices", Json::array()), testing::HasSubstr("compute.devices is empty"));
  EXPECT_THAT(words("/model/layer", Json::array()), testing::HasSubstr("model.layer is missing"));
}

// Sizes whose products leave 64 bits are the caller's mistake, not a small buffer or a run without an end.
TEST(Trainer, RefusesNumbersThatOverflow) {
  const auto status = [](const Json& train) {
    Json run = toy::run();
    run["train"].update(train);
    try {
      toy::trainer(run, toy::source());
    } catch (const Error& e) {
      return e.status();
    }
    return CLQ_OK;
  };
  EXPECT_EQ(status({{"epochs", std::numeric_limits<int64_t>::max()}}), CLQ_E_INVALID);
  EXPECT_EQ(status({{"batch", int64_t{1} << 62}, {"micro_batch", 1}}), CLQ_E_INVALID);
}

TEST(Trainer, TakesAnyNumberOfStepsForTheRest) {
  const auto trainer = toy::trainer(toy::run(), toy::source());
  EXPECT_FALSE(trainer->run_steps(1));
  EXPECT_TRUE(trainer->run_steps(std::numeric_limits<int64_t>::max()));
}

// The first epoch of a large catalogue takes hours.
TEST(Trainer, RefusesWrongNamesBeforeItTrains) {
  const auto words = [](const std::string& pointer, const Json& value) {
    Json run = toy::run();
    toy::set(run, pointer, value);
    try {
      toy::trainer(run, toy::source());
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_THAT(words("/train/monitor", "valid_rmsee"),
              testing::HasSubstr("'valid_rmsee' is no metric of this run, did you mean 'valid_rmse'"));
  EXPECT_THAT(words("/train/monitor", "epoch"), testing::HasSubstr("'epoch' is no metric of this run"));
  EXPECT_THAT(words("/output/keep", {"KEEEP"}), testing::HasSubstr("output.keep: there is no column 'KEEEP'"));
  EXPECT_EQ(words("/train/monitor", "train_loss"), "");
}

TEST(Trainer, RefusesTargetsThatAreNoClass) {
  const auto words = [](const char* target, int64_t outputs) {
    Json run = toy::classes(outputs);
    run["data"]["target"] = target;
    try {
      toy::finish(*toy::trainer(run, toy::source()));
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(words("C", 2), "");
  EXPECT_EQ(words("C", 5), "");
  EXPECT_THAT(words("KEEP", 2), testing::HasSubstr("no class of 0 to 1"));
  EXPECT_THAT(words("Y", 2), testing::HasSubstr("no class of 0 to 1"));
  EXPECT_THAT(words("C", 1), testing::HasSubstr("one unit a class"));
}

}  // namespace
}  // namespace clq

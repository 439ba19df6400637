// tests/capi/train.test.cpp -- training by seconds and steps, the run folder, resuming, stopping.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "client.hpp"

namespace clq::test {
namespace {

namespace fs = std::filesystem;

double value(const Host& host, const char* key) {
  double out = -1;
  ok(clq_trainer_get(host.trainer, key, &out));
  return out;
}

class Train : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  const std::string folder_ = testing::TempDir() + "capi_train_run";
};

std::vector<float> weights(clq_handle model) {
  std::vector<float> out(16);
  ok(clq_model_get(model, "dense1.weights", out.data(), CLQ_F32, 64));
  return out;
}

TEST_F(Train, LearnsAndSaysSo) {
  Host host;
  host.open_trainer();
  host.train();
  EXPECT_EQ(value(host, "epoch"), 4);
  EXPECT_EQ(value(host, "stopped"), 0);
  std::vector<nlohmann::json> rows;
  for (;;) {
    const std::string row = text_of([&](char* t, int64_t n) { return clq_trainer_metrics(host.trainer, t, n); });
    if (row.empty()) break;
    rows.push_back(nlohmann::json::parse(row));
  }
  EXPECT_EQ(rows.size(), 4u);
  EXPECT_EQ(clq_trainer_run(host.trainer, 1), CLQ_END);
}

TEST_F(Train, GoesByStepsToo) {
  Host host;
  host.open_trainer();
  EXPECT_EQ(clq_trainer_steps(host.trainer, 3), CLQ_OK);
  EXPECT_EQ(value(host, "step"), 3);
}

TEST_F(Train, MovesTheModelAsTheHostSeesIt) {
  Host host;
  host.open_trainer();
  const auto before = weights(host.model);
  ok(clq_trainer_steps(host.trainer, 2));
  const auto after = weights(host.model);
  EXPECT_NE(after, before);
  const float w[16] = {};
  EXPECT_EQ(clq_model_set(host.model, "dense1.weights", w, CLQ_F32, 64), CLQ_E_INVALID);  // the trainer holds it
  clq_trainer_close(host.trainer);
  EXPECT_EQ(weights(host.model), after);
  ok(clq_model_set(host.model, "dense1.weights", w, CLQ_F32, 64));
}

TEST_F(Train, LeavesARunFolder) {
  Host host;
  host.open_trainer(folder_.c_str());
  host.train();
  for (const char* name :
       {"run.toml", "run.json", "model.safetensors", "model-last.safetensors", "metrics.csv", "log.jsonl"})
    EXPECT_TRUE(fs::exists(fs::path(folder_) / name)) << name;
  Host again;
  ok(clq_config_load((folder_ + "/run.toml").c_str(), &again.config));
  const auto dump = [](clq_handle c) {
    return text_of([&](char* t, int64_t n) { return clq_config_dump(c, 0, t, n); });
  };
  EXPECT_EQ(dump(again.config), dump(host.config));
}

TEST_F(Train, StopsAtACheckpointAndResumesToTheSameWeights) {
  Host whole, part, rest;
  whole.open_trainer();
  whole.train();
  part.open_trainer(folder_.c_str());
  ok(clq_trainer_steps(part.trainer, 21));
  clq_trainer_stop(part.trainer);
  EXPECT_EQ(clq_trainer_run(part.trainer, 10), CLQ_END);
  EXPECT_EQ(value(part, "stopped"), 1);
  EXPECT_EQ(value(part, "step"), 21);
  clq_trainer_close(part.trainer);
  clq_handle refused = 0;
  EXPECT_EQ(clq_trainer_create(part.model, part.source, part.config, folder_.c_str(), &refused), CLQ_E_INVALID);
  rest.open_source();
  ok(clq_trainer_resume(folder_.c_str(), rest.source, &rest.trainer));
  EXPECT_EQ(value(rest, "step"), 21);
  rest.train();
  ok(clq_trainer_model(rest.trainer, &rest.model));
  EXPECT_EQ(weights(rest.model), weights(whole.model));
  clq_trainer_close(rest.trainer);
  EXPECT_EQ(weights(rest.model), weights(whole.model));
}

TEST_F(Train, RefusesAFolderWithFilesOfAnotherRun) {
  fs::create_directories(folder_);
  std::ofstream(folder_ + "/run.toml") << "# mine\n";
  Host host;
  host.open_trainer();
  clq_trainer_close(host.trainer);
  host.trainer = 0;
  EXPECT_EQ(clq_trainer_create(host.model, host.source, host.config, folder_.c_str(), &host.trainer), CLQ_E_INVALID);
  EXPECT_EQ(last_error(), folder_ + " holds run.toml, over which a training would write: name another run folder");
  std::string text;
  std::getline(std::ifstream(folder_ + "/run.toml"), text);
  EXPECT_EQ(text, "# mine");
  fs::remove(folder_ + "/run.toml");
  ok(clq_trainer_create(host.model, host.source, host.config, folder_.c_str(), &host.trainer));
}

TEST_F(Train, StopsFromAnotherThread) {
  Host host;
  host.open_trainer();
  ok(clq_config_set(host.config, "train.epochs", "1000000"));
  clq_trainer_close(host.trainer);
  ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    clq_trainer_stop(host.trainer);
  });
  EXPECT_EQ(clq_trainer_run(host.trainer, 60), CLQ_END) << last_error();
  other.join();
  EXPECT_EQ(value(host, "stopped"), 1);
}

TEST_F(Train, RefusesASecondThread) {
  Host host;
  host.open_trainer();
  ok(clq_config_set(host.config, "train.epochs", "1000000"));
  clq_trainer_close(host.trainer);
  ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
  std::thread other([&] { EXPECT_EQ(clq_trainer_run(host.trainer, 60), CLQ_END); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  double step = 0;
  EXPECT_EQ(clq_trainer_get(host.trainer, "step", &step), CLQ_E_INVALID);
  EXPECT_EQ(last_error(), "the trainer is in use by another thread");
  clq_trainer_stop(host.trainer);
  other.join();
}

}  // namespace
}  // namespace clq::test

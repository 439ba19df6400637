// tests/capi/held_model.test.cpp -- a model that a trainer holds: asked from other threads, held once, left as it was.
// SPDX-License-Identifier: BSD-3-Clause
#include <atomic>
#include <filesystem>
#include <thread>

#include <malloc.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "client.hpp"

namespace clq::test {
namespace {

std::string describe(clq_handle model) {
  return text_of([&](char* text, int64_t n) { return clq_model_describe(model, text, n); });
}

std::string log_lines() {
  std::string all;
  for (;;) {
    const std::string line = text_of([](char* text, int64_t n) { return clq_log_next(text, n); });
    if (line.empty()) return all;
    all += line + "\n";
  }
}

// The whole text, though the model may change between asking for its size and for itself.
std::string describe_moving(clq_handle model) {
  std::string text(1, '\0');
  for (;;) {
    const int64_t needed = clq_model_describe(model, text.data(), static_cast<int64_t>(text.size()));
    if (needed <= static_cast<int64_t>(text.size()))
      return needed > 0 ? text.substr(0, static_cast<size_t>(needed - 1)) : "";
    text.resize(static_cast<size_t>(needed));
  }
}

constexpr float kRow[] = {0.5f, -0.25f};

TEST(HeldModel, AnswersOtherThreadsWhileItsTrainerSteps) {
  Host host;
  host.open_model();
  ok(clq_config_set(host.config, "train.epochs", "1000000"));
  ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
  std::atomic<int> asking{2};
  std::vector<std::thread> readers;
  for (int t = 0; t < 2; ++t)
    readers.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        float out = NAN;
        EXPECT_EQ(clq_predict(host.model, kRow, 1, 2, &out, 1), CLQ_OK) << last_error();
        EXPECT_TRUE(std::isfinite(out));
      }
      --asking;
    });
  // Far more than 40 answers need when each waits for one step at most.
  int64_t steps = 0;
  for (; asking.load() > 0 && steps < 100000; ++steps) {
    const clq_status status = clq_trainer_steps(host.trainer, 1);
    EXPECT_EQ(status, CLQ_OK) << last_error();
    if (status != CLQ_OK) break;
  }
  EXPECT_LT(steps, 100000);
  for (std::thread& reader : readers) reader.join();
}

TEST(HeldModel, IsAskedWhileTrainersComeAndGo) {
  Host host;
  host.open_model();
  std::atomic<bool> done{false};
  std::thread reader([&] {
    while (!done.load()) {
      float out = NAN;
      EXPECT_EQ(clq_predict(host.model, kRow, 1, 2, &out, 1), CLQ_OK) << last_error();
      EXPECT_TRUE(nlohmann::json::accept(describe_moving(host.model))) << last_error();
    }
  });
  for (int k = 0; k < 5; ++k) {
    clq_handle trainer = 0;
    EXPECT_EQ(clq_trainer_create(host.model, host.source, host.config, nullptr, &trainer), CLQ_OK) << last_error();
    EXPECT_EQ(clq_trainer_steps(trainer, 2), CLQ_OK) << last_error();
    clq_trainer_close(trainer);
  }
  done = true;
  reader.join();
}

TEST(HeldModel, TakesOneTrainerAtATime) {
  Host host;
  host.open_trainer();
  clq_handle second = 7;
  EXPECT_EQ(clq_trainer_create(host.model, host.source, host.config, nullptr, &second), CLQ_E_INVALID);
  EXPECT_EQ(second, 7);
  EXPECT_EQ(last_error(), "a trainer holds this model, close it first");
  clq_trainer_close(host.trainer);
  ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
}

TEST(HeldModel, IsLeftAsItWasByATrainerThatCannotBeMade) {
  Host tried, untouched;
  tried.open_model();
  untouched.open_model();
  ok(clq_config_set(tried.config, "compute.devices", "[\"cpu_ref:7\"]"));  // looked for after the transforms are fitted
  clq_handle trainer = 0;
  EXPECT_LT(clq_trainer_create(tried.model, tried.source, tried.config, nullptr, &trainer), 0);
  EXPECT_EQ(describe(tried.model), describe(untouched.model));
}

// Memory that is short for a moment may fail a call, and must not leave the weights of an earlier step to the next one.
TEST(HeldModel, IsNotOlderAfterACallThatHadNoMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer maps more than any limit";
#endif
  Host host;
  host.open_source();
  ok(clq_config_parse(kRunFile, &host.config));
  // The first layer's weights, 40 MB; of blocks of a megabyte and more malloc keeps none for another time.
  ASSERT_EQ(::mallopt(M_MMAP_THRESHOLD, 1 << 20), 1);
  ok(clq_config_set(host.config, "model.layer", "[{use='dense',units=5000000},{use='dense'}]"));
  ok(clq_config_set(host.config, "train.batch", "1"));
  ok(clq_model_create(host.config, host.source, &host.model));
  ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
  const auto bias = [&] {
    float value = NAN;
    EXPECT_EQ(clq_model_get(host.model, "dense2.bias", &value, CLQ_F32, 4), CLQ_OK) << last_error();
    return value;
  };
  const float before = bias();
  ok(clq_trainer_steps(host.trainer, 1));
  rlimit unlimited{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &unlimited), 0);
  const rlimit least{1, unlimited.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &least), 0);
  float value = NAN;
  const clq_status starved = clq_model_get(host.model, "dense2.bias", &value, CLQ_F32, 4);
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &unlimited), 0);
  ASSERT_EQ(starved, CLQ_E_NOMEM);
  const float after = bias();
  EXPECT_NE(after, before);
  clq_trainer_close(host.trainer);
  EXPECT_EQ(bias(), after);
}

// A device by its name is opened as it stands; of "cpu" the log tells the scores of all that there are.
TEST(HeldModel, OfAResumedRunAnswersOnTheDeviceOfTheRun) {
  const std::string folder = testing::TempDir() + "capi_held_model_run";
  std::filesystem::remove_all(folder);
  Host first, again;
  first.open_trainer(folder.c_str(), "[compute]\ndevices = [\"cpu_ref:0\"]\n");
  ok(clq_trainer_steps(first.trainer, 1));
  EXPECT_EQ(clq_trainer_checkpoint(first.trainer, ""), CLQ_E_INVALID);
  EXPECT_FALSE(std::filesystem::exists(folder + "/checkpoints/last.safetensors"));
  ok(clq_trainer_checkpoint(first.trainer, nullptr));
  clq_trainer_close(first.trainer);
  again.open_source();
  ok(clq_trainer_resume(folder.c_str(), again.source, &again.trainer));
  ok(clq_trainer_model(again.trainer, &again.model));
  log_lines();
  float out = NAN;
  ok(clq_predict(again.model, kRow, 1, 2, &out, 1));
  const std::string log = log_lines();
  EXPECT_EQ(log.find("scores"), std::string::npos) << log;
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace clq::test

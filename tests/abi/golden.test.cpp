// tests/abi/golden.test.cpp -- the plugin of an edition, which CLQ_GOLDEN names, in today's host.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include "capi/client.hpp"

namespace clq::test {
namespace {

constexpr const char* kGolden = R"(
task = "regression"
[data]
catalog = "golden://2000"
id = "ID"
scalars = ["X"]
target = "Y"
[split]
valid = 0.2
[train]
epochs = 40
batch = 50
optimizer = { name = "adam", lr = 0.01 }
[[model.layer]]
use = "dense"
units = 8
activation = "tanh"
)";

class Golden : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* file = std::getenv("CLQ_GOLDEN");
    ASSERT_NE(file, nullptr) << "CLQ_GOLDEN names no plugin";
    ok(clq_plugins_load(nullptr));
    ok(clq_plugins_load(file));
  }
  void train(const std::string& layers) {
    ok(clq_config_parse((kGolden + layers).c_str(), &host.config));
    ok(clq_source_from_config(host.config, &host.source));
    ok(clq_model_create(host.config, host.source, &host.model));
    ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
    host.train();
  }
  std::vector<float> predict(clq_handle model) {
    const std::vector<float> rows = {0.5f, -0.25f, -1.0f, 0.75f, 0.0f, 0.0f};
    std::vector<float> out(3);
    ok(clq_predict(model, rows.data(), 3, 2, out.data(), 1));
    return out;
  }
  Host host;
};

TEST_F(Golden, IsLoadedWithoutARefusal) {
  const std::string plugins = text_of([](char* t, int64_t n) { return clq_plugins_report(t, n); });
  EXPECT_NE(plugins.find("org.calanque.golden"), std::string::npos) << plugins;
  const std::string devices = text_of([](char* t, int64_t n) { return clq_devices_report(t, n); });
  EXPECT_NE(devices.find("\"golden:0\""), std::string::npos) << devices;
}

// y = x0 - 2 x1, by its source, its layer and its op with their gradients.
TEST_F(Golden, LearnsWithItsSourceItsLayerAndItsOp) {
  train("[[model.layer]]\nuse = \"edition.cubes\"\n[[model.layer]]\nuse = \"dense\"\n");
  const std::vector<float> expected = {1.0f, -2.5f, 0.0f}, got = predict(host.model);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(got[i], expected[i], 0.1) << i;
  const std::string model = text_of([&](char* t, int64_t n) { return clq_model_describe(host.model, t, n); });
  EXPECT_NE(model.find("edition.cubes"), std::string::npos) << model;
}

// Sums of 8 products of numbers near 1 in F32, in another order.
TEST_F(Golden, PredictsOnItsDeviceWhatTheReferencePredicts) {
  train("[[model.layer]]\nuse = \"dense\"\n");
  const char* file = "golden.safetensors";
  ok(clq_model_save(host.model, file));
  std::vector<float> answers[2];
  for (const bool golden : {false, true}) {
    clq_handle model = 0;
    ok(clq_model_load(file, golden ? R"({"device": "golden:0"})" : R"({"device": "cpu_ref:0"})", &model));
    answers[golden] = predict(model);
    clq_model_close(model);
  }
  std::remove(file);
  for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(answers[0][i], answers[1][i], 1e-6) << i;
}

}  // namespace
}  // namespace clq::test

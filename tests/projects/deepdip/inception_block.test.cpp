// tests/projects/deepdip/inception_block.test.cpp -- the inception module as a block: the bits of the plugin's layer.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <gtest/gtest.h>

#include "config/model_chain.hpp"
#include "config/toml.hpp"
#include "photoz.hpp"

namespace clq::test {
namespace {

constexpr const char* kAsBlock = R"(
[model.block.conv]
parameters = { channels = 1, kernel = 1 }
[[model.block.conv.layer]]
name = "conv"
use = "conv"
channels = "$channels"
kernel = "$kernel"
init = "glorot_uniform"
bias_init = 0.1
[[model.block.conv.layer]]
name = "prelu"
use = "prelu"
slope = 0.0

[model.block.inception]
parameters = { reduce = 48, channels = 64 }
[[model.block.inception.layer]]
name = "one"
use = "block.conv"
channels = "$channels"
[[model.block.inception.layer]]
name = "five_reduce"
use = "block.conv"
from = "input"
channels = "$reduce"
[[model.block.inception.layer]]
name = "five"
use = "block.conv"
channels = "$channels"
kernel = 5
[[model.block.inception.layer]]
name = "three_reduce"
use = "block.conv"
from = "input"
channels = "$reduce"
[[model.block.inception.layer]]
name = "three"
use = "block.conv"
channels = "$channels"
kernel = 3
[[model.block.inception.layer]]
name = "pool_reduce"
use = "block.conv"
from = "input"
channels = "$reduce"
[[model.block.inception.layer]]
name = "pool"
use = "avg_pool"
kernel = 2
stride = 1
padding = "same"
[[model.block.inception.layer]]
use = "concat"
from = ["one", "five", "three", "pool"]

[[model.layer]]
name = "first"
use = "block.inception"
reduce = 3
channels = 4
[[model.layer]]
name = "second"
use = "block.inception"
reduce = 2
channels = 5
[[model.layer]]
use = "global_avg_pool"
[[model.layer]]
name = "out"
use = "dense"
units = 1
)";

constexpr const char* kAsLayers = R"([
  {"name": "first", "use": "deepdip.inception", "reduce": 3, "channels": 4},
  {"name": "second", "use": "deepdip.inception", "reduce": 2, "channels": 5},
  {"use": "global_avg_pool"}, {"name": "out", "use": "dense", "units": 1}])";

Program step_of(Json layers) {
  ModelSpec model;
  model.inputs = {{"images", {CLQ_F32, {2, 7, 6}}}};
  model.layers = std::move(layers);
  model.loss = Json{{"use", "mse"}};
  model.task = "regression";
  const OpTable ops;
  return build_program(ProgramKind::step, model, {Json{{"name", "sgd"}}, 0}, 3, ops, plugins());
}

// "first.five.weights" of the plugin is "first.five.conv.weights" here, its slope the inner prelu's.
std::string name_in_block(const std::string& name) {
  const size_t dot = name.rfind('.');
  if (name.starts_with("out.") || name.find('.') == dot) return name;
  return name.substr(0, dot) + (name.ends_with(".slope") ? ".prelu" : ".conv") + name.substr(dot);
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.desc() == b.desc() && std::memcmp(a.bytes(), b.bytes(), static_cast<size_t>(a.desc().bytes())) == 0;
}

TEST(InceptionAsABlock, TrainsToTheBitsOfTheLayer) {
  const Json written_out = expand_model(read_toml(kAsBlock, "block.toml").values.at("model")).layers;
  const Program layer = step_of(Json::parse(kAsLayers)), block = step_of(written_out);
  EXPECT_EQ(layer.graph.ops.size(), block.graph.ops.size());
  Runner one(layer.graph, "cpu_ref", CLQ_SEG_TRAINING), other(block.graph, "cpu_ref", CLQ_SEG_TRAINING);
  EXPECT_EQ(one.state_names().size(), other.state_names().size());
  std::map<std::string, Tensor> start;
  for (const std::string& name : one.state_names()) {
    start.emplace(name, one.state(name));
    other.set_state(name_in_block(name), one.state(name));
  }
  const Tensors batch = {{"images", uniform({3, 2, 7, 6}, -1, 1, 5, CLQ_F32)},
                         {"target", tensor({3}, {0.5, -1, 2})},
                         {"weight", filled({3}, 1)}};
  const Scalars cells = {{"learning_rate", 0.05}, {"batch_count", 3}};
  for (int i = 0; i < 3; ++i) {
    one.run(batch, cells);
    other.run(batch, cells);
  }
  for (const auto& [name, before] : start) {
    EXPECT_TRUE(same_bits(one.state(name), other.state(name_in_block(name)))) << name;
    EXPECT_TRUE(!name.ends_with("weights") || !same_bits(one.state(name), before)) << name << " has not moved";
  }
}

}  // namespace
}  // namespace clq::test

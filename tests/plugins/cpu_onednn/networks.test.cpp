// tests/plugins/cpu_onednn/networks.test.cpp -- whole training steps on cpu_onednn and on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <cmath>

#include "support/run_graph.hpp"

namespace clq::test {
namespace {

// Branches with 92 and 5 channels, so that blocks of 16 meet at odd places; every kind of op between them.
ModelSpec image_network() {
  ModelSpec model;
  model.inputs = {{"images", {CLQ_F32, {5, 17, 16}}}};
  model.layers = Json::parse(R"([
    {"name": "stem", "use": "conv", "channels": 48, "kernel": 5, "activation": "prelu"},
    {"name": "down", "use": "max_pool", "kernel": 2},
    {"name": "a", "use": "conv", "from": "down", "channels": 92, "kernel": 1, "activation": "relu"},
    {"name": "b", "use": "conv", "from": "down", "channels": 5, "kernel": 3, "activation": "prelu"},
    {"name": "c", "use": "conv", "from": "down", "channels": 48, "kernel": 3, "groups": 3, "activation": "silu"},
    {"name": "join", "use": "concat", "from": ["a", "b", "c"]},
    {"name": "mean", "use": "avg_pool", "kernel": 2},
    {"name": "flat", "use": "flatten"},
    {"name": "hidden", "use": "dense", "units": 33, "activation": "relu"},
    {"name": "noise", "use": "dropout", "rate": 0.2},
    {"name": "out", "use": "dense", "units": 7}])");
  model.loss = Json{{"use", "softmax_cross_entropy"}};
  model.task = "classification";
  model.task_options = Json{{"classes", 7}};
  model.target = {};
  return model;
}

ModelSpec with_layers(const Shape& images, const char* layers) {
  ModelSpec model = image_network();
  model.inputs = {{"images", {CLQ_F32, images}}};
  model.layers = Json::parse(layers);
  return model;
}

// Down and up again by both ways there are, joined with what was there before.
ModelSpec map_network() {
  return with_layers({5, 16, 12}, R"([
    {"name": "fine", "use": "conv", "channels": 24, "kernel": 3, "activation": "relu"},
    {"name": "down", "use": "max_pool", "kernel": 2},
    {"name": "deep", "use": "conv", "channels": 40, "kernel": 3, "activation": "gelu"},
    {"name": "up", "use": "conv_transpose", "channels": 20, "kernel": 2, "stride": 2},
    {"name": "smooth", "use": "upsample", "from": "deep", "mode": "bilinear"},
    {"name": "join", "use": "concat", "from": ["fine", "up", "smooth"]},
    {"name": "last", "use": "conv", "channels": 7, "kernel": 1},
    {"name": "mean", "use": "global_avg_pool"}])");
}

ModelSpec sequence_network() {
  return with_layers({6, 16}, R"([
    {"name": "places", "use": "positional_encoding", "kind": "learned"},
    {"name": "norm1", "use": "layer_norm"},
    {"name": "look", "use": "attention", "heads": 4, "dropout": 0.1},
    {"name": "seen", "use": "add", "from": ["places", "look"]},
    {"name": "norm2", "use": "layer_norm"},
    {"name": "hidden", "use": "dense", "units": 32, "activation": "gelu"},
    {"name": "back", "use": "dense", "units": 16},
    {"name": "block", "use": "add", "from": ["seen", "back"]},
    {"name": "flat", "use": "flatten"},
    {"name": "out", "use": "dense", "units": 7}])");
}

Program program_of(ProgramKind kind, int64_t batch, const ModelSpec& model = image_network()) {
  const OpTable ops;
  TrainSpec train;
  train.optimizer = Json{{"name", "adamw"}, {"lr", 1e-3}};
  train.clip_norm = 1;
  return build_program(kind, model, train, batch, ops, NoBuilders());
}

Tensor drawn(const TensorDesc& desc, uint64_t seed) {
  if (desc.dtype == CLQ_I64) return filled(desc.dims, 3, CLQ_I64);
  return uniform(desc.dims, -1, 1, seed, desc.dtype);
}

Tensors inputs_of(const Graph& graph) {
  Tensors inputs;
  uint64_t seed = 3;
  for (const NamedValue& v : graph.inputs) {
    const TensorDesc& desc = graph.desc(v.value);
    inputs[v.name] = v.name == "weight" ? filled(desc.dims, 1, desc.dtype) : drawn(desc, ++seed);
  }
  return inputs;
}

void steps(Runner& runner, const Graph& graph, int n) {
  for (int step = 0; step < n; ++step)
    runner.run(inputs_of(graph),
               {{"learning_rate", 1e-3}, {"step", step}, {"seed", 1}, {"batch_count", static_cast<double>(9)}});
}

TEST(OneDnnNetworks, LeaveTheGradientsOfTheReference) {
  for (const ModelSpec& model : {image_network(), map_network(), sequence_network()}) {
    const Program program = program_of(ProgramKind::gradients, 9, model);
    Runner reference(program.graph, "cpu_ref"), onednn(program.graph, "cpu_onednn");
    onednn.copy_states_from(reference);
    steps(reference, program.graph, 2);
    steps(onednn, program.graph, 2);
    for (const std::string& name : reference.state_names())
      EXPECT_LE(distance(onednn.state(name), reference.state(name)), 1e-4) << name;
  }
}

// Adam divides by the gradient's size: where that is rounding alone, steps may differ by a learning rate. So the
// moments are held to 1e-4, the weights to a fraction of what three steps can move them.
TEST(OneDnnNetworks, TakeTheStepsOfTheReference) {
  const Program program = program_of(ProgramKind::step, 9);
  Runner reference(program.graph, "cpu_ref"), onednn(program.graph, "cpu_onednn");
  onednn.copy_states_from(reference);
  steps(reference, program.graph, 3);
  steps(onednn, program.graph, 3);
  for (const std::string& name : reference.state_names()) {
    const bool moment = name.starts_with("m.") || name.starts_with("v.") || name.starts_with("train.");
    EXPECT_LE(distance(onednn.state(name), reference.state(name)), moment ? 5e-4 : 2e-3) << name;
  }
}

TEST(OneDnnNetworks, RepeatTheirBits) {
  const Program program = program_of(ProgramKind::step, 5);
  Runner one(program.graph, "cpu_onednn"), two(program.graph, "cpu_onednn");
  steps(one, program.graph, 2);
  steps(two, program.graph, 2);
  for (const std::string& name : one.state_names()) EXPECT_EQ(numbers(one.state(name)), numbers(two.state(name)));
}

// A bad step must leave every state as it was, in whatever format it lies.
TEST(OneDnnNetworks, ChangeNothingWhenALossIsNotFinite) {
  const Program program = program_of(ProgramKind::step, 5);
  Runner runner(program.graph, "cpu_onednn");
  steps(runner, program.graph, 1);
  std::map<std::string, std::vector<double>> before;
  for (const std::string& name : runner.state_names()) before[name] = numbers(runner.state(name));
  Tensors inputs = inputs_of(program.graph);
  inputs["images"].as<float>()[7] = NAN;
  runner.run(inputs, {{"learning_rate", 1e-3}, {"step", 1}, {"seed", 1}, {"batch_count", 5.0}});
  for (const std::string& name : runner.state_names()) {
    if (name == "train.bad_steps" || name == "train.skipped_steps") continue;
    EXPECT_EQ(numbers(runner.state(name)), before[name]) << name;
  }
}

TEST(OneDnnNetworks, TakeStatesInAndGiveThemOutAlike) {
  const Program program = program_of(ProgramKind::step, 1);
  Runner runner(program.graph, "cpu_onednn");
  uint64_t seed = 100;
  for (const std::string& name : runner.state_names()) {
    const Tensor old = runner.state(name);
    if (old.desc().dtype != CLQ_F32) continue;
    const Tensor value = drawn(old.desc(), ++seed);
    runner.set_state(name, value);
    EXPECT_EQ(numbers(runner.state(name)), numbers(value)) << name;
  }
}

}  // namespace
}  // namespace clq::test

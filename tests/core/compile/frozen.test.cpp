// tests/core/compile/frozen.test.cpp -- frozen layers keep every bit while others learn.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <gtest/gtest.h>

#include "core/compile/models.hpp"

namespace clq::test {
namespace {

const Scalars kScalars = {{"learning_rate", 0.1}, {"batch_count", 4}};
const TrainSpec kAdam{Json{{"name", "adamw"}, {"weight_decay", 0.1}}, 0, {}, {0.01, 0.01}};

// "first" learns through the frozen ones, "last" behind them.
ModelSpec frozen_in_between() {
  return regression_model(R"([{"use": "dense", "units": 3, "name": "first"},
    {"use": "batch_norm", "name": "norm", "frozen": true},
    {"use": "dense", "units": 2, "name": "middle", "activation": "tanh", "frozen": true},
    {"use": "dropout", "frozen": true}, {"use": "dense", "units": 1, "name": "last"}])");
}

std::vector<std::string> names_with(const Runner& runner, const std::string& word) {
  std::vector<std::string> out;
  for (const std::string& name : runner.state_names())
    if (name.find(word) != std::string::npos) out.push_back(name);
  return out;
}

TEST(Frozen, LayersKeepTheirBitsAndOthersMove) {
  Runner runner(program(ProgramKind::step, frozen_in_between(), 4, kAdam).graph);
  const Runner start(program(ProgramKind::step, frozen_in_between(), 4, kAdam).graph);
  for (int step = 0; step < 5; ++step) runner.run(batch_of({1, 2, 3, 4}), kScalars);
  for (const char* name :
       {"norm.gamma", "norm.beta", "norm.running_mean", "norm.running_variance", "middle.weights", "middle.bias"})
    EXPECT_EQ(numbers(runner.state(name)), numbers(start.state(name))) << name;
  for (const char* name : {"first.weights", "first.bias", "last.weights", "last.bias"})
    EXPECT_NE(numbers(runner.state(name)), numbers(start.state(name))) << name;
}

TEST(Frozen, LayersHaveNoStatesOfTheOptimizer) {
  const Runner runner(program(ProgramKind::step, frozen_in_between(), 4, kAdam).graph);
  EXPECT_EQ(names_with(runner, "middle"), (std::vector<std::string>{"middle.weights", "middle.bias"}));
  EXPECT_EQ(names_with(runner, "first.weights").size(), 3u);  // itself and two moments
  for (const ProgramKind kind : {ProgramKind::gradients, ProgramKind::apply})
    EXPECT_TRUE(names_with(Runner(program(kind, frozen_in_between(), 4, kAdam).graph), "grad.middle").empty());
}

// In training as in prediction: with statistics of its own and nothing dropped, the loss of a step is that of evaluate.
TEST(Frozen, LayersComputeAsInPrediction) {
  Runner step(program(ProgramKind::step, frozen_in_between(), 4, kAdam).graph),
      evaluate(program(ProgramKind::evaluate, frozen_in_between()).graph);
  step.set_state("norm.running_mean", tensor({3}, {0.5, -1, 2}));
  step.set_state("norm.running_variance", tensor({3}, {4, 0.25, 9}));
  evaluate.copy_states_from(step);
  for (Runner* runner : {&step, &evaluate}) runner->run(batch_of({1, 2, 3, 4}), kScalars);
  EXPECT_EQ(numbers(step.state("train.loss_sum")), numbers(evaluate.state("metric.loss.sum")));
}

TEST(Frozen, LayersAreTheSameInMicroBatches) {
  Runner whole(program(ProgramKind::step, frozen_in_between(), 4, kAdam).graph),
      gradients(program(ProgramKind::gradients, frozen_in_between(), 2, kAdam).graph),
      apply(program(ProgramKind::apply, frozen_in_between(), 2, kAdam).graph);
  gradients.copy_states_from(whole);
  apply.copy_states_from(whole);
  const Tensors batch = batch_of({1, 2, 3, 4});
  whole.run(batch, kScalars);
  for (const int64_t first : {0, 2}) gradients.run(rows(batch, first, 2), kScalars);
  apply.copy_states_from(gradients);
  apply.run({}, kScalars);
  for (const std::string& name : apply.state_names()) {
    if (name.starts_with("grad.")) continue;
    EXPECT_LE(distance(apply.state(name), whole.state(name)), 1e-12) << name;  // sums in another order, over moments
  }
}

TEST(Frozen, ModelsHaveNothingToTrain) {
  try {
    program(ProgramKind::step, regression_model(R"([{"use": "dense", "units": 1, "frozen": true}])"));
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.what(), std::string("the model has no parameters to train"));
  }
}

TEST(Frozen, MustBeTrueOrFalse) {
  EXPECT_THROW(program(ProgramKind::step, regression_model(R"([{"use": "dense", "units": 1, "frozen": 1}])")), Error);
}

}  // namespace
}  // namespace clq::test

// tests/core/optimizers/optimizers.test.cpp -- optimizers step as PyTorch's do, and go downhill.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "support/run_graph.hpp"

namespace clq::test {
namespace {

struct Reference {
  const char* name;
  const char* optimizer;
  double clip;
  std::vector<double> weights;  // after three steps, in the order of kStates
  double l1 = 0, l2 = 0;        // penalties
};
const std::vector<Reference> kReferences = {
#include "core/optimizers/torch_reference.inc"
};
const char* const kStates[] = {"hidden.weights", "hidden.bias", "out.weights", "out.bias"};

double sine(double v) { return std::sin(v); }
double cosine(double v) { return std::cos(v); }

Tensor wave(double (*f)(double), const Shape& dims, double scale, int first = 0) {
  std::vector<double> values;
  for (int64_t i = 0; i < element_count(dims); ++i) values.push_back(f(scale * static_cast<double>(i + 1 + first)));
  return tensor(dims, values);
}

ModelSpec small_network() {
  ModelSpec model;
  model.inputs = {{"x", {CLQ_F64, {3}}}};
  model.layers = Json::parse(R"([{"use": "dense", "name": "hidden", "units": 4, "activation": "tanh"},
                                 {"use": "dense", "name": "out", "units": 1}])");
  model.loss = Json{{"use", "mse"}};
  model.task = "regression";
  model.dtype = CLQ_F64;
  return model;
}

Runner step_program(const std::string& optimizer, double clip, double l1 = 0, double l2 = 0) {
  const OpTable ops;
  const TrainSpec train{Json::parse(optimizer), clip, {}, {l1, l2}};
  const Program step = build_program(ProgramKind::step, small_network(), train, 5, ops, NoBuilders());
  return Runner(step.graph, "cpu_ref", CLQ_SEG_TRAINING);
}

std::vector<double> weights_of(const Runner& runner) {
  std::vector<double> all;
  for (const char* name : kStates)
    for (const double v : numbers(runner.state(name))) all.push_back(v);
  return all;
}

double norm_of_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

const Tensors kBatch = {{"x", wave(cosine, {5, 3}, 0.7)}, {"target", wave(sine, {5}, 1.3)}, {"weight", filled({5}, 1)}};

class OptimizerCase : public ::testing::TestWithParam<size_t> {
 protected:
  const Reference& reference() const { return kReferences[GetParam()]; }
};

TEST_P(OptimizerCase, TakesPyTorchsThreeSteps) {
  Runner runner = step_program(reference().optimizer, reference().clip, reference().l1, reference().l2);
  int first = 0;
  for (const char* name : kStates) {
    const Shape dims = runner.state(name).desc().dims;
    runner.set_state(name, wave(sine, dims, 0.9, first));
    first += static_cast<int>(element_count(dims));
  }
  const std::vector<double> start = weights_of(runner);
  for (int step = 0; step < 3; ++step) runner.run(kBatch, {{"learning_rate", 0.1}, {"step", step}, {"batch_count", 5}});
  const double moved = norm_of_difference(reference().weights, start);
  ASSERT_GT(moved, 0);
  EXPECT_LE(norm_of_difference(weights_of(runner), reference().weights) / moved, 1e-10) << reference().name;
}

TEST_P(OptimizerCase, LowersTheLoss) {
  Runner runner = step_program(reference().optimizer, reference().clip);
  double first = 0, last = 0, before = 0;
  Tensors batch = kBatch;
  for (size_t i = 0; i < 5; ++i) batch["target"].as<double>()[i] = 0.5 * batch["x"].as<double>()[3 * i] + 0.3;
  for (int step = 0; step < 200; ++step) {
    runner.run(batch, {{"learning_rate", 0.02}, {"step", step}, {"batch_count", 5}});
    const double sum = numbers(runner.state("train.loss_sum"))[0];
    last = sum - before;
    before = sum;
    if (step == 0) first = last;
  }
  EXPECT_LT(last, 0.5 * first) << reference().name;
}

INSTANTIATE_TEST_SUITE_P(All, OptimizerCase, ::testing::Range<size_t>(0, kReferences.size()));

TEST(Optimizer, SparesBiasesFromDecayWhenToldTo) {
  Runner all = step_program(R"({"name": "adamw", "weight_decay": 0.5})", 0);
  Runner spared = step_program(R"({"name": "adamw", "weight_decay": 0.5, "decay_bias": false})", 0);
  for (Runner* runner : {&all, &spared}) {
    runner->set_state("out.bias", filled({1}, 1));
    runner->run(kBatch, {{"learning_rate", 0.1}, {"batch_count", 5}});
  }
  EXPECT_EQ(numbers(all.state("out.weights")), numbers(spared.state("out.weights")));
  EXPECT_NEAR(numbers(spared.state("out.bias"))[0] - numbers(all.state("out.bias"))[0], 0.05, 1e-15);
}

TEST(Optimizer, RefusesUnknownNamesAndKeys) {
  for (const auto& [optimizer, words] : std::vector<std::pair<std::string, std::string>>{
           {R"({"name": "adma"})", "train.optimizer.name: unknown optimizer 'adma', did you mean 'adam'?"},
           {R"({"name": "sgd", "momentun": 0.9})", "train.optimizer.momentun is unknown, did you mean 'momentum'?"},
           {R"({"name": "sgd", "momentum": 2})", "train.optimizer.momentum must be in [0, 1), got 2"}}) {
    try {
      step_program(optimizer, 0);
      FAIL() << optimizer;
    } catch (const Error& e) {
      EXPECT_EQ(e.what(), words);
    }
  }
}

}  // namespace
}  // namespace clq::test

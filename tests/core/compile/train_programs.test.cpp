// tests/core/compile/train_programs.test.cpp -- what a training step changes, and when it changes nothing.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/compile/models.hpp"
#include "graph/host_graph.hpp"

namespace clq::test {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const Scalars kScalars = {{"learning_rate", 0.1}, {"batch_count", 4}};
const TrainSpec kMomentum{Json{{"name", "sgd"}, {"momentum", 0.9}}, 0};

double one(const Runner& runner, const std::string& state) { return numbers(runner.state(state))[0]; }

std::map<std::string, std::vector<double>> all_states(const Runner& runner) {
  std::map<std::string, std::vector<double>> out;
  for (const std::string& name : runner.state_names()) out[name] = numbers(runner.state(name));
  return out;
}

TEST(Step, MovesWeightsAgainstTheGradientOfTheMeanLoss) {
  Runner runner(program(ProgramKind::step, linear_model()).graph);
  runner.set_state("dense1.weights", filled({1, 2}, 0));
  const Tensors batch = batch_of({1, 2, 3, 4});
  runner.run(batch, kScalars);
  EXPECT_NEAR(one(runner, "dense1.bias"), 0.1 * 2 * (1 + 2 + 3 + 4) / 4.0, 1e-15);
  const std::vector<double> x = numbers(batch.at("scalars"));
  const double slope = 2 * (1 * x[0] + 2 * x[2] + 3 * x[4] + 4 * x[6]) / 4;
  EXPECT_NEAR(one(runner, "dense1.weights"), 0.1 * slope, 1e-15);
}

TEST(Step, SumsLossesAndWeightsUntilTheHostClearsThem) {
  Runner runner(program(ProgramKind::step, linear_model()).graph);
  runner.set_state("dense1.weights", filled({1, 2}, 0));
  runner.run(batch_of({1, 2, 3, 4}, {1, 0.5, 0, 2}), {{"batch_count", 4}});
  runner.run(batch_of({1, 2, 3, 4}, {1, 0.5, 0, 2}), {{"batch_count", 4}});
  EXPECT_DOUBLE_EQ(one(runner, "train.loss_sum"), 2 * (1 + 0.5 * 4 + 2 * 16));
  EXPECT_DOUBLE_EQ(one(runner, "train.weight_sum"), 7);
}

TEST(Step, IgnoresRowsWithoutWeight) {
  Runner full(program(ProgramKind::step, linear_model(), 2).graph),
      padded(program(ProgramKind::step, linear_model(), 4).graph);
  padded.copy_states_from(full);
  const Tensors batch = batch_of({1, 2, 99, 99}, {1, 1, 0, 0});
  full.run(rows(batch, 0, 2), {{"learning_rate", 0.1}, {"batch_count", 2}});
  padded.run(batch, {{"learning_rate", 0.1}, {"batch_count", 2}});
  EXPECT_EQ(all_states(full), all_states(padded));
}

TEST(Step, ClipsByTheGlobalNorm) {
  Runner runner(program(ProgramKind::step, linear_model(), 4, {Json{{"name", "sgd"}}, 0.5}).graph);
  const std::vector<double> before = numbers(runner.state("dense1.weights"));
  runner.run(batch_of({100, 200, 300, 400}), {{"learning_rate", 1}, {"batch_count", 4}});
  const std::vector<double> after = numbers(runner.state("dense1.weights"));
  const double moved = std::hypot(after[0] - before[0], after[1] - before[1], one(runner, "dense1.bias"));
  EXPECT_NEAR(moved, 0.5, 1e-6);
}

TEST(Step, ReportsItsLossWithoutThePenalty) {
  Runner with(program(ProgramKind::step, linear_model(), 4, {Json{{"name", "sgd"}}, 0, {}, {0.5, 0.25}}).graph),
      without(program(ProgramKind::step, linear_model()).graph);
  with.copy_states_from(without);
  with.set_state("dense1.weights", tensor({1, 2}, {2, -1}));
  without.set_state("dense1.weights", tensor({1, 2}, {2, -1}));
  for (Runner* runner : {&with, &without}) runner->run(batch_of({1, 2, 3, 4}), kScalars);
  EXPECT_EQ(one(with, "train.loss_sum"), one(without, "train.loss_sum"));
  EXPECT_EQ(one(with, "dense1.bias"), one(without, "dense1.bias"));  // it is spared
  const std::vector<double> a = numbers(with.state("dense1.weights")), b = numbers(without.state("dense1.weights"));
  EXPECT_NEAR(a[0] - b[0], -0.1 * (0.5 + 2 * 0.25 * 2), 1e-15);
  EXPECT_NEAR(a[1] - b[1], -0.1 * (-0.5 - 2 * 0.25 * 1), 1e-15);
}

// Beside a layer without it, at a rate of 1 and a loss that pulls at nothing: what moves is the penalty's.
TEST(Step, TakesThePenaltyOfTheLayerBeforeThatOfTheRun) {
  const ModelSpec model = regression_model(R"([{"use": "dense", "units": 2, "name": "a", "penalty": {"l1": 0.25}},
    {"use": "dense", "units": 1, "name": "b", "penalty": {}}, {"use": "dense", "units": 1, "name": "c"}])");
  const TrainSpec train{Json{{"name", "sgd"}}, 0, {}, {0, 0.125}};
  for (const bool in_pieces : {false, true}) {
    Runner gradients(program(ProgramKind::gradients, model, 4, train).graph),
        update(program(in_pieces ? ProgramKind::apply : ProgramKind::step, model, 4, train).graph);
    for (Runner* runner : {&gradients, &update})
      for (const char* name : {"a.weights", "b.weights", "c.weights"})
        runner->set_state(name, filled(runner->state(name).desc().dims, 2));
    const Tensors batch = batch_of({1, 2, 3, 4}, {0, 0, 0, 0});
    gradients.run(batch, {{"batch_count", 4}});
    if (in_pieces) update.copy_states_from(gradients);
    update.run(in_pieces ? Tensors{} : batch, {{"learning_rate", 1}, {"batch_count", 4}});
    EXPECT_EQ(numbers(update.state("a.weights")), std::vector<double>(4, 1.75)) << in_pieces;
    EXPECT_EQ(numbers(update.state("b.weights")), std::vector<double>(2, 2)) << in_pieces;
    EXPECT_EQ(numbers(update.state("c.weights")), std::vector<double>(1, 1.5)) << in_pieces;
  }
}

TEST(Step, ThatIsBadChangesNothingButItsCounts) {
  Runner runner(program(ProgramKind::step, linear_model(), 4, kMomentum).graph);
  runner.run(batch_of({1, 2, 3, 4}), kScalars);
  auto before = all_states(runner);
  runner.run(batch_of({1, kNaN, 3, 4}), kScalars);
  auto after = all_states(runner);
  EXPECT_EQ(after.at("train.bad_steps"), std::vector<double>{1});
  EXPECT_EQ(after.at("train.skipped_steps"), std::vector<double>{1});
  for (auto* states : {&before, &after})
    for (const char* count : {"train.bad_steps", "train.skipped_steps"}) states->erase(count);
  EXPECT_EQ(after, before);
}

TEST(Step, ThatIsGoodForgetsBadOnesBeforeTheThird) {
  Runner runner(program(ProgramKind::step, linear_model()).graph);
  for (int i = 0; i < 2; ++i) runner.run(batch_of({kNaN, 2, 3, 4}), kScalars);
  EXPECT_EQ(one(runner, "train.bad_steps"), 2);
  runner.run(batch_of({1, 2, 3, 4}), kScalars);
  EXPECT_EQ(one(runner, "train.bad_steps"), 0);
  EXPECT_EQ(one(runner, "train.skipped_steps"), 2);
}

TEST(Step, AfterThreeBadOnesChangesNothingAnyMore) {
  Runner runner(program(ProgramKind::step, linear_model(), 4, kMomentum).graph);
  for (int i = 0; i < 3; ++i) runner.run(batch_of({kNaN, 2, 3, 4}), kScalars);
  const auto stuck = all_states(runner);
  EXPECT_EQ(stuck.at("train.bad_steps"), std::vector<double>{3});
  for (int i = 0; i < 2; ++i) runner.run(batch_of({1, 2, 3, 4}), kScalars);
  EXPECT_EQ(all_states(runner), stuck);
}

TEST(Step, GuardsTheStatesThatLayersAssign) {
  const ModelSpec model = regression_model(R"([{"use": "batch_norm"}, {"use": "dense", "units": 1}])");
  Runner runner(program(ProgramKind::step, model).graph);
  runner.run(batch_of({kNaN, 2, 3, 4}), kScalars);
  EXPECT_EQ(numbers(runner.state("batch_norm1.running_mean")), (std::vector<double>{0, 0}));
  runner.run(batch_of({1, 2, 3, 4}), kScalars);
  EXPECT_NE(one(runner, "batch_norm1.running_mean"), 0);
}

struct Micro : ::testing::Test {
  const ModelSpec model =
      regression_model(R"([{"use": "dense", "units": 3, "activation": "tanh"}, {"use": "dense", "units": 1}])");
  const Tensors batch = batch_of({1, 2, 3, 4});
  Runner gradients{program(ProgramKind::gradients, model, 2, kMomentum).graph};
  Runner apply{program(ProgramKind::apply, model, 2, kMomentum).graph};

  void step(const Tensors& whole) {
    for (const int64_t first : {0, 2}) gradients.run(rows(whole, first, 2), kScalars);
    apply.copy_states_from(gradients);
    apply.run({}, kScalars);
    gradients.copy_states_from(apply);
  }
};

TEST_F(Micro, BatchesAddUpToTheWholeStep) {
  Runner whole(program(ProgramKind::step, model, 4, kMomentum).graph);
  whole.copy_states_from(gradients);
  apply.copy_states_from(gradients);
  for (int i = 0; i < 3; ++i) {
    whole.run(batch, kScalars);
    step(batch);
  }
  for (const std::string& name : whole.state_names())
    EXPECT_LE(distance(apply.state(name), whole.state(name)), 1e-13) << name;  // sums in another order
}

TEST_F(Micro, BatchesPayThePenaltyOnceAStep) {
  const TrainSpec penalised{Json{{"name", "sgd"}}, 0.5, {}, {0.1, 0.2}};
  Runner whole(program(ProgramKind::step, model, 4, penalised).graph),
      sum(program(ProgramKind::apply, model, 2, penalised).graph);
  whole.copy_states_from(gradients);
  sum.copy_states_from(gradients);
  whole.run(batch, kScalars);
  for (const int64_t first : {0, 2}) gradients.run(rows(batch, first, 2), kScalars);
  sum.copy_states_from(gradients);
  sum.run({}, kScalars);
  for (const std::string& name : whole.state_names())
    EXPECT_LE(distance(sum.state(name), whole.state(name)), 1e-13) << name;  // sums in another order
}

TEST_F(Micro, BatchesThatAreBadSpoilTheirStepAndNoOther) {
  apply.copy_states_from(gradients);
  auto before = all_states(apply);
  Tensors bad = batch;
  bad["target"].as<double>()[1] = kNaN;
  step(bad);
  auto after = all_states(apply);
  EXPECT_EQ(after.at("train.bad_steps"), std::vector<double>{1});
  EXPECT_EQ(after.at("train.skipped_steps"), std::vector<double>{1});
  for (auto* states : {&before, &after})
    for (const char* count : {"train.bad_steps", "train.skipped_steps"}) states->erase(count);
  EXPECT_EQ(after, before);  // the gradients' sums are cleared, too
  step(batch);
  EXPECT_EQ(one(apply, "train.bad_steps"), 0);
  EXPECT_EQ(one(apply, "train.weight_sum"), 4);
}

// ema += (1 - d) (w - ema) with d = min(0.5, (1 + t) / (10 + t)): the first nine steps take the second. A bad one none.
TEST(Step, AveragesTheWeightsItMade) {
  Runner runner(program(ProgramKind::step, linear_model(), 4, {Json{{"name", "sgd"}}, 0, {}, {}, 0.5}).graph);
  runner.set_state("ema.dense1.weights", runner.state("dense1.weights"));
  std::vector<double> wanted = numbers(runner.state("dense1.weights"));
  for (int t = 0; t < 14; ++t) {
    const bool bad = t == 5;
    runner.run(batch_of({1, bad ? kNaN : 2, 3, 4}), {{"learning_rate", 0.1}, {"batch_count", 4}, {"step", t}});
    const double d = std::min(0.5, (1.0 + t) / (10.0 + t));
    const std::vector<double> w = numbers(runner.state("dense1.weights"));
    for (size_t i = 0; i < w.size() && !bad; ++i) wanted[i] += (1 - d) * (w[i] - wanted[i]);
    for (size_t i = 0; i < w.size(); ++i)
      EXPECT_NEAR(numbers(runner.state("ema.dense1.weights"))[i], wanted[i], 1e-14) << t;  // a rounding or two a step
  }
}

TEST(Evaluate, LooksAtTheAverages) {
  const TrainSpec averaged{Json{{"name", "sgd"}}, 0, {}, {}, 0.5};
  Runner of_weights(program(ProgramKind::evaluate, linear_model()).graph),
      of_averages(program(ProgramKind::evaluate, linear_model(), 4, averaged).graph);
  for (const char* name : {"dense1.weights", "dense1.bias"})
    of_averages.set_state(std::string("ema.").append(name), of_weights.state(name));
  for (Runner* runner : {&of_weights, &of_averages}) runner->run(batch_of({1, 2, 3, 4}), kScalars);
  EXPECT_EQ(one(of_averages, "metric.loss.sum"), one(of_weights, "metric.loss.sum"));
}

TEST(Training, ProgramsTakeTheFiveScalarsInOneOrder) {
  for (const ProgramKind kind : {ProgramKind::step, ProgramKind::gradients, ProgramKind::apply}) {
    std::vector<std::string> names;
    for (const NamedValue& scalar : program(kind, linear_model()).graph.scalars) names.push_back(scalar.name);
    EXPECT_EQ(names, (std::vector<std::string>{"learning_rate", "step", "seed", "first_sample", "batch_count"}));
  }
}

TEST(Training, OfAClassLabelOutOfRangeIsABadStep) {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 3}])", CLQ_F32);
  model.loss = Json{{"use", "softmax_cross_entropy"}};
  Runner gradients(program(ProgramKind::gradients, model).graph), apply(program(ProgramKind::apply, model).graph);
  gradients.run(batch_of({0, 1, 2, 3}), kScalars);
  apply.copy_states_from(gradients);
  apply.run({}, kScalars);
  EXPECT_EQ(one(apply, "train.bad_steps"), 1);
}

// A plugin's optimizer: m = 0.9 m + g; w -= lr m, as the core's sgd with momentum.
const clq_host_graph& host = host_graph_table();

clq_status CLQ_CALL build_momentum(const clq_builder*, clq_graph* graph, const char*, const uint32_t* inputs, uint32_t,
                                   uint32_t*, uint32_t, uint32_t* n_outputs) {
  *n_outputs = 0;
  uint32_t rate = 0, m = 0, keep = 0, kept = 0, next = 0, step = 0, moved = 0;
  clq_tensor_desc desc{};
  const double factor = 0.9;
  const clq_tensor_desc number = to_c(TensorDesc{CLQ_F64, {}});
  const auto op = [&](const char* name, uint32_t a, uint32_t b, uint32_t* out) {
    const uint32_t operands[] = {a, b};
    return host.op(graph, name, operands, 2, nullptr, 0, out, 1);
  };
  const clq_status all[] = {host.shape(graph, inputs[0], &desc),
                            host.scalar(graph, "learning_rate", &rate),
                            host.state(graph, "m", &desc, R"({"use": "zeros"})", 0, &m),
                            host.constant(graph, &number, &factor, &keep),
                            op("mul/1", m, keep, &kept),
                            op("add/1", kept, inputs[1], &next),
                            host.assign(graph, m, next),
                            op("mul/1", next, rate, &step),
                            op("sub/1", inputs[0], step, &moved),
                            host.assign(graph, inputs[0], moved)};
  return *std::min_element(std::begin(all), std::end(all));
}

class Momentum final : public BuilderLookup {
 public:
  Momentum() {
    builder_.kind = "optimizer";
    builder_.name = "test.momentum";
    builder_.build = build_momentum;
  }
  const clq_builder* find(const std::string& kind, const std::string&) const override {
    return kind == "optimizer" ? &builder_ : nullptr;
  }

 private:
  clq_builder builder_{};
};

TEST(PluginOptimizer, KeepsItsMomentsAParameterAndStepsAsTheCoresOwn) {
  const OpTable ops;
  const Momentum lookup;
  const ModelSpec model = regression_model(R"([{"use": "dense", "units": 2}, {"use": "dense", "units": 2},
                                               {"use": "dense", "units": 1}])");
  const TrainSpec train{Json{{"name", "test.momentum"}}, 0};
  Runner own(program(ProgramKind::step, model, 4, kMomentum).graph),
      plugin(build_program(ProgramKind::step, model, train, 4, ops, lookup).graph);
  for (int i = 0; i < 3; ++i)
    for (Runner* runner : {&own, &plugin}) runner->run(batch_of({1, 2, 3, 4}), kScalars);
  for (const char* name : {"dense1.weights", "dense2.weights", "dense2.bias", "dense3.weights"}) {
    EXPECT_EQ(numbers(plugin.state(name)), numbers(own.state(name))) << name;
    EXPECT_EQ(numbers(plugin.state(fmt::format("test.momentum.{}.m", name))),
              numbers(own.state(fmt::format("sgd.m.{}", name))));
  }
}

// A plugin's layer that counts its batches.
clq_status CLQ_CALL build_counter(const clq_builder*, clq_graph* graph, const char*, const uint32_t* inputs, uint32_t,
                                  uint32_t* outputs, uint32_t, uint32_t* n_outputs) {
  uint32_t count = 0, one = 0, next = 0;
  const int64_t number = 1;
  const clq_tensor_desc desc = to_c(TensorDesc{CLQ_I64, {}});
  outputs[0] = inputs[0];
  *n_outputs = 1;
  const clq_status made[] = {host.state(graph, "count", &desc, R"({"use": "zeros"})", 0, &count),
                             host.constant(graph, &desc, &number, &one)};
  const uint32_t operands[] = {count, one};
  const clq_status all[] = {made[0], made[1], host.op(graph, "add/1", operands, 2, nullptr, 0, &next, 1),
                            host.assign(graph, count, next)};
  return *std::min_element(std::begin(all), std::end(all));
}

class Counter final : public BuilderLookup {
 public:
  Counter() {
    builder_.kind = "layer";
    builder_.name = "test.counter";
    builder_.build = build_counter;
  }
  const clq_builder* find(const std::string& kind, const std::string&) const override {
    return kind == "layer" ? &builder_ : nullptr;
  }

 private:
  clq_builder builder_{};
};

std::string refusal_of(ProgramKind kind, const StepPlan& plan) {
  const OpTable ops;
  const Counter lookup;
  const ModelSpec model = regression_model(R"([{"use": "test.counter", "name": "c"}, {"use": "dense", "units": 1}])");
  try {
    build_program(kind, model, {Json{{"name", "sgd"}}, 0, plan}, 4, ops, lookup);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

// No mean of integers is one, and a bad step would leave what its good micro-batches made of them.
TEST(Training, OfAnIntegerStateNeedsStepsInOnePiece) {
  EXPECT_EQ(refusal_of(ProgramKind::step, {}), "");
  EXPECT_EQ(refusal_of(ProgramKind::gradients, {.pieces = 4}),
            "state 'c.count' of type i64 has no mean over the 4 micro-batches of a step: train.micro_batch must be "
            "train.batch, on one replica");
  EXPECT_EQ(refusal_of(ProgramKind::step, {.replicas = 2}),
            "state 'c.count' of type i64 has no mean over the 2 micro-batches of a step: train.micro_batch must be "
            "train.batch, on one replica");
}

TEST(Training, WithoutParametersIsRefused) {
  EXPECT_THROW(program(ProgramKind::step, regression_model(R"([{"use": "relu"}])")), Error);
}

}  // namespace
}  // namespace clq::test

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
                            host.mode(graph) == CLQ_MODE_TRAIN ? host.assign(graph, count, next) : CLQ_OK};
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

// A plugin's layer that multiplies by a parameter: under another name, of another shape, or by none in prediction.
clq_status CLQ_CALL build_two_faced(const clq_builder*, clq_graph* graph, const char* config, const uint32_t* inputs,
                                    uint32_t, uint32_t* outputs, uint32_t, uint32_t* n_outputs) {
  static int builds = 0;
  const auto how = Json::parse(config).value("how", std::string());
  const bool trains = host.mode(graph) == CLQ_MODE_TRAIN;
  std::string name = "w";
  if (how == "by_mode") name = trains ? "wt" : "wi";
  if (how == "by_build") name = fmt::format("w{}", ++builds);
  outputs[0] = inputs[0];
  *n_outputs = 1;
  if (how == "train_only" && !trains) return CLQ_OK;
  clq_tensor_desc desc{};
  uint32_t operands[] = {inputs[0], 0};
  if (const clq_status status = host.shape(graph, inputs[0], &desc); status != CLQ_OK) return status;
  if (how != "by_batch") desc = to_c(TensorDesc{desc.dtype, {1}});
  const uint32_t flags = how == "counts" && trains ? 0 : CLQ_STATE_TRAINABLE;
  if (how == "counts") name = trains ? "seen" : "w";
  const clq_status status =
      host.state(graph, name.c_str(), &desc, R"({"use": "constant", "value": 1})", flags, &operands[1]);
  return status != CLQ_OK ? status : host.op(graph, "mul/1", operands, 2, nullptr, 0, outputs, 1);
}

class TwoFaced final : public BuilderLookup {
 public:
  TwoFaced() {
    builder_.kind = "layer";
    builder_.name = "test.two";
    builder_.build = build_two_faced;
  }
  const clq_builder* find(const std::string& kind, const std::string&) const override {
    return kind == "layer" ? &builder_ : nullptr;
  }

 private:
  clq_builder builder_{};
};

std::string refusal_of_layer(const std::string& how, ProgramKind kind = ProgramKind::step) {
  const OpTable ops;
  const TwoFaced lookup;
  ModelSpec model = regression_model(R"([{"use": "test.two", "name": "c"}, {"use": "dense", "units": 1}])");
  model.layers[0]["how"] = how;
  try {
    build_program(kind, model, {Json{{"name", "sgd"}}, 0, {}}, 4, ops, lookup);
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_INVALID);
    return e.what();
  }
  return "";
}

// Such a layer trains to its end and is no better for it: the bundle holds what the parameter began with.
TEST(Training, NeedsTheStatesOfThePrediction) {
  EXPECT_EQ(refusal_of_layer("right"), "");
  EXPECT_EQ(refusal_of_layer("by_mode"), "c: prediction has the state 'c.wi', training has not, did you mean 'c.wt'?");
  EXPECT_EQ(refusal_of_layer("by_mode", ProgramKind::gradients), refusal_of_layer("by_mode"));
  EXPECT_EQ(refusal_of_layer("by_build").substr(0, 28), "c: prediction has the state ");
  EXPECT_EQ(refusal_of_layer("train_only"), "c: training has the parameter 'c.w', prediction has not");
  EXPECT_EQ(refusal_of_layer("counts").substr(0, 51), "c: prediction has the state 'c.w', training has not");
  EXPECT_EQ(refusal_of_layer("by_batch"),
            "c: the state 'c.w' is f64 [4, 2] for a batch of 4 rows and f64 [1, 2] for one row");
}

TEST(Training, WithoutParametersIsRefused) {
  EXPECT_THROW(program(ProgramKind::step, regression_model(R"([{"use": "relu"}])")), Error);
}

}  // namespace
}  // namespace clq::test

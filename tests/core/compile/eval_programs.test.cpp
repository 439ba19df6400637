// tests/core/compile/eval_programs.test.cpp -- forward, post, score and evaluate.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/compile/models.hpp"
#include "graph/host_graph.hpp"

namespace clq::test {
namespace {

double one(const Runner& runner, const std::string& state) { return numbers(runner.state(state))[0]; }

ModelSpec classifier() {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 3}])");
  model.loss = Json{{"use", "softmax_cross_entropy"}};
  model.task = "classification";
  return model;
}

TEST(Forward, GivesWhatTheLossPredicts) {
  Runner runner(program(ProgramKind::forward, classifier()).graph);
  Tensors batch = batch_of({0, 0, 0, 0});
  const std::vector<double> p = numbers(runner.run(batch).at("prediction"));
  for (size_t row = 0; row < 4; ++row) EXPECT_NEAR(p[3 * row] + p[3 * row + 1] + p[3 * row + 2], 1, 1e-15);
}

TEST(Forward, KeepsInputsThatNoLayerReads) {
  ModelSpec model = linear_model();
  model.inputs.push_back({"mask", {CLQ_U8, {8}}});
  const Program p = program(ProgramKind::forward, model);
  ASSERT_EQ(p.graph.inputs.size(), 2U);
  EXPECT_EQ(p.graph.inputs[1].name, "mask");
}

TEST(Evaluate, SumsTheLossAndTheMetricsByWeight) {
  Runner runner(program(ProgramKind::evaluate, linear_model()).graph);
  runner.set_state("dense1.weights", filled({1, 2}, 0));
  for (int i = 0; i < 2; ++i) runner.run(batch_of({1, 2, 3, 4}, {1, 1, 2, 0}));
  EXPECT_DOUBLE_EQ(one(runner, "metric.loss.sum"), 2 * (1 + 4 + 18));
  EXPECT_DOUBLE_EQ(one(runner, "metric.loss.weight"), 8);
  EXPECT_DOUBLE_EQ(one(runner, "metric.bias.sum"), -2 * (1 + 2 + 6));
  EXPECT_DOUBLE_EQ(one(runner, "metric.rmse.sum"), 2 * (1 + 4 + 18));
  EXPECT_DOUBLE_EQ(one(runner, "metric.rmse.weight"), 8);
}

TEST(Evaluate, GivesTheRowsOfMetricsThatNeedThem) {
  Runner runner(program(ProgramKind::evaluate, linear_model()).graph);
  runner.set_state("dense1.weights", filled({1, 2}, 0));
  const Tensors out = runner.run(batch_of({1, 2, 3, 4}));
  EXPECT_EQ(numbers(out.at("metric.sigma_mad")), (std::vector<double>{-1, -2, -3, -4}));
  EXPECT_FALSE(out.contains("metric.bias"));
}

TEST(Score, MeasuresPredictionsThatAreGiven) {
  Runner runner(program(ProgramKind::score, classifier(), 2).graph);
  runner.run({{"prediction", tensor({2, 3}, {0.5, 0.25, 0.25, 0, 1, 0})},
              {"target", tensor({2}, {0, 0})},
              {"weight", filled({2}, 1)}});
  EXPECT_EQ(one(runner, "metric.accuracy.sum"), 1);
  EXPECT_NEAR(one(runner, "metric.log_loss.sum"), std::log(2.0) - std::log(1e-15), 1e-12);
}

TEST(Post, OfAClassificationNamesTheClass) {
  const Tensors out = run_graph(program(ProgramKind::post, classifier(), 2).graph,
                                {{"prediction", tensor({2, 3}, {0.5, 0.25, 0.25, 0, 1, 0})}});
  EXPECT_EQ(numbers(out.at("class")), (std::vector<double>{0, 1}));
}

// A plugin's task and its metrics: "twice" the prediction, and a metric sorted by another.
const clq_host_graph& host = host_graph_table();

clq_status CLQ_CALL build_task(const clq_builder*, clq_graph* graph, const char*, const uint32_t* inputs, uint32_t,
                               uint32_t*, uint32_t, uint32_t* n_outputs) {
  uint32_t twice = 0;
  const uint32_t operands[] = {inputs[0], inputs[0]};
  *n_outputs = 0;
  const clq_status status = host.op(graph, "add/1", operands, 2, nullptr, 0, &twice, 1);
  return status != CLQ_OK ? status : host.output(graph, "TWICE", twice);
}

clq_status CLQ_CALL build_metrics(const clq_builder*, clq_graph* graph, const char*, const uint32_t* inputs, uint32_t,
                                  uint32_t*, uint32_t, uint32_t* n_outputs) {
  *n_outputs = 0;
  const clq_status status = host.metric(graph, "z", inputs[1], R"({"finish": "mean"})");
  return status != CLQ_OK
             ? status
             : host.metric(graph, "low", inputs[1], R"({"finish": "mean", "by": "z", "part": 0, "parts": 2})");
}

class Plugin final : public BuilderLookup {
 public:
  Plugin() {
    task_.kind = "task";
    task_.build = build_task;
    metrics_.kind = "metric";
    metrics_.build = build_metrics;
    task_.name = metrics_.name = "test";
  }
  const clq_builder* find(const std::string& kind, const std::string& name) const override {
    if (name != "test") return nullptr;
    return kind == "task" ? &task_ : kind == "metric" ? &metrics_ : nullptr;
  }

 private:
  clq_builder task_{}, metrics_{};
};

TEST(PluginTask, NamesItsOutputsAndDefinesItsMetrics) {
  const OpTable ops;
  const Plugin plugin;
  ModelSpec model = linear_model();
  model.task = "test";
  const Tensors out = run_graph(build_program(ProgramKind::post, model, {}, 2, ops, plugin).graph,
                                {{"prediction", tensor({2, 1}, {1, 2})}});
  EXPECT_EQ(numbers(out.at("TWICE")), (std::vector<double>{2, 4}));

  const Program score = build_program(ProgramKind::score, model, {}, 2, ops, plugin);
  Runner runner(score.graph);
  const Tensors values =
      runner.run({{"prediction", tensor({2, 1}, {1, 2})}, {"target", tensor({2}, {5, 6})}, {"weight", filled({2}, 1)}});
  EXPECT_EQ(one(runner, "metric.z.sum"), 11);
  EXPECT_TRUE(values.contains("metric.z") && values.contains("metric.low"));  // z's rows sort low's
  EXPECT_EQ(score.graph.metrics.size(), 2U);
}

}  // namespace
}  // namespace clq::test

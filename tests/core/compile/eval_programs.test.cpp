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

ModelSpec segmenter() {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 4}])");
  model.loss = Json{{"use", "bce"}};
  model.task = "segmentation";
  model.target = {4};
  return model;
}

// Two batches of two maps of four pixels, the last map without weight: a ratio is of sums that no batch ends.
TEST(Score, KeepsTheSumsOfARatioFromBatchToBatch) {
  Runner runner(program(ProgramKind::score, segmenter(), 2).graph);
  runner.run({{"prediction", tensor({2, 4}, {0.9, 0.8, 0.1, 0.2, 0.6, 0.1, 0.1, 0.1})},
              {"target", tensor({2, 4}, {1, 0, 0, 1, 1, 0, 0, 0})},
              {"weight", filled({2}, 1)}});
  runner.run({{"prediction", tensor({2, 4}, {0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9})},
              {"target", tensor({2, 4}, {1, 1, 0, 0, 0, 0, 0, 0})},
              {"weight", tensor({2}, {2, 0})}});
  EXPECT_EQ(one(runner, "metric.iou.sum"), 2 + 2 * 2);
  EXPECT_EQ(one(runner, "metric.either.sum"), 4 + 2 * 4);
  EXPECT_EQ(one(runner, "metric.pixel_accuracy.sum"), 6 + 2 * 2);
  EXPECT_EQ(one(runner, "metric.pixels.sum"), 8 + 2 * 4);
}

TEST(Score, SumsATargetOverTheRowsThatHaveIt) {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 2}])");
  model.loss = Json{{"use", "mae"}, {"mask_nan", true}};
  model.target = {2};
  Runner runner(program(ProgramKind::score, model, 2).graph);
  const double missing = std::nan("");
  runner.run({{"prediction", tensor({2, 2}, {1, 2, 3, 4})},
              {"target", tensor({2, 2}, {0, missing, 1, 1})},
              {"weight", tensor({2}, {3, 1})}});
  EXPECT_EQ(one(runner, "metric.bias_1.sum"), 5);
  EXPECT_EQ(one(runner, "metric.bias_1.weight"), 4);
  EXPECT_EQ(one(runner, "metric.bias_2.sum"), 3);
  EXPECT_EQ(one(runner, "metric.bias_2.weight"), 1);
}

TEST(Score, KeepsOfAMetricWithoutANumberWhatOthersNeed) {
  const Program regression = program(ProgramKind::score, linear_model(), 2);
  bool has_sum = false, has_rows = false;
  for (const State& state : regression.graph.states) has_sum |= state.name == "metric.target.sum";
  for (const NamedValue& output : regression.graph.outputs) has_rows |= output.name == "metric.target";
  EXPECT_TRUE(has_rows);  // of r2
  EXPECT_FALSE(has_sum);
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

TEST(Post, OfOneProbabilityIsAYesFromAHalfOn) {
  ModelSpec model = classifier();
  model.layers = Json::parse(R"([{"use": "dense", "units": 1}])");
  model.loss = Json{{"use", "bce"}};
  const Tensors out =
      run_graph(program(ProgramKind::post, model, 3).graph, {{"prediction", tensor({3, 1}, {0.5, 0.49, 1})}});
  EXPECT_EQ(numbers(out.at("class")), (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(out.at("class").desc(), (TensorDesc{CLQ_I64, {3}}));
}

TEST(Post, OfGaussiansNamesMeansAndSigmas) {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 4}])");
  model.loss = Json{{"use", "gaussian_nll"}};
  model.target = {2};
  const Tensors out = run_graph(program(ProgramKind::post, model, 2).graph,
                                {{"prediction", tensor({2, 4}, {1, 2, 0.5, 3, -1, 0, 2, 0.25})}});
  EXPECT_EQ(out.at("prediction").desc().dims, (Shape{2, 2}));
  EXPECT_EQ(numbers(out.at("prediction")), (std::vector<double>{1, 2, -1, 0}));
  EXPECT_EQ(numbers(out.at("PRED_SIGMA_1")), (std::vector<double>{0.5, 2}));
  EXPECT_EQ(numbers(out.at("PRED_SIGMA_2")), (std::vector<double>{3, 0.25}));
}

// Of 1/4 N(-1, 0.5) and 3/4 N(2, 1): mean 5/4, variance 1/4 (1/4 + 81/16) + 3/4 (1 + 9/16).
TEST(Post, OfAMixtureNamesItsMeanAndItsSigma) {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 6}])");
  model.loss = Json{{"use", "mixture_nll"}};
  const Tensors out = run_graph(program(ProgramKind::post, model, 1).graph,
                                {{"prediction", tensor({1, 6}, {0.25, 0.75, -1, 2, 0.5, 1})}});
  EXPECT_EQ(numbers(out.at("prediction")), std::vector<double>{1.25});
  EXPECT_EQ(out.at("PRED_SIGMA").desc().dims, Shape{1});
  EXPECT_NEAR(numbers(out.at("PRED_SIGMA"))[0], std::sqrt(2.5), 1e-15);
}

// The densities' mean is scored, and they themselves: as the loss says, whatever the numbers look like.
TEST(Score, OfDensitiesHasTheirMetrics) {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 2}])");
  model.loss = Json{{"use", "gaussian_crps"}};
  Runner runner(program(ProgramKind::score, model, 2).graph);
  runner.run(
      {{"prediction", tensor({2, 2}, {1, 0.5, 2, 1})}, {"target", tensor({2}, {1, 0})}, {"weight", filled({2}, 1)}});
  EXPECT_EQ(one(runner, "metric.bias.sum"), 2);
  EXPECT_EQ(one(runner, "metric.coverage_95.sum"), 1);  // N(2, 1) has 0 outside its central 95 %
}

clq_status CLQ_CALL build_ratio_over_squares(const clq_builder*, clq_graph* graph, const char*, const uint32_t* inputs,
                                             uint32_t, uint32_t*, uint32_t, uint32_t* n_outputs) {
  *n_outputs = 0;
  const clq_status status = host.metric(graph, "z", inputs[1], R"({"finish": "rms"})");
  return status != CLQ_OK ? status : host.metric(graph, "part", inputs[1], R"({"finish": "ratio", "over": "z"})");
}

class Plugin final : public BuilderLookup {
 public:
  explicit Plugin(decltype(clq_builder::build) metrics = build_metrics) {
    task_.kind = "task";
    task_.build = build_task;
    metrics_.kind = "metric";
    metrics_.build = metrics;
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

TEST(PluginTask, HasNoRatioOverWhatKeepsSquares) {
  const OpTable ops;
  const Plugin plugin(build_ratio_over_squares);
  ModelSpec model = linear_model();
  model.task = "test";
  try {
    build_program(ProgramKind::score, model, {}, 2, ops, plugin);
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "metric 'z' keeps squares: no ratio is over it");
  }
}

}  // namespace
}  // namespace clq::test

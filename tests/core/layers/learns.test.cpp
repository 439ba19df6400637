// tests/core/layers/learns.test.cpp -- every layer learns a known task, and not by a wrong gradient.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "core/layers/tasks.hpp"
#include "core/ops/wrong_rule.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

constexpr int64_t kRows = 64;
constexpr double kRate = 0.05;

struct Lesson {
  Tensor x, target;
  double variance = 0;
};

Lesson lesson_of(const Task& task) {
  Shape dims = task.input;
  dims.insert(dims.begin(), kRows);
  const std::vector<double> drawn = numbers(uniform(dims, -1, 1, 5));
  const auto width = static_cast<int64_t>(drawn.size()) / kRows;
  std::vector<double> x, target;
  for (int64_t row = 0; row < kRows; ++row) {
    std::vector<double> sample(drawn.begin() + row * width, drawn.begin() + (row + 1) * width);
    if (task.prepare) task.prepare(sample);
    const std::vector<double> taught = task.teach(sample);
    x.insert(x.end(), sample.begin(), sample.end()), target.insert(target.end(), taught.begin(), taught.end());
  }
  double mean = 0, variance = 0;
  for (const double v : target) mean += v / static_cast<double>(target.size());
  for (const double v : target) variance += (v - mean) * (v - mean) / static_cast<double>(target.size());
  const auto outputs = static_cast<int64_t>(target.size()) / kRows;
  return {tensor(dims, x, CLQ_F32), tensor({kRows, outputs}, target), variance};
}

ModelSpec model_of(const Task& task, const Lesson& lesson) {
  ModelSpec model;
  model.inputs = {{"x", {CLQ_F32, task.input}}};
  model.layers = Json::parse(task.layers);
  model.loss = Json{{"use", "mse"}};
  model.task = "regression";
  model.target = {lesson.target.desc().dims[1]};
  return model;
}

double mean_square(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = numbers(a), y = numbers(b);
  double sum = 0;
  for (size_t i = 0; i < y.size(); ++i) sum += (x.at(i) - y[i]) * (x[i] - y[i]) / static_cast<double>(y.size());
  return sum;
}

// What a training by Adam leaves of the targets' variance, predicted as in use; the rate falls in steps to a hundredth.
double left_by(const Task& task, const std::string& backend, const OpTable& ops) {
  const Lesson lesson = lesson_of(task);
  const ModelSpec model = model_of(task, lesson);
  const TrainSpec train = {Json{{"name", "adam"}}, 0};
  Runner steps(build_program(ProgramKind::step, model, train, kRows, ops, NoBuilders()).graph, backend,
               CLQ_SEG_TRAINING);
  for (const std::string& name : steps.state_names())
    if (name == "scale.weights") steps.set_state(name, filled(steps.state(name).desc().dims, 1, CLQ_F32));
  const Tensors batch = {{"x", lesson.x}, {"target", lesson.target}, {"weight", filled({kRows}, 1)}};
  for (int64_t i = 0; i < task.steps; ++i) {
    const double rate = kRate * (4 * i < 3 * task.steps ? 1 : 8 * i < 7 * task.steps ? 0.1 : 0.01);
    steps.run(batch, {{"learning_rate", rate}, {"step", static_cast<double>(i)}, {"seed", 1}, {"batch_count", kRows}});
  }
  Runner forward(build_program(ProgramKind::forward, model, train, kRows, ops, NoBuilders()).graph, backend);
  forward.copy_states_from(steps);
  return mean_square(forward.run({{"x", lesson.x}}).at("prediction"), lesson.target) / lesson.variance;
}

std::vector<std::string> backends() {
  std::vector<std::string> names = {"cpu_ref"};
  if (std::filesystem::exists(std::string(CLQ_PLUGIN_DIR) + "/clq_cpu_onednn.so")) names.emplace_back("cpu_onednn");
  return names;
}

TEST(EveryLayer, HasATask) {
  std::set<std::string> told, known;
  for (const Task& task : layer_tasks()) told.insert(task.layer);
  for (const LayerEntry& entry : layer_table()) known.emplace(entry.name);
  EXPECT_EQ(told, known);
}

TEST(EveryLayer, LearnsItsTaskOnEveryBackend) {
  const OpTable ops;
  for (const std::string& backend : backends())
    for (const Task& task : layer_tasks()) {
      const double left = left_by(task, backend, ops);
      EXPECT_LE(left, task.left) << task.layer << " on " << backend;
      RecordProperty(fmt::format("{}.{}", task.layer, backend), fmt::format("{:.2g}", left));
    }
}

TEST(EveryLayer, MissesItsTaskByAWrongGradient) {
  for (const Task& task : layer_tasks()) {
    OpTable ops;
    plant_wrong_rule(ops, task.op, task.wrong);
    const double left = left_by(task, "cpu_ref", ops);
    EXPECT_FALSE(left <= 3 * task.left) << task.layer << ": " << left << " is left without the gradient of " << task.op;
    RecordProperty(task.layer, fmt::format("{:.2g}", left));
  }
}

}  // namespace
}  // namespace clq::test

// tests/core/optimizers/optimizer_steps.cpp -- some steps of an optimizer in F64 on cpu_ref: JSON in, JSON out.
// SPDX-License-Identifier: BSD-3-Clause
//
// stdin:  {"layers": [...], "loss": "mse", "optimizer": {...}, "learning_rate": r, "steps": n,
//          "x": [rows][columns], "target": [rows], "states": {"hidden.weights": [...], ...}}
//         or, of the optimizer alone, "columns": n and "gradients": [{"hidden.weights": [...], ...}, ...], one a step,
//         in place of loss, steps, x and target; with "clip_norm", "ema" and "penalty": {"l1": ..., "l2": ...} as
//         wanted
// stdout: {"hidden.weights": [...], ...} after the steps, with ema the averages as "ema.hidden.weights", too
#include <iostream>
#include <iterator>

#include "support/run_graph.hpp"

namespace clq::test {
namespace {

Tensor flat(const Json& values, const Shape& dims) {
  std::vector<double> numbers;
  for (const Json& value : values.flatten()) numbers.push_back(value.get<double>());
  return tensor(dims, numbers);
}

ModelSpec network(const Json& task, int64_t columns) {
  ModelSpec model;
  model.inputs = {{"x", {CLQ_F64, {columns}}}};
  model.layers = task.at("layers");
  model.loss = Json{{"use", task.value("loss", "mse")}};
  model.task = "regression";
  model.dtype = CLQ_F64;
  return model;
}

void set_states(Runner& runner, const Json& values, const std::string& prefix) {
  for (const auto& [name, numbers] : values.items())
    runner.set_state(prefix + name, flat(numbers, runner.state(prefix + name).desc().dims));
}

Json states_of(const Runner& runner, const Json& task, const std::vector<std::string>& prefixes) {
  Json after = Json::object();
  for (const std::string& prefix : prefixes)
    for (const auto& [name, unused] : task.at("states").items())
      after[prefix + name] = numbers(runner.state(prefix + name));
  return after;
}

// Through "apply", which takes the sums that the micro-batches of a step have left.
Json given_steps(const Json& task) {
  const Json penalty = task.value("penalty", Json::object());
  const TrainSpec train{task.at("optimizer"),
                        task.value("clip_norm", 0.0),
                        {},
                        {penalty.value("l1", 0.0), penalty.value("l2", 0.0)},
                        task.value("ema", 0.0)};
  const OpTable ops;
  const ModelSpec model = network(task, task.at("columns"));
  Runner runner(build_program(ProgramKind::apply, model, train, 1, ops, NoBuilders()).graph, "cpu_ref",
                CLQ_SEG_TRAINING);
  std::vector<std::string> prefixes = {""};
  if (train.ema > 0) prefixes.emplace_back(kAverage);
  for (const std::string& prefix : prefixes) set_states(runner, task.at("states"), prefix);
  double step = 0;
  for (const Json& gradients : task.at("gradients")) {
    set_states(runner, gradients, "grad.");
    runner.run({}, {{"learning_rate", task.at("learning_rate")}, {"step", step++}});
  }
  return states_of(runner, task, prefixes);
}

Json steps(const Json& task) {
  if (task.contains("gradients")) return given_steps(task);
  const auto rows = static_cast<int64_t>(task.at("x").size()), columns = static_cast<int64_t>(task["x"][0].size());
  const OpTable ops;
  const Program step =
      build_program(ProgramKind::step, network(task, columns), {task.at("optimizer"), 0.0}, rows, ops, NoBuilders());
  Runner runner(step.graph, "cpu_ref", CLQ_SEG_TRAINING);
  set_states(runner, task.at("states"), "");
  const Tensors batch = {{"x", flat(task["x"], {rows, columns})},
                         {"target", flat(task.at("target"), {rows})},
                         {"weight", filled({rows}, 1)}};
  const Scalars cells = {{"learning_rate", task.at("learning_rate")}, {"batch_count", static_cast<double>(rows)}};
  for (int64_t i = 0; i < task.at("steps").get<int64_t>(); ++i) {
    Scalars now = cells;
    now["step"] = static_cast<double>(i);
    runner.run(batch, now);
  }
  return states_of(runner, task, {""});
}

}  // namespace
}  // namespace clq::test

int main() {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  try {
    std::cout << clq::test::steps(clq::Json::parse(text)).dump() << "\n";
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}

// tests/core/optimizers/optimizer_steps.cpp -- some steps of an optimizer in F64 on cpu_ref: JSON in, JSON out.
// SPDX-License-Identifier: BSD-3-Clause
//
// stdin:  {"layers": [...], "loss": "mse", "optimizer": {...}, "learning_rate": r, "steps": n,
//          "x": [rows][columns], "target": [rows], "states": {"hidden.weights": [...], ...}}
// stdout: {"hidden.weights": [...], ...} after the steps
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

Json steps(const Json& task) {
  const auto rows = static_cast<int64_t>(task.at("x").size()), columns = static_cast<int64_t>(task["x"][0].size());
  ModelSpec model;
  model.inputs = {{"x", {CLQ_F64, {columns}}}};
  model.layers = task.at("layers");
  model.loss = Json{{"use", task.at("loss")}};
  model.task = "regression";
  model.dtype = CLQ_F64;
  const OpTable ops;
  const Program step = build_program(ProgramKind::step, model, {task.at("optimizer"), 0.0}, rows, ops, NoBuilders());
  Runner runner(step.graph, "cpu_ref", CLQ_SEG_TRAINING);
  for (const auto& [name, values] : task.at("states").items())
    runner.set_state(name, flat(values, runner.state(name).desc().dims));
  const Tensors batch = {{"x", flat(task["x"], {rows, columns})},
                         {"target", flat(task.at("target"), {rows})},
                         {"weight", filled({rows}, 1)}};
  const Scalars cells = {{"learning_rate", task.at("learning_rate")}, {"batch_count", static_cast<double>(rows)}};
  for (int64_t i = 0; i < task.at("steps").get<int64_t>(); ++i) {
    Scalars now = cells;
    now["step"] = static_cast<double>(i);
    runner.run(batch, now);
  }
  Json after = Json::object();
  for (const auto& [name, unused] : task["states"].items()) after[name] = numbers(runner.state(name));
  return after;
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

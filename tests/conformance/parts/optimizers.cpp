// tests/conformance/parts/optimizers.cpp -- optimizers: a bowl is gone down, and a bad step changes nothing.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>
#include <map>

#include "conformance/parts/lists.hpp"
#include "conformance/parts/loaded.hpp"

namespace clq::conformance {
namespace {

constexpr int64_t kBowlRows = 8;
constexpr int kDescentSteps = 200;

// Mean squares of a line through points that lie on one: a quadratic function of its three parameters.
test::Runner training_of(const Loaded& loaded, const std::string& name) {
  ModelSpec model;
  model.inputs = {{"scalars", {CLQ_F32, {2}}}};
  model.layers = Json::parse(R"([{"use": "dense", "units": 1}])");
  model.loss = {{"use", "mse"}};
  model.task = "regression";
  model.dtype = CLQ_F64;
  Json optimizer = options_for(loaded.registry.find("optimizer", name)->config_schema);
  optimizer["name"] = name;
  return loaded.on_reference(
      build_program(ProgramKind::step, model, {optimizer, 0}, kBowlRows, loaded.ops, loaded.registry).graph);
}

test::Tensors points_on_a_line() {
  const Tensor x = test::uniform({kBowlRows, 2}, -1, 1, 4, CLQ_F32);
  const std::vector<double> at = test::numbers(x);
  std::vector<double> target;
  for (size_t i = 0; i < at.size(); i += 2) target.push_back(3 * at[i] - 2 * at[i + 1] + 1);
  return {{"scalars", x}, {"target", test::tensor({kBowlRows}, target)}, {"weight", test::filled({kBowlRows}, 1)}};
}

test::Scalars cells_of(double rate, int step) {
  return {{"learning_rate", rate}, {"step", step}, {"batch_count", kBowlRows}};
}

double one_number(const test::Runner& runner, const char* state) { return test::numbers(runner.state(state))[0]; }

// Of the last step over that of the first.
double fall(const Loaded& loaded, const std::string& name, double rate) {
  test::Runner runner = training_of(loaded, name);
  double before = 0, first = 0, last = 0;
  for (int step = 0; step < kDescentSteps; ++step) {
    runner.run(points_on_a_line(), cells_of(rate, step));
    const double sum = one_number(runner, "train.loss_sum");
    last = sum - before;
    before = sum;
    if (step == 0) first = last;
  }
  return last / first;
}

void goes_down(const Loaded& loaded, const std::string& name, Findings& findings) {
  double best = std::numeric_limits<double>::infinity();
  for (const double rate : {0.1, 0.01, 1e-3}) best = std::min(best, fall(loaded, name, rate));
  findings.expect(best < 0.5, "{}: {} steps leave {:.2g} of a quadratic function's value, half or less is right", name,
                  kDescentSteps, best);
}

std::map<std::string, std::vector<double>> states_of(const test::Runner& runner) {
  std::map<std::string, std::vector<double>> states;
  for (const std::string& name : runner.state_names())
    if (!name.starts_with("train.")) states[name] = test::numbers(runner.state(name));
  return states;
}

void leaves_bad_steps(const Loaded& loaded, const std::string& name, Findings& findings) {
  test::Runner runner = training_of(loaded, name);
  runner.run(points_on_a_line(), cells_of(0.01, 0));
  const auto before = states_of(runner);
  test::Tensors bad = points_on_a_line();
  bad.at("target").as<double>()[1] = std::numeric_limits<double>::quiet_NaN();
  runner.run(bad, cells_of(0.01, 1));
  const auto after = states_of(runner);
  for (const auto& [state, values] : before)
    findings.expect(after.at(state) == values, "{}: a step whose loss is NaN changes '{}'", name, state);
  runner.run(points_on_a_line(), cells_of(0.01, 1));
  findings.expect(states_of(runner) != before, "{}: a good step changes nothing", name);
}

using OptimizerCheck = void (*)(const Loaded&, const std::string&, Findings&);

void add_optimizer_case(std::vector<Case>& cases, const char* name, const char* what, OptimizerCheck check) {
  cases.push_back({name, what, [check](const Subject& subject, Findings& findings) {
                     const Loaded& loaded = load(subject);
                     for_each(loaded.registry.builder_names("optimizer"), findings,
                              [&](const std::string& optimizer) { check(loaded, optimizer, findings); });
                   }});
}

}  // namespace

void add_optimizer_cases(std::vector<Case>& cases) {
  add_optimizer_case(cases, "optimizer.descent", "goes down a quadratic function", goes_down);
  add_optimizer_case(cases, "optimizer.bad_steps", "a step that is not finite changes neither parameters nor moments",
                     leaves_bad_steps);
}

}  // namespace clq::conformance

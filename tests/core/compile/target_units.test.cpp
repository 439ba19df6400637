// tests/core/compile/target_units.test.cpp -- transforms of the target, their inverses, slopes and programs.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/target_units.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "core/compile/models.hpp"

namespace clq::test {
namespace {

using D = std::vector<double>;

TargetStep step(TargetStepKind kind, double a = 0, double b = 1, int64_t places = 1) {
  TargetStep out;
  out.kind = kind;
  for (int64_t k = 0; k < places; ++k) {
    out.fields.push_back(fmt::format("T{}", k));
    out.places.push_back(k);
    out.a.push_back(a);
    out.b.push_back(b);
  }
  return out;
}

struct Case {
  TargetStep step;
  double low, high;  // targets
  double error;      // of the way back, of the size of a target
};

// A double has 1.1e-16 of its size; log10 and asinh of large numbers lose what their exponent takes of the digits,
// logit of [2, 7] what 2 and 7 take of the distance to them, so errors there are of this range.
std::vector<Case> cases() {
  return {{step(TargetStepKind::standardise, 5000, 3), 4000, 6000, 2e-15},
          {step(TargetStepKind::log10), 1e-3, 1e3, 2e-15},
          {step(TargetStepKind::log10), 1e-300, 1e-290, 4e-13},
          {step(TargetStepKind::asinh, 0, 0.5), -20, 20, 4e-15},
          {step(TargetStepKind::asinh, 0, 2), -1e-9, 1e-9, 4e-15},
          {step(TargetStepKind::asinh, 0, 2), 1e99, 1e100, 1e-13},
          {step(TargetStepKind::logit, 0, 1), 0, 1, 2e-15},
          {step(TargetStepKind::logit, 0, 1), 0, 1e-12, 1e-14},
          {step(TargetStepKind::logit, 2, 7), 2, 7, 4e-15}};
}

Tensors both_ways(const std::vector<TargetStep>& steps, const Tensor& target, const std::vector<int64_t>& places) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::infer, {{"x", target.desc()}});
  const Value x = b.input("x"), learned = learned_target(b, x, steps, places);
  b.output("learned", b.op("identity/1", {learned}));
  b.output("back", b.op("identity/1", {given_back(b, learned, steps, places)}));
  b.output("slope", b.op("identity/1", {log_slopes(b, x, steps, places)}));
  return run_graph(b.graph(), {{"x", target}});
}

TEST(TargetUnits, AreGivenBackToRounding) {
  for (const Case& c : cases()) {
    const Tensor x = uniform({1000, 1}, c.low, c.high, 3);
    const Tensors out = both_ways({c.step}, x, {0});
    for (size_t i = 0; i < 1000; ++i) {
      const double value = x.as<double>()[i], back = out.at("back").as<double>()[i];
      EXPECT_NEAR(back, value,
                  c.error * std::max(std::fabs(value), c.step.kind == TargetStepKind::logit ? c.step.a[0] : 0))
          << target_step_name(c.step.kind);
    }
  }
}

TEST(TargetUnits, AreWhatTheReadersCheckRowsBy) {
  for (const Case& c : cases()) {
    const Tensor x = uniform({1000, 1}, c.low, c.high, 3);
    const Tensors out = both_ways({c.step}, x, {0});
    for (size_t i = 0; i < 1000; ++i) {
      const double wanted = step_value(c.step.kind, c.step.a[0], c.step.b[0], x.as<double>()[i]);
      EXPECT_NEAR(out.at("learned").as<double>()[i], wanted, 4e-15 * std::max(1.0, std::fabs(wanted)));
    }
  }
}

// d = 1e-6 of the size: the truncation d^2 and the rounding 1e-16 / d of the differences are below 1e-9.
TEST(TargetUnits, HaveTheSlopesOfTheirDifferences) {
  const std::vector<std::vector<TargetStep>> chains = {
      {step(TargetStepKind::standardise, 5, 3)},
      {step(TargetStepKind::log10)},
      {step(TargetStepKind::asinh, 0, 0.5)},
      {step(TargetStepKind::logit, 0, 10)},
      {step(TargetStepKind::log10), step(TargetStepKind::standardise, 0.3, 0.2)},
      {step(TargetStepKind::asinh, 0, 2), step(TargetStepKind::logit, -9, 9), step(TargetStepKind::standardise, 1, 4)}};
  const Tensor x = uniform({200, 1}, 0.5, 9.5, 8);
  for (const auto& chain : chains) {
    const D slopes = numbers(both_ways(chain, x, {0}).at("slope"));
    const auto value = [&](double at) {
      for (const TargetStep& s : chain) at = step_value(s.kind, s.a[0], s.b[0], at);
      return at;
    };
    for (size_t i = 0; i < 200; ++i) {
      const double at = x.as<double>()[i], d = 1e-6 * at;
      EXPECT_NEAR(slopes[i], std::log((value(at + d) - value(at - d)) / (2 * d)), 1e-8);
    }
  }
}

TEST(TargetUnits, WorkOnTheirOwnColumnsAlone) {
  TargetStep log = step(TargetStepKind::log10);
  log.places = {2};
  const Tensors out = both_ways({log}, tensor({2, 2}, {-3, 100, 5, 1000}), {0, 2});
  EXPECT_EQ(numbers(out.at("learned")), (D{-3, 2, 5, 3}));
  EXPECT_EQ(numbers(out.at("back")), (D{-3, 100, 5, 1000}));
}

// log10 of the 0 of a row that fills up a batch would be infinite, and its slope NaN; a missing target stays one.
TEST(TargetUnits, StayFiniteInRowsThatFillUpABatch) {
  const D learned = numbers(both_ways({step(TargetStepKind::log10)}, tensor({3, 1}, {0, 10, NAN}), {0}).at("learned"));
  EXPECT_EQ(learned[0], 0);
  EXPECT_EQ(learned[1], 1);
  EXPECT_TRUE(std::isnan(learned[2]));
}

ModelSpec transformed(std::vector<TargetStep> steps, const char* loss = "mse", int64_t units = 1) {
  ModelSpec model = linear_model();
  model.layers[0]["units"] = units;
  model.loss = {{"use", loss}};
  model.target_steps = std::move(steps);
  return model;
}

void start(Runner& runner, const D& bias) {
  const auto units = static_cast<int64_t>(bias.size());
  runner.set_state("dense1.weights", filled({units, 2}, 0));
  runner.set_state("dense1.bias", tensor({units}, bias));
}

// The network gives 2 for every row: the loss is of log10 of the target, the metrics are of the target.
TEST(TargetUnits, AreTheNetworksInTheLossAndTheTargetsElsewhere) {
  const ModelSpec model = transformed({step(TargetStepKind::log10)});
  Runner forward(program(ProgramKind::forward, model, 2).graph),
      evaluate(program(ProgramKind::evaluate, model, 2).graph);
  start(forward, {2});
  start(evaluate, {2});
  const Tensors batch = batch_of({10, 1000});
  EXPECT_LE(distance(forward.run({{"scalars", batch.at("scalars")}}).at("prediction"), filled({2, 1}, 100)), 1e-15);
  evaluate.run(batch);
  EXPECT_NEAR(numbers(evaluate.state("metric.loss.sum"))[0], 2, 1e-12);
  EXPECT_NEAR(numbers(evaluate.state("metric.mae.sum"))[0], 90 + 900, 1e-9);
}

TEST(TargetUnits, AStepOfPaddedRowsIsFinite) {
  const ModelSpec model = transformed({step(TargetStepKind::log10)});
  Runner runner(program(ProgramKind::step, model, 2).graph);
  start(runner, {2});
  runner.run(batch_of({10, 0}, {1, 0}), {{"learning_rate", 0.5}, {"batch_count", 1}});
  EXPECT_NEAR(numbers(runner.state("dense1.bias"))[0], 2 - 0.5 * 2 * (2 - 1), 1e-12);
  EXPECT_EQ(numbers(runner.state("train.skipped_steps"))[0], 0);
}

// A Gaussian of (z - 5) / 3 is one of z: its mean 3 m + 5, its sigma 3 s.
TEST(TargetUnits, OfAStandardisedTargetKeepAGaussian) {
  const ModelSpec model = transformed({step(TargetStepKind::standardise, 5, 3)}, "gaussian_nll", 2);
  Runner evaluate(program(ProgramKind::evaluate, model, 1).graph),
      forward(program(ProgramKind::forward, model, 1).graph);
  for (Runner* runner : {&evaluate, &forward}) start(*runner, {0.5, 2 * std::log(0.25)});
  evaluate.run(batch_of({7}));
  EXPECT_LE(
      distance(forward.run({{"scalars", batch_of({7}).at("scalars")}}).at("prediction"), tensor({1, 2}, {6.5, 0.75})),
      1e-15);
  const double u = 0.5 / 0.75, nll = 0.5 * std::log(2 * std::numbers::pi) + std::log(0.75) + 0.5 * u * u;
  EXPECT_NEAR(numbers(evaluate.state("metric.nll.sum"))[0], nll, 1e-14);
}

// log10 z is a Gaussian of mean 2 and sigma 0.1, so z is log-normal, and its likelihood has the slope in it.
TEST(TargetUnits, OfALogarithmMakeTheLikelihoodOfALogNormal) {
  const ModelSpec model = transformed({step(TargetStepKind::log10)}, "gaussian_nll", 2);
  Runner evaluate(program(ProgramKind::evaluate, model, 1).graph),
      forward(program(ProgramKind::forward, model, 1).graph), post(program(ProgramKind::post, model, 1).graph);
  for (Runner* runner : {&evaluate, &forward}) start(*runner, {2, 2 * std::log(0.1)});
  const Tensors batch = batch_of({150});
  evaluate.run(batch);
  const double sigma = 0.1 * std::numbers::ln10, d = std::log(150.0) - 2 * std::numbers::ln10;
  const double nll = std::log(150 * sigma * std::sqrt(2 * std::numbers::pi)) + d * d / (2 * sigma * sigma);
  EXPECT_NEAR(numbers(evaluate.state("metric.nll.sum"))[0], nll, 1e-12);
  EXPECT_NEAR(numbers(evaluate.state("metric.mae.sum"))[0], 50, 1e-9);  // of the median
  const Tensors shown = post.run({{"prediction", forward.run({{"scalars", batch.at("scalars")}}).at("prediction")}});
  EXPECT_NEAR(numbers(shown.at("prediction"))[0], 100, 1e-12);
  EXPECT_NEAR(numbers(shown.at("PRED_SIGMA"))[0], (std::pow(10, 2.1) - std::pow(10, 1.9)) / 2, 1e-12);
}

// Of two outputs one learns a logarithm; the other's likelihood and sigma are of the target as it is.
TEST(TargetUnits, OfOneOutputLeaveTheOthersAlone) {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 1, "name": "a"},
      {"use": "dense", "units": 2, "name": "b", "from": "input"}])");
  model.loss = Json::object();
  model.outputs = Json::parse(R"([
    {"name": "m", "from": "a", "loss": {"use": "mse"}, "weight": 1.0, "task": "regression", "places": [1]},
    {"name": "z", "from": "b", "loss": {"use": "gaussian_nll"}, "weight": 1.0, "task": "regression", "places": [0]}])");
  model.target = {2};
  TargetStep log = step(TargetStepKind::log10);
  log.places = {1};
  model.target_steps = {log};
  Runner forward(program(ProgramKind::forward, model, 1).graph),
      evaluate(program(ProgramKind::evaluate, model, 1).graph);
  for (Runner* runner : {&forward, &evaluate}) {
    runner->set_state("a.weights", filled({1, 2}, 0));
    runner->set_state("a.bias", tensor({1}, {2}));
    runner->set_state("b.weights", filled({2, 2}, 0));
    runner->set_state("b.bias", tensor({2}, {0.5, 0}));
  }
  Tensors batch = batch_of({0});
  EXPECT_LE(distance(forward.run({{"scalars", batch.at("scalars")}}).at("prediction"), tensor({1, 3}, {100, 0.5, 1})),
            1e-15);
  batch["target"] = tensor({1, 2}, {0.5, 1000});
  evaluate.run(batch);
  EXPECT_NEAR(numbers(evaluate.state("metric.m_mae.sum"))[0], 900, 1e-9);
  EXPECT_NEAR(numbers(evaluate.state("metric.z_crps.sum"))[0],
              std::sqrt(2 / std::numbers::pi) - 1 / std::sqrt(std::numbers::pi), 1e-12);
  EXPECT_NEAR(numbers(evaluate.state("metric.loss.sum"))[0], 1 + 0.5 * std::log(2 * std::numbers::pi), 1e-12);
}

TEST(TargetUnits, OfTwoModelsAreOneWhereSigmasAre) {
  const ModelSpec plain = transformed({}, "gaussian_nll", 2),
                  bent = transformed({step(TargetStepKind::log10)}, "gaussian_nll", 2);
  const ModelSpec scaled = transformed({step(TargetStepKind::standardise, 5, 3)}, "gaussian_nll", 2);
  EXPECT_FALSE(have_one_unit(plain, bent));
  EXPECT_FALSE(have_one_unit(bent, plain));
  EXPECT_TRUE(have_one_unit(bent, bent));
  EXPECT_TRUE(have_one_unit(plain, scaled));  // given back in the target's unit
  EXPECT_TRUE(have_one_unit(transformed({}, "mse"), transformed({step(TargetStepKind::log10)}, "mse")));
}

TEST(TargetUnits, RefuseWhatHasNoExactForm) {
  const auto words = [](ModelSpec model) -> std::string {
    try {
      program(ProgramKind::forward, model, 1);
    } catch (const Error& e) {
      return e.what();
    }
    return "accepted";
  };
  EXPECT_EQ(words(transformed({step(TargetStepKind::log10)}, "mixture_nll", 3)),
            "target_transform: log10 makes of a mixture's density one without a mean; standardise alone keeps it");
  EXPECT_EQ(words(transformed({step(TargetStepKind::standardise, 5, 3)}, "mixture_nll", 3)), "accepted");
  EXPECT_EQ(words(transformed({step(TargetStepKind::log10)}, "bce")),
            "target_transform: bce takes no number that could be transformed");
  ModelSpec classes = transformed({step(TargetStepKind::log10)}, "softmax_cross_entropy", 3);
  classes.task = "classification";
  EXPECT_EQ(words(classes), "target_transform: a classification has no number to transform");
  ModelSpec bins = transformed({step(TargetStepKind::log10)}, "crps", 4);
  bins.task_options = Json::parse(R"({"bins": {"min": 0, "max": 1, "n": 4}})");
  EXPECT_EQ(words(bins), "target_transform: bins are of the target as it is, there is nothing to transform");
  EXPECT_EQ(words(transformed({step(TargetStepKind::log10)}, "mse", 2)),
            "target_transform: the network gives 2 numbers and the target has 1, of which is which");
}

}  // namespace
}  // namespace clq::test

// tests/docs/plugins/learning.test.cpp -- loss, optimizer and metrics of docs/writing-a-plugin.md: closed forms.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "compile/parts.hpp"
#include "docs/plugins/examples.hpp"

namespace clq::test {
namespace {

std::vector<double> pinball(double q) {
  const OpTable ops = examples().ops();
  ModelSpec model;
  model.loss = {{"use", "example.pinball"}, {"q", q}};
  const Tensor output = tensor({3, 1}, {1, 2, 3}), target = tensor({3}, {2, 2, 1});
  GraphBuilder b(ops, Mode::train, {{"output", output.desc()}, {"target", target.desc()}}, CLQ_F64);
  b.output("loss", find_loss(model, examples(), "model.loss")->build(b, b.input("output"), b.input("target")));
  return numbers(on("cpu_ref", b.graph()).run({{"output", output}, {"target", target}}).at("loss"));
}

// Errors of 1, 0 and -2.
TEST(ExampleLoss, WeighsErrorsByTheirSide) {
  EXPECT_EQ(pinball(0.5), (std::vector<double>{0.5, 0, 1}));
  EXPECT_EQ(pinball(0.75), (std::vector<double>{0.75, 0, 0.5}));
}

struct Lion {
  double w, m = 0;
  void step(double gradient, double rate, double decay) {
    const double mixed = 0.9 * m + 0.1 * gradient;
    w -= rate * ((mixed > 0 ? 1 : mixed < 0 ? -1 : 0) + decay * w);
    m = 0.99 * m + 0.01 * gradient;
  }
};

// One number a step is the gradient, which changes its sign.
TEST(ExampleOptimizer, StepsAsThePaperWritesIt) {
  const OpTable ops = examples().ops();
  const Json options = {{"name", "example.lion"}, {"weight_decay", 0.1}};
  GraphBuilder b(ops, Mode::train, {{"g", {CLQ_F64, {1}}}}, CLQ_F64);
  const Value w = b.param("w", {1}, Json{{"use", "zeros"}});
  const Value next =
      find_optimizer(options, examples())->build(b, w, b.input("g"), b.scalar("learning_rate"), b.scalar("step"), {});
  b.assign(w, next);
  Runner runner = on("cpu_ref", b.graph());
  runner.set_state("w", tensor({1}, {2}));
  Lion expected{2};
  for (const double gradient : {3.0, -0.5, -20.0, 0.0}) {
    runner.run({{"g", tensor({1}, {gradient})}}, {{"learning_rate", 0.5}});
    expected.step(gradient, 0.5, 0.1);
    EXPECT_NEAR(numbers(runner.state("w"))[0], expected.w, 1e-14) << gradient;
    EXPECT_NEAR(numbers(runner.state("example.lion.w.m"))[0], expected.m, 1e-14) << gradient;
  }
}

// d = 0.1, 0.5, -0.2, 0: the outliers are the second and the third.
TEST(ExampleMetrics, AreOfAllRowsTogether) {
  const OpTable ops = examples().ops();
  ModelSpec model;
  model.task = "example.redshift";
  const Tensor estimate = tensor({4, 1}, {0.1, 2, 0.6, 1}), z = tensor({4}, {0, 1, 1, 1});
  GraphBuilder b(ops, Mode::infer, {{"estimate", estimate.desc()}, {"z", z.desc()}}, CLQ_F64);
  find_metrics(model, examples())->build(b, b.input("estimate"), b.input("z"));
  for (const Metric& metric : b.graph().metrics) b.output(metric.name, metric.value);
  const Tensors got = on("cpu_ref", b.graph()).run({{"estimate", estimate}, {"z", z}});
  EXPECT_LT(distance(got.at("nmad"), tensor({4}, {0.1, 0.5, -0.2, 0})), 1e-15);
  EXPECT_EQ(numbers(got.at("outliers")), (std::vector<double>{0, 1, 1, 0}));
  std::map<std::string, double> finished;
  for (const Metric& metric : b.graph().metrics) {
    const std::string over = finish_other(metric.finish);
    finished[metric.name] = finish_metric(metric.finish, numbers(got.at(metric.name)), std::vector<double>{1, 1, 1, 1},
                                          over.empty() ? std::vector<double>{} : numbers(got.at(over)));
  }
  EXPECT_NEAR(finished.at("nmad"), 1.4826 * 0.15, 1e-12);  // median 0.05, distances 0.05, 0.45, 0.25, 0.05
  EXPECT_EQ(finished.at("outliers"), 0.5);
  EXPECT_NEAR(finished.at("outlier_size"), 0.35, 1e-12);
}

TEST(ExampleParts, HaveTheOptionsThatTheirSchemasSay) {
  ModelSpec model;
  model.loss = {{"use", "example.pinball"}, {"q", 1}};
  EXPECT_EQ(error_of([&] { find_loss(model, examples(), "model.loss"); }), "model.loss.q must be below 1, got 1");
  const Json options = {{"name", "example.lion"}, {"beta", 0.9}};
  EXPECT_EQ(error_of([&] { find_optimizer(options, examples()); }),
            "train.optimizer.beta is unknown, did you mean 'beta1'?");
  const auto layer = [](const Json& table) {
    return error_of([&] { find_layer("example.excite", Config(table, "model.layer[1]"), examples()); });
  };
  EXPECT_EQ(layer({{"reduction", 0}}), "model.layer[1].reduction must be at least 1, got 0");
  EXPECT_EQ(layer({{"reductoin", 2}}), "model.layer[1].reductoin is unknown, did you mean 'reduction'?");
  EXPECT_EQ(layer({{"reduction", 2}}), "no error");
}

}  // namespace
}  // namespace clq::test

// tests/core/compile/penalties.test.cpp -- what a step adds to the gradient, and the averages of what it makes.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "core/compile/models.hpp"

namespace clq::test {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const Scalars kScalars = {{"learning_rate", 0.1}, {"batch_count", 4}};

double one(const Runner& runner, const std::string& state) { return numbers(runner.state(state))[0]; }

TEST(Penalty, IsInNoLossThatIsReported) {
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
TEST(Penalty, OfALayerCountsInPlaceOfThatOfTheRun) {
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

TEST(Penalty, IsPaidOnceAStepHoweverManyMicroBatches) {
  const ModelSpec model =
      regression_model(R"([{"use": "dense", "units": 3, "activation": "tanh"}, {"use": "dense", "units": 1}])");
  const Tensors batch = batch_of({1, 2, 3, 4});
  const TrainSpec penalised{Json{{"name", "sgd"}}, 0.5, {}, {0.1, 0.2}};
  Runner gradients(program(ProgramKind::gradients, model, 2, penalised).graph),
      whole(program(ProgramKind::step, model, 4, penalised).graph),
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

// ema += (1 - d) (w - ema) with d = min(0.5, (1 + t) / (10 + t)): first the second of them. A bad step takes none.
TEST(Averages, FollowTheWeightsOfEachGoodStep) {
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

TEST(Averages, AreWhatIsEvaluated) {
  const TrainSpec averaged{Json{{"name", "sgd"}}, 0, {}, {}, 0.5};
  Runner of_weights(program(ProgramKind::evaluate, linear_model()).graph),
      of_averages(program(ProgramKind::evaluate, linear_model(), 4, averaged).graph);
  for (const char* name : {"dense1.weights", "dense1.bias"})
    of_averages.set_state(std::string("ema.").append(name), of_weights.state(name));
  for (Runner* runner : {&of_weights, &of_averages}) runner->run(batch_of({1, 2, 3, 4}), kScalars);
  EXPECT_EQ(one(of_averages, "metric.loss.sum"), one(of_weights, "metric.loss.sum"));
}

}  // namespace
}  // namespace clq::test

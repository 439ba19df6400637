// tests/core/train/own_batches.test.cpp -- steps on the host's batches are the trainer's own where the rows are.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/array_source.hpp"
#include "data/sampler.hpp"
#include "toy.hpp"

namespace clq {
namespace {

using ::testing::HasSubstr;
using Samples = std::vector<int64_t>;

Json plain_run(bool split_step = false, int replicas = 1) {
  Json run = toy::run(6);
  toy::set(run, "/split/test", 0.0);
  toy::set(run, "/split/valid", 0.0);
  toy::set(run, "/train/split_step", split_step);
  toy::set(run, "/compute/devices", std::vector<std::string>(static_cast<size_t>(replicas), "cpu_ref:0"));
  return run;
}

// The rows that the trainer would take, all of them in the training part.
Samples batch_of(int64_t number, int64_t rows = 240) {
  const RowSet all = RowSet::all(rows);
  return Sampler(all, 16, 3, true, false).batch(number).samples;
}

template <class Step>
toy::Result finish_by(Trainer& trainer, Step&& step) {
  for (int64_t number = 0; !step(batch_of(number)); ++number) {
  }
  return toy::finish(trainer);
}

template <class Body>
std::string refusal(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "none";
}

TEST(OwnBatches, OfTheTrainersOrderHaveItsBits) {
  const auto source = toy::source();
  const auto trainer = toy::trainer(plain_run(), source);
  const auto other = toy::source();  // rows may come from any source
  EXPECT_EQ(finish_by(*trainer, [&](const Samples& s) { return trainer->step_on(other, s); }), toy::train(plain_run()));
}

TEST(OwnBatches, MayTakeTurnsWithTheTrainersOwn) {
  const auto source = toy::source();
  const auto trainer = toy::trainer(plain_run(), source);
  trainer->run_steps(5);
  trainer->step_on(source, batch_of(5));
  trainer->run_steps(20);
  trainer->step_on(source, batch_of(26));
  EXPECT_EQ(toy::finish(*trainer), toy::train(plain_run()));
}

TEST(OwnBatches, ResumeWhereTheyWere) {
  const toy::Folder folder;
  const auto source = toy::source();
  {
    const auto trainer = toy::trainer(plain_run(), source, folder.path());
    for (int64_t b = 0; b < 19; ++b) trainer->step_on(source, batch_of(b));
    trainer->checkpoint();
  }
  const auto resumed = Trainer::resume(folder.path(), source, toy::registry());
  EXPECT_EQ(resumed->get("step"), 19);
  resumed->step_on(source, batch_of(19));
  EXPECT_EQ(toy::finish(*resumed).hash, toy::train(plain_run()).hash);
}

TEST(OwnBatches, InTwoHalvesAreAStep) {
  for (const int replicas : {1, 2}) {
    const auto source = toy::source();
    const auto trainer = toy::trainer(plain_run(true, replicas), source);
    const auto halves = [&](const Samples& s) {
      trainer->gradients_on(source, s);
      trainer->gradients_on(source, s);  // in the place of the first
      return trainer->apply_gradients();
    };
    EXPECT_EQ(finish_by(*trainer, halves), toy::train(plain_run(true, replicas))) << replicas;
  }
}

// The loss of one dense layer is mean (x w + b - y)^2: by hand.
TEST(OwnBatches, GiveTheGradientOfTheBatchsLoss) {
  Json run = plain_run(true);
  run["model"]["layer"] = {{{"use", "dense"}, {"name", "last"}}};
  run["transform"] = Json::array();
  const auto source = toy::source();
  const auto trainer = toy::trainer(run, source);
  const Samples samples = {3, 14, 15, 92, 65};
  const std::vector<float> w = {0.5f, -2.0f}, b = {0.25f};
  Tensor weights(trainer->state_desc("last.weights")), bias(trainer->state_desc("last.bias"));
  std::copy(w.begin(), w.end(), weights.as<float>().begin());
  bias.as<float>()[0] = b[0];
  trainer->set_state("last.weights", weights);
  trainer->set_state("last.bias", bias);
  trainer->gradients_on(source, samples);
  const auto column = [&](const char* name) {
    return source->read_field(source->schema().require(name, "a test"), samples, CLQ_F64);
  };
  const Tensor a = column("A"), c = column("B"), y = column("Y");
  double gw[2] = {}, gb = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    const double x[] = {a.as<double>()[i], c.as<double>()[i]};
    const double r = 2 * (x[0] * w[0] + x[1] * w[1] + b[0] - y.as<double>()[i]) / 5;
    gw[0] += r * x[0];
    gw[1] += r * x[1];
    gb += r;
  }
  const Tensor got = trainer->gradient("last.weights");
  EXPECT_NEAR(got.as<float>()[0], gw[0], 1e-5);
  EXPECT_NEAR(got.as<float>()[1], gw[1], 1e-5);
  EXPECT_NEAR(trainer->gradient("last.bias").as<float>()[0], gb, 1e-5);
}

TEST(OwnBatches, ApplyTheGradientsThatTheHostLeaves) {
  Json run = plain_run(true);
  toy::set(run, "/train/optimizer", {{"name", "sgd"}, {"lr", 0.5}});
  const auto source = toy::source();
  const auto trainer = toy::trainer(run, source);
  const Tensor before = trainer->model().states.at("last.bias");
  trainer->gradients_on(source, Samples{1, 2});
  Tensor gradient(trainer->gradient("last.bias").desc());
  gradient.as<float>()[0] = 4;
  trainer->set_gradient("last.bias", gradient);
  trainer->apply_gradients();
  EXPECT_FLOAT_EQ(trainer->model().states.at("last.bias").as<float>()[0], before.as<float>()[0] - 2);
}

TEST(OwnBatches, ThatAreWrongLeaveTheGradientsOfTheOneBefore) {
  const auto source = toy::source();
  const auto trainer = toy::trainer(plain_run(true), source), other = toy::trainer(plain_run(true), source);
  for (const auto& each : {trainer.get(), other.get()}) each->gradients_on(source, batch_of(0));
  EXPECT_THAT(refusal([&] { trainer->gradients_on(source, Samples{240}); }), HasSubstr("there is no sample 240"));
  trainer->apply_gradients();
  other->apply_gradients();
  EXPECT_EQ(trainer->model().hash(), other->model().hash());
}

TEST(OwnBatches, ThatAreWrongChangeNothing) {
  const auto source = toy::source();
  const auto trainer = toy::trainer(plain_run(), source);
  EXPECT_THAT(refusal([&] { trainer->step_on(source, Samples{240}); }),
              HasSubstr("there is no sample 240, the source has 0 to 239"));
  EXPECT_THAT(refusal([&] { trainer->step_on(source, Samples(17)); }),
              HasSubstr("a batch has 1 to 16 samples, as train.batch says, got 17"));
  EXPECT_THAT(refusal([&] { trainer->gradients_on(source, Samples{1}); }),
              HasSubstr("train.split_step = true keeps them"));
  EXPECT_THAT(refusal([&] { trainer->apply_gradients(); }), HasSubstr("train.split_step = true keeps them"));
  EXPECT_EQ(toy::finish(*trainer), toy::train(plain_run()));
  EXPECT_THAT(refusal([&] { trainer->step_on(source, Samples{1}); }), HasSubstr("the training has ended: epochs"));
}

TEST(OwnBatches, HaveNoGradientsBeforeTheyAreComputedOrAfterTheyAreApplied) {
  const auto source = toy::source();
  const auto trainer = toy::trainer(plain_run(true), source);
  EXPECT_THAT(refusal([&] { trainer->gradient("last.bias"); }),
              HasSubstr("there are no gradients, compute those of a batch first"));
  trainer->gradients_on(source, Samples{1});
  EXPECT_THAT(refusal([&] { trainer->gradient("last.bios"); }),
              HasSubstr("no gradient of 'last.bios', did you mean 'last.bias'?"));
  trainer->apply_gradients();
  EXPECT_THAT(refusal([&] { trainer->apply_gradients(); }), HasSubstr("there are no gradients"));
}

TEST(OwnBatches, LoseTheirGradientsWhereTheTrainerGoesOnByItself) {
  const auto source = toy::source();
  const auto trainer = toy::trainer(plain_run(true), source);
  trainer->gradients_on(source, batch_of(0));
  trainer->run_steps(1);
  EXPECT_THAT(refusal([&] { trainer->apply_gradients(); }), HasSubstr("there are no gradients"));
}

TEST(OwnBatches, CountBadRowsAsTheTrainersOwnDo) {
  std::vector<float> a(240), b(240);
  std::vector<double> y(240);
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = i % 10 == 7 ? NAN : static_cast<float>(i) / 240;
    y[i] = b[i] = static_cast<float>(i % 3);
  }
  ArraySource arrays(240);
  arrays.add("A", a.data(), {CLQ_F32, {}}, true);
  arrays.add("B", b.data(), {CLQ_F32, {}}, true);
  arrays.add("Y", y.data(), {CLQ_F64, {}}, true);
  const auto holed = arrays.open();
  Json run = plain_run();
  run["data"]["on_bad"] = {{"stop_after", 1}};
  const auto trainer = toy::trainer(run, toy::source());
  trainer->step_on(holed, Samples{0, 7});
  EXPECT_THAT(refusal([&] { trainer->step_on(holed, Samples{1, 17}); }), HasSubstr("more bad rows than the 1"));
  trainer->step_on(holed, Samples{1, 2});
  EXPECT_EQ(trainer->get("rows_skipped"), 1);
  EXPECT_EQ(trainer->get("step"), 2);
}

}  // namespace
}  // namespace clq

// tests/hosts/cpp/training.test.cpp -- training in turns: progress, stops, the host's own loop, gradients.
// SPDX-License-Identifier: BSD-3-Clause
#include <numeric>
#include <thread>

#include "host.hpp"

namespace {

using calanque::Model;
using calanque::Progress;
using calanque::Source;
using calanque::Trainer;

std::vector<float> weights_of(const Model& model) {
  std::vector<float> weights(16);
  model.get("dense1.weights", weights);
  return weights;
}

TEST(Training, GivesTheWeightsOfTheSameLoopInC) {
  const host::Trained trained;
  host::Table table;
  const Source source = table.source();
  const calanque::Config config = host::config();
  const Model model(config, source);
  clq_handle trainer = 0;
  ASSERT_EQ(clq_trainer_create(model.handle(), source.handle(), config.handle(), nullptr, &trainer), CLQ_OK);
  clq_status status = CLQ_OK;
  while (status == CLQ_OK) status = clq_trainer_run(trainer, 0.05);
  clq_trainer_close(trainer);
  ASSERT_EQ(status, CLQ_END);
  EXPECT_EQ(weights_of(trained.model), weights_of(model));
}

TEST(Training, ReportsProgressInTheCallersThread) {
  host::Table table;
  const Source source = table.source();
  const calanque::Config config = host::config();
  const Model model(config, source);
  Trainer trainer(model, source, config);
  const std::thread::id here = std::this_thread::get_id();
  std::vector<Progress> seen;
  trainer.run(
      [&](const Progress& now) {
        EXPECT_EQ(std::this_thread::get_id(), here);
        seen.push_back(now);
      },
      0.001);
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().epoch, 3);
  EXPECT_EQ(seen.back().epochs, 3);
  EXPECT_EQ(seen.back().step, seen.back().steps);
  EXPECT_LT(seen.back().loss, 10);
  EXPECT_TRUE(trainer.run(1.0));  // has ended
  int rows = 0;
  while (const auto row = trainer.metrics()) {
    EXPECT_NE(row->find("valid_loss"), std::string::npos) << *row;
    ++rows;
  }
  EXPECT_EQ(rows, 3);
}

TEST(Training, GoesOnAfterACallbackThatThrew) {
  const host::Trained whole;
  host::Table table;
  const Source source = table.source();
  const calanque::Config config = host::config();
  const Model model(config, source);
  Trainer trainer(model, source, config);
  trainer.steps(1);
  EXPECT_THROW(trainer.run([](const Progress&) { throw std::runtime_error("enough"); }, 0), std::runtime_error);
  trainer.run([](const Progress&) {});
  EXPECT_EQ(weights_of(trainer.model()), weights_of(whole.model));
}

TEST(Training, StopsFromAnotherThreadAndGoesOnInAFolder) {
  const host::Trained whole;
  const std::string folder = testing::TempDir() + "hosts_cpp_run";
  std::filesystem::remove_all(folder);
  host::Table table;
  const Source source = table.source();
  {
    const calanque::Config config = host::config();
    const Model model(config, source);
    Trainer trainer(model, source, config, folder);
    EXPECT_FALSE(trainer.steps(3));
    std::thread([&] { trainer.stop(); }).join();
    EXPECT_TRUE(trainer.run(10));
    EXPECT_EQ(trainer.get("stopped"), 1);
    trainer.checkpoint();
  }
  Trainer again = Trainer::resume(folder, &source);
  EXPECT_EQ(again.get("step"), 3);
  again.run([](const Progress&) {});
  EXPECT_EQ(weights_of(again.model()), weights_of(whole.model));
  std::filesystem::remove_all(folder);
}

TEST(OwnLoop, LearnsFromArraysThatAreFilledAnew) {
  host::Table table;
  const Source source = table.source();
  const calanque::Config config = host::config();
  const Model model(config, source);
  Trainer trainer(model, source, config);
  std::vector<float> x(64);
  std::vector<double> y(32);
  Source batch = Source::create(32);
  batch.borrow("x", x, {2});
  batch.borrow("y", y);
  std::vector<int64_t> rows(32);
  std::iota(rows.begin(), rows.end(), 0);
  double first = 0;
  for (int step = 0, done = 0; done == 0; ++step) {
    for (size_t i = 0; i < 32; ++i) {
      x[2 * i] = std::sin(0.37f * static_cast<float>(32 * step + static_cast<int>(i)));
      x[2 * i + 1] = std::cos(0.73f * static_cast<float>(32 * step + static_cast<int>(i)));
      y[i] = static_cast<double>(x[2 * i]) - 2.0 * static_cast<double>(x[2 * i + 1]);
    }
    done = trainer.batch(batch, rows) ? 1 : 0;
    if (step == 0) first = std::abs(static_cast<double>(model.predict(x, 32)[0]) - y[0]);
  }
  EXPECT_EQ(trainer.get("step"), trainer.get("steps"));
  EXPECT_TRUE(std::isfinite(first));
  EXPECT_EQ(host::refused([&] { trainer.batch(batch, rows); }).status(), CLQ_E_INVALID);
}

TEST(OwnLoop, ReadsAndReplacesGradients) {
  host::Table table;
  const Source source = table.source();
  const calanque::Config config = host::config("split_step = true\n");
  const Model model(config, source);
  Trainer trainer(model, source, config);
  std::vector<double> gradient(8);
  EXPECT_EQ(host::refused([&] { trainer.get_gradient("dense1.bias", gradient); }).status(), CLQ_E_INVALID);
  trainer.gradients(source, {0, 5, 9});
  trainer.get_gradient("dense1.bias", gradient);
  EXPECT_NE(gradient, std::vector<double>(8));
  trainer.set_gradient("dense1.bias", std::vector<double>(8));
  std::vector<double> before(8), after(8);
  model.get("dense1.bias", before);
  EXPECT_FALSE(trainer.apply());
  model.get("dense1.bias", after);
  EXPECT_EQ(before, after);  // adam's first step with a gradient of zero
  const std::array<float, 8> wanted = {1, 2, 3, 4, 5, 6, 7, 8};
  trainer.set("dense1.bias", wanted);
  std::array<float, 8> found{};
  model.get("dense1.bias", found);
  EXPECT_EQ(found, wanted);
}

}  // namespace

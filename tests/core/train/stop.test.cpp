// tests/core/train/stop.test.cpp -- a trainer that waits for data is stopped, and comes back after its seconds.
// SPDX-License-Identifier: BSD-3-Clause
#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "core/data/support.hpp"
#include "data/selection.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kRows = 400;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The inputs of row i are i and -i, its target i / 2, until the gate is closed: then a read of training rows, or of the
// others, does not end, or does when it is cancelled.
class StopTest : public testing::Test {
 protected:
  enum Gate { open, training, validation };

  StopTest() : run_(toy::run()) {
    run_["data"] = {{"scalars", {"a", "b"}}, {"target", "Z"}};
    toy::set(run_, "/train/epochs", 1000);
    script_ = {{"a", "b", "Z"}, kRows, 0, [](int64_t row, uint32_t field) {
                 const auto x = static_cast<double>(row) / kRows;
                 return field == 0 ? x : field == 1 ? -x : x / 2;
               }};
    script_.before = [this](int64_t row, const clq_read& io) { return wait(row, io); };
    source_ = test::open_scripted(script_);
    validates_ = split_rows(*source_, RowSet::all(kRows), Config(run_.at("split"), "split")).valid;
  }
  ~StopTest() override { gate_ = open; }

  clq_status wait(int64_t row, const clq_read& io) {
    while (gate_ == (validates_.contains(row) ? validation : training)) {
      waits_ = true;
      if (heeds_ && io.cancelled(&io) != 0) return cancelled_ = true, CLQ_E_CANCELLED;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return CLQ_OK;
  }

  std::unique_ptr<Trainer> trainer() { return toy::trainer(run_, source_, folder_.path()); }

  // Waits until the data are late, asks from another thread, as a signal handler would, and takes the time of that.
  double seconds_to_stop(Trainer& trainer) {
    std::atomic<bool> over{false};
    Clock::time_point asked;
    std::thread asking([&] {
      while (!waits_ && !over) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      asked = Clock::now();
      trainer.stop();
      for (int i = 0; i < 5000 && !over; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      gate_ = open;  // a trainer that does not heed it ends, too, with the wrong number
    });
    EXPECT_FALSE(trainer.run_for(1e6));
    const auto back = Clock::now();
    over = true;
    asking.join();
    return std::chrono::duration<double>(back - asked).count();
  }

  toy::Folder folder_;
  Json run_;
  test::Scripted script_;
  std::shared_ptr<DataSource> source_;
  RowSet validates_{0};
  std::atomic<int> gate_{open};
  std::atomic<bool> heeds_{false}, waits_{false}, cancelled_{false};
};

TEST_F(StopTest, KeepsTheStepsThatAreDoneWhateverAReaderIsIn) {
  auto t = trainer();
  t->run_steps(7);
  gate_ = training;
  EXPECT_LT(seconds_to_stop(*t), 2);  // 0.1 s of patience, and a checkpoint
  EXPECT_GE(t->get("step"), 7);
  const Checkpoint kept = load_checkpoint(folder_.file("checkpoints/last.safetensors"), toy::registry());
  EXPECT_EQ(static_cast<double>(kept.progress.step), t->get("step"));
  gate_ = open;
}

TEST_F(StopTest, TellsTheReaders) {
  heeds_ = true;
  auto t = trainer();
  gate_ = training;
  EXPECT_LT(seconds_to_stop(*t), 2);
  const auto start = Clock::now();
  t.reset();
  EXPECT_LT(seconds_since(start), 2);
  EXPECT_TRUE(cancelled_);
}

TEST_F(StopTest, IsNoNeedToComeBackAfterTheSeconds) {
  auto t = trainer();
  gate_ = training;
  const auto start = Clock::now();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(t->run_for(0.2));
  EXPECT_LT(seconds_since(start), 3);
  const double step = t->get("step");
  gate_ = open;
  t->run_steps(3);
  EXPECT_EQ(t->get("step"), step + 3);
}

// The epoch's steps are done, its scores are not there: resuming goes on with these, to the bits of a run that had them
// at once.
TEST_F(StopTest, ComesInTheMiddleOfAnEvaluation) {
  toy::set(run_, "/train/epochs", 3);
  const toy::Folder other;
  const toy::Result undisturbed = toy::finish(*toy::trainer(run_, source_, other.path()));
  {
    auto t = trainer();
    gate_ = validation;
    EXPECT_LT(seconds_to_stop(*t), 2);
    EXPECT_EQ(t->get("epoch"), 0);
    EXPECT_EQ(toy::read_text(folder_.file("metrics.csv")), "");
    gate_ = open;
  }
  const auto resumed = Trainer::resume(folder_.path(), source_, toy::registry());
  EXPECT_EQ(toy::finish(*resumed), undisturbed);
  EXPECT_EQ(toy::metrics_without_seconds(folder_.path()), toy::metrics_without_seconds(other.path()));
}

TEST_F(StopTest, AnEvaluationGoesOnWhereItWaited) {
  toy::set(run_, "/train/epochs", 2);
  const toy::Folder other;
  const toy::Result undisturbed = toy::finish(*toy::trainer(run_, source_, other.path()));
  auto t = trainer();
  gate_ = validation;
  while (!waits_) EXPECT_FALSE(t->run_for(0.1));
  EXPECT_FALSE(t->run_for(0.3));
  t->checkpoint();
  gate_ = open;
  EXPECT_EQ(toy::finish(*t), undisturbed);
}

}  // namespace
}  // namespace clq

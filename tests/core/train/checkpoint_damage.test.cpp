// tests/core/train/checkpoint_damage.test.cpp -- a damaged checkpoint is named and the one before is used.
// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <sys/resource.h>

#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

std::string lines_of_log() {
  std::string text;
  while (const auto line = next_log_line()) text += *line + "\n";
  return text;
}

class CheckpointDamage : public testing::Test {
 protected:
  void SetUp() override {
    Json run = toy::run();
    run["output"] = {{"tensorboard", false}};
    const auto trainer = toy::trainer(run, toy::source(), folder_.path());
    trainer->run_steps(3);
    trainer->checkpoint();
    trainer->run_steps(3);
    trainer->checkpoint();
    lines_of_log();
  }
  std::string last() const { return folder_.file("checkpoints/last.safetensors"); }
  std::string previous() const { return folder_.file("checkpoints/previous.safetensors"); }
  int64_t step_of(const std::string& path) const { return load_checkpoint(path, toy::registry()).progress.step; }
  void flip_a_bit_of_last() const {
    std::string text = toy::read_text(last());
    text[text.size() - 5] = static_cast<char>(text[text.size() - 5] ^ 16);
    toy::write_text(last(), text);
  }
  // A disk that has room for 200 bytes a file.
  static void save_without_room(Trainer& trainer) {
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{200, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    EXPECT_THROW(trainer.checkpoint(), Error);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  }
  double resumed_step() const { return Trainer::resume(folder_.path(), toy::source(), toy::registry())->get("step"); }
  toy::Folder folder_;
};

TEST_F(CheckpointDamage, TwoGenerationsAreKept) {
  EXPECT_EQ(load_checkpoint(last(), toy::registry()).progress.step, 6);
  EXPECT_EQ(load_checkpoint(previous(), toy::registry()).progress.step, 3);
  EXPECT_EQ(resumed_step(), 6);
}

TEST_F(CheckpointDamage, AFlippedBitFallsBackWithAWarning) {
  flip_a_bit_of_last();
  EXPECT_EQ(resumed_step(), 3);
  EXPECT_THAT(lines_of_log(), testing::HasSubstr("last.safetensors"));
}

// It is the only good one until a newer one is there.
TEST_F(CheckpointDamage, ThePreviousOneStaysUntilAnotherIsWritten) {
  flip_a_bit_of_last();
  const auto trainer = Trainer::resume(folder_.path(), toy::source(), toy::registry());
  trainer->run_steps(1);
  save_without_room(*trainer);
  EXPECT_EQ(step_of(previous()), 3);
  trainer->checkpoint();
  EXPECT_EQ(step_of(last()), 4);
  EXPECT_EQ(step_of(previous()), 3);
  trainer->run_steps(1);
  trainer->checkpoint();
  EXPECT_EQ(step_of(last()), 5);
  EXPECT_EQ(step_of(previous()), 4);
}

TEST_F(CheckpointDamage, ASaveThatFailsMovesNoGeneration) {
  const auto trainer = Trainer::resume(folder_.path(), toy::source(), toy::registry());
  trainer->run_steps(1);
  save_without_room(*trainer);
  EXPECT_EQ(step_of(last()), 6);
  EXPECT_EQ(step_of(previous()), 3);
}

TEST_F(CheckpointDamage, ATornFileFallsBack) {
  const std::string text = toy::read_text(last());
  toy::write_text(last(), text.substr(0, text.size() / 2));
  EXPECT_EQ(resumed_step(), 3);
}

TEST_F(CheckpointDamage, BothDamagedIsAnError) {
  toy::write_text(last(), "x");
  toy::write_text(previous(), "");
  EXPECT_THROW(resumed_step(), Error);
}

// Under checksums that are right: not the disk's doing.
TEST_F(CheckpointDamage, APlaceThatTheRunDoesNotHaveIsRefused) {
  const TensorFile good = read_tensor_file(last());
  const auto refusal = [&](const Json& progress) {
    TensorFile file = good;
    Json head = Json::parse(file.metadata["calanque"]);
    head["progress"].update(progress);
    file.metadata["calanque"] = head.dump();
    write_tensor_file(last(), file);
    try {
      resumed_step();
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_DATA);
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal(Json::object()), "");
  EXPECT_THAT(refusal({{"batch", 7}}), testing::HasSubstr("step 6"));
  EXPECT_THAT(refusal({{"step", 106}, {"batch", 106}}), testing::HasSubstr("batch 106"));
  EXPECT_THAT(refusal({{"epoch", int64_t{1} << 62}}), testing::HasSubstr("epoch"));
}

// What is not in a checkpoint would begin anew unseen, and what is of no use is of another program.
TEST_F(CheckpointDamage, TheStatesAreThoseOfTheRun) {
  const TensorFile good = read_tensor_file(last());
  const auto refusal = [&](auto&& change) {
    TensorFile file = good;
    change(file.tensors);
    write_tensor_file(last(), file);
    try {
      resumed_step();
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_DATA) << e.what();
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal([](auto&) {}), "");
  EXPECT_EQ(refusal([](auto& t) { t.erase("state.adam.v.last.bias"); }),
            "the checkpoint lacks the state 'adam.v.last.bias' of this run");
  EXPECT_EQ(refusal([](auto& t) { t.erase("state.train.bad_steps"); }),
            "the checkpoint lacks the state 'train.bad_steps' of this run");
  EXPECT_EQ(refusal([](auto& t) {
              t.emplace("state.sgd.last.bias", Tensor({CLQ_F32, {1}}));
            }),
            "the checkpoint has a state 'sgd.last.bias', which this run does not");
  EXPECT_EQ(refusal([](auto& t) {
              t.insert_or_assign("state.adam.m.last.bias", Tensor({CLQ_F32, {2}}));
            }),
            "state 'adam.m.last.bias' of the checkpoint is f32 [2], this run needs f32 [1]");
}

TEST(CheckpointStates, OfTheBestEpochAreThoseOfTheModel) {
  const toy::Folder folder;
  toy::train(toy::run(), folder.path());
  const std::string last = folder.file("checkpoints/last.safetensors");
  const TensorFile good = read_tensor_file(last);
  const auto refusal = [&](auto&& change) {
    TensorFile file = good;
    change(file.tensors);
    write_tensor_file(last, file);
    try {
      Trainer::resume(folder.path(), toy::source(), toy::registry());
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_DATA) << e.what();
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal([](auto&) {}), "");
  EXPECT_EQ(refusal([](auto& t) { t.erase("state.best.last.bias"); }),
            "the checkpoint lacks the state 'best.last.bias' of this run");
  EXPECT_EQ(
      refusal([](auto& t) { std::erase_if(t, [](const auto& e) { return e.first.starts_with("state.best."); }); }),
      "the checkpoint lacks the state 'best.last.bias' of this run");
  EXPECT_EQ(refusal([](auto& t) {
              t.emplace("state.best.none", Tensor({CLQ_F32, {1}}));
            }),
            "the checkpoint has a state 'best.none', which this run does not");
  EXPECT_EQ(refusal([](auto& t) {
              t.insert_or_assign("state.best.last.bias", Tensor({CLQ_F64, {1}}));
            }),
            "state 'best.last.bias' of the checkpoint is f64 [1], this run needs f32 [1]");
}

TEST_F(CheckpointDamage, ABundleIsNoCheckpoint) {
  save_bundle(*toy::model(toy::run(), toy::source()), last());
  EXPECT_EQ(resumed_step(), 3);
}

}  // namespace
}  // namespace clq

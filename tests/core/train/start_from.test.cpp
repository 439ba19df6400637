// tests/core/train/start_from.test.cpp -- a training that starts from the weights of a bundle.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <gmock/gmock.h>

#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

Json with_transform(Json run) {
  run["transform"] = {{{"use", "standardise"}}};
  return run;
}

std::string all_log_lines() {
  std::string text;
  while (const auto line = next_log_line()) text += *line + "\n";
  return text;
}

class StartFrom : public testing::Test {
 protected:
  void SetUp() override {
    toy::train(with_transform(toy::run(4)), folder_.path());
    path_ = folder_.file("model.safetensors");
    bundle_ = load_bundle(path_, toy::registry());
    run_ = with_transform(toy::run(4));
    toy::set(run_, "/train/init_from", path_);
    all_log_lines();
  }
  std::string refusal(const Json& run) const {
    try {
      toy::model(run, toy::source());
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_INVALID);
      return e.what();
    }
    return "";
  }
  toy::Folder folder_;
  std::string path_;
  std::shared_ptr<Model> bundle_;
  Json run_;
};

TEST_F(StartFrom, BeginsWithTheWeightsOfTheBundle) {
  const auto trainer = toy::trainer(run_, toy::source());
  EXPECT_EQ(trainer->model().hash(), bundle_->hash());
  trainer->run_steps(1);
  EXPECT_NE(trainer->model().hash(), bundle_->hash());
  EXPECT_THAT(all_log_lines(), testing::HasSubstr("4 of 4 tensors are those of " + path_));
}

// The rows are others, so are their mean and deviation.
TEST_F(StartFrom, KeepsTheStatisticsOfTheNewDataUnlessAsked) {
  const auto fitted = [](const Json& run) { return toy::trainer(run, toy::source(60))->model().transforms.state(); };
  Json anew = run_, asked = run_;
  anew["train"].erase("init_from");
  toy::set(asked, "/train/init_from", {{"file", path_}, {"transforms", true}});
  ASSERT_NE(fitted(anew), bundle_->transforms.state());
  EXPECT_EQ(fitted(run_), fitted(anew));
  EXPECT_EQ(fitted(asked), bundle_->transforms.state());
}

TEST_F(StartFrom, TellsWhatIsTakenWhatHasAnotherShapeAndWhatIsNew) {
  run_["model"]["layer"] = {{{"use", "dense"}, {"name", "one"}, {"units", 5}},
                            {{"use", "dense"}, {"name", "between"}, {"units", 4}},
                            {{"use", "dense"}, {"name", "last"}}};
  const toy::Folder folder;
  const auto trainer = toy::trainer(run_, toy::source(), folder.path());  // unused, its folder would go with it
  const std::string log = all_log_lines();
  EXPECT_THAT(log, testing::HasSubstr("2 of 6 tensors are those of " + path_));
  EXPECT_THAT(log, testing::HasSubstr("2 of 6 tensors begin anew, theirs has another shape in " + path_));
  EXPECT_THAT(log, testing::HasSubstr("2 of 6 tensors begin anew, nothing is taken for them from " + path_));
  const Json told = Json::parse(toy::read_text(folder.file("run.json")))["init_from"];
  EXPECT_EQ(told["hash"], bundle_->hash());
  EXPECT_EQ(told["taken"], Json({"last.bias", "last.weights"}));
  EXPECT_EQ(told["other_shape"], Json({"one.bias", "one.weights"}));
  EXPECT_EQ(told["new"], Json({"between.bias", "between.weights"}));
}

TEST_F(StartFrom, TakesTheNamedLayersAlone) {
  Json plain = run_, some = run_;
  plain["train"].erase("init_from");
  toy::set(some, "/train/init_from", {{"file", path_}, {"layers", {"on?"}}});
  const auto fresh = toy::model(plain, toy::source()), made = toy::model(some, toy::source());
  const auto bytes = [](const Model& model, const char* name) {
    const auto values = model.states.at(name).as<float>();
    return std::vector<float>(values.begin(), values.end());
  };
  EXPECT_EQ(bytes(*made, "one.weights"), bytes(*bundle_, "one.weights"));
  EXPECT_EQ(bytes(*made, "last.weights"), bytes(*fresh, "last.weights"));
  ASSERT_NE(bytes(*fresh, "last.weights"), bytes(*bundle_, "last.weights"));
}

TEST_F(StartFrom, RefusesWhatCannotBeMeant) {
  Json run = run_;
  run["model"]["layer"] = {{{"use", "dense"}, {"name", "other"}}};
  EXPECT_EQ(refusal(run), "train.init_from: no tensor of " + path_ + " fits this model");
  toy::set(run_, "/train/init_from", {{"file", path_}, {"layers", {"one", "lats"}}});
  EXPECT_EQ(refusal(run_), "train.init_from.layers: no layer with weights is called 'lats'");
  toy::set(run_, "/train/init_from", {{"file", path_}, {"layers", Json::array()}});
  EXPECT_EQ(refusal(run_), "train.init_from.layers is empty: no tensor could be taken");
  toy::set(run_, "/train/init_from", {{"layers", {"one"}}});
  EXPECT_EQ(refusal(run_), "train.init_from.file is missing");
}

TEST_F(StartFrom, TakesWeightsOfOtherInputsWithAWarningAndTheirTransformsNever) {
  toy::set(run_, "/data/scalars", {"A", "W"});
  toy::model(run_, toy::source());
  EXPECT_THAT(all_log_lines(), testing::HasSubstr("warning: train.init_from: " + path_ + " has other inputs"));
  toy::set(run_, "/train/init_from", {{"file", path_}, {"transforms", true}});
  EXPECT_EQ(refusal(run_), "train.init_from.transforms: " + path_ + " has other inputs");
}

TEST_F(StartFrom, GoesOnWithoutTheFile) {
  const toy::Folder whole, cut;
  const auto to_end = [](Trainer& trainer) {
    while (!trainer.run_for(10)) {
    }
  };
  to_end(*toy::trainer(run_, toy::source(), whole.path()));
  auto trainer = toy::trainer(run_, toy::source(), cut.path());
  trainer->run_steps(7);
  trainer->checkpoint();
  trainer.reset();
  std::filesystem::remove(path_);
  to_end(*Trainer::resume(cut.path(), toy::source(), toy::registry()));
  for (const char* name : {"model.safetensors", "model-last.safetensors"})
    EXPECT_TRUE(toy::read_text(cut.file(name)) == toy::read_text(whole.file(name))) << name;
  const Json told = Json::parse(toy::read_text(cut.file("run.json")))["init_from"];
  EXPECT_EQ(told["taken"].size(), 4u);
}

// Fine-tuning: the frozen layer ends as it was in the bundle, to the bit, and the other one does not.
TEST_F(StartFrom, FreezesWhatItTook) {
  run_["model"]["layer"][0]["frozen"] = true;
  toy::set(run_, "/train/optimizer", {{"name", "adamw"}, {"lr", 0.05}, {"weight_decay", 0.1}});
  const toy::Folder folder;
  toy::train(run_, folder.path());
  const auto tuned = load_bundle(folder.file("model-last.safetensors"), toy::registry());
  const auto bytes = [](const Model& model, const char* name) {
    const auto values = model.states.at(name).as<float>();
    return std::vector<float>(values.begin(), values.end());
  };
  for (const char* name : {"one.weights", "one.bias"}) EXPECT_EQ(bytes(*tuned, name), bytes(*bundle_, name)) << name;
  for (const char* name : {"last.weights", "last.bias"}) EXPECT_NE(bytes(*tuned, name), bytes(*bundle_, name)) << name;
  EXPECT_EQ(tuned->n_parameters(), bundle_->n_parameters());
  EXPECT_THAT(all_log_lines(), testing::HasSubstr("12 of 17 parameters are frozen"));
}

}  // namespace
}  // namespace clq

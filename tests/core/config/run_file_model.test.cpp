// tests/core/config/run_file_model.test.cpp -- models of a file, shipped ones, and which value counts.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "config/run_file.hpp"

namespace clq {
namespace {

constexpr const char* kSmall = R"(
[model]
parameters = { width = 8 }
bins = { min = 0.0, max = 1.0, n = 10 }
loss = { use = "crps" }
[model.block.pair]
parameters = { n = 2 }
[[model.block.pair.layer]]
use = "dense"
units = "$n"
[[model.block.pair.layer]]
use = "relu"
[[model.layer]]
name = "first"
use = "block.pair"
n = "$width"
[[model.layer]]
use = "dense"
)";

// Two folders of model files; the same name may be in both.
class Models : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(one_);
    std::filesystem::create_directories(two_);
    write(two_ / "small.toml", kSmall);
    write(two_ / "tiny.toml", "[[model.layer]]\nuse = 'dense'\n");
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  static void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

  RunFile file(const std::string& text) const {
    RunFile file = RunFile::parse(text, "run.toml");
    file.find_models_in({one_.string(), two_.string()});
    return file;
  }

  std::string words_for(const std::string& text) const {
    try {
      file(text).resolved();
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_INVALID);
      std::string words = e.what();
      for (size_t at; (at = words.find(root_.string())) != std::string::npos;)
        words.replace(at, root_.string().size(), "");
      return words;
    }
    return "accepted";
  }

  const std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("clq_models_" + std::to_string(getpid()));
  const std::filesystem::path one_ = root_ / "one", two_ = root_ / "two";
};

TEST_F(Models, AreFoundByNameAndWrittenOut) {
  const Json model = file("[model]\nuse = 'small'").get("model");
  EXPECT_EQ(model["layer"], Json::parse(R"([
    {"name": "first.dense1", "use": "dense", "units": 8}, {"name": "first.relu1", "use": "relu"},
    {"name": "dense1", "use": "dense"}])"));
  for (const char* key : {"use", "file", "block", "parameters"}) EXPECT_FALSE(model.contains(key)) << key;
}

TEST_F(Models, AreReadFromAFile) {
  const std::string path = (two_ / "small.toml").string();
  EXPECT_EQ(file("[model]\nfile = '" + path + "'").get("model"), file("[model]\nuse = 'small'").get("model"));
}

TEST_F(Models, OfTheFirstFolderCount) {
  write(one_ / "small.toml", "[[model.layer]]\nuse = 'relu'\n");
  EXPECT_EQ(file("[model]\nuse = 'small'").get("model.layer"), Json::parse(R"([{"use": "relu"}])"));
}

TEST_F(Models, GiveWayToTheRunFileAndBeatTheTask) {
  const std::string use = "[model]\nuse = 'small'\n";
  RunFile plain = file(use);
  plain.add_defaults({{"model", {{"loss", {{"use", "softmax_cross_entropy"}}}}}}, "task photoz");
  EXPECT_EQ(plain.get("model.loss.use"), "crps");
  EXPECT_EQ(plain.get("model.bins.n"), 10);
  RunFile own = file(use + "bins.n = 20\nloss.use = 'mse'\nparameters.width = 3");
  EXPECT_EQ(own.get("model.loss"), Json::parse(R"({"use": "mse"})"));
  EXPECT_EQ(own.get("model.bins"), Json::parse(R"({"min": 0.0, "max": 1.0, "n": 20})"));
  EXPECT_EQ(own.get("model.layer").at(0).at("units"), 3);
  own.set("model.parameters.width", "4");
  own.set("model.bins.n", "30");
  EXPECT_EQ(own.get("model.layer").at(0).at("units"), 4);
  EXPECT_EQ(own.get("model.bins.n"), 30);
}

TEST_F(Models, SayWhereEachValueIsFrom) {
  const std::string text = file("[model]\nuse = 'small'\nbins.n = 20").dump(true);
  const std::string path = (two_ / "small.toml").string();
  const auto line_of = [](const std::string& value, const std::string& from) {
    return fmt::format("{:<42} # file {}\n", value, from);
  };
  for (const std::string& line : {line_of("bins.n = 20", "run.toml:3"), line_of("bins.min = 0.0", path + ":4"),
                                  line_of("[[model.layer]]", path + ":8"), line_of("[[model.layer]]", path + ":17")})
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

TEST_F(Models, AreNeededNoMoreByTheResolvedFile) {
  const std::string text = file("[model]\nuse = 'small'").dump(true);
  const RunFile again = RunFile::parse(text, "run.toml");
  EXPECT_EQ(again.resolved().json(), file("[model]\nuse = 'small'").resolved().json());
}

TEST_F(Models, WithBlocksMayStandInTheRunFile) {
  EXPECT_EQ(file(kSmall).get("model.layer"), file("[model]\nuse = 'small'").get("model.layer"));
}

TEST_F(Models, ThatAreWrongAreRefused) {
  write(two_ / "data.toml", "[data]\nid = 'ID'\n[[model.layer]]\nuse = 'relu'");
  write(two_ / "nested.toml", "[model]\nuse = 'small'\n[[model.layer]]\nuse = 'relu'");
  write(two_ / "empty.toml", "[model]\nbins.n = 3");
  write(two_ / "typo.toml", "[model]\n\nlayers = 3");
  EXPECT_EQ(words_for("[model]\nuse = 'big'"),
            "model.use: no model 'big', there are data, empty, nested, small, tiny, typo (run.toml:2)");
  EXPECT_EQ(words_for("[model]\nuse = 'small'\n[[model.layer]]\nuse = 'relu'"),
            "model.use and model.layer say two things, a model has one of them (run.toml:3)");
  EXPECT_EQ(words_for("[model]\nuse = 'small'\nfile = 'a.toml'"),
            "model.use and model.file say two things, a model has one of them (run.toml:3)");
  EXPECT_EQ(words_for("[model]\nuse = 'small'\nblock = {}"),
            "model.block: the blocks of model.use stand in its own file (run.toml:3)");
  EXPECT_EQ(words_for("[model]\nuse = 'two/small'"),
            "model.use 'two/small' is no name of a model, a path stands in model.file (run.toml:2)");
  EXPECT_EQ(words_for("[model]\nfile = 'nowhere.toml'"), "model.file: nowhere.toml: no such file (run.toml:2)");
  EXPECT_EQ(words_for("[model]\nuse = 'data'"),
            "data stands in a run file, a model file has [model] alone (/two/data.toml:1)");
  EXPECT_EQ(words_for("[model]\nuse = 'nested'"), "model.use: a model file has its own layers (/two/nested.toml:2)");
  EXPECT_EQ(words_for("[model]\nuse = 'empty'"),
            "/two/empty.toml: model.layer is missing: a model file lists the layers");
  EXPECT_EQ(words_for("[model]\nuse = 'typo'"),
            "model.layers is unknown, did you mean 'model.layer'? (/two/typo.toml:3)");
  EXPECT_EQ(words_for("[model]\nuse = 'small'\nparameters.witdh = 3"),
            "model.parameters.witdh: /two/small.toml has no parameter 'witdh', did you mean 'width'? (run.toml:3)");
}

TEST_F(Models, PathIsAVariableOfItsOwn) {
  setenv("CLQ_MODEL_PATH", "/models", 1);
  EXPECT_NO_THROW(RunFile::parse("", "run.toml"));
  unsetenv("CLQ_MODEL_PATH");
}

TEST(NoModels, AreNamedWhereThereAreNone) {
  RunFile file = RunFile::parse("model.use = 'small'", "run.toml");
  file.find_models_in({"/nowhere/calanque/models"});
  try {
    file.resolved();
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "model.use: no model 'small', there is none in /nowhere/calanque/models (run.toml:1)");
  }
}

TEST_F(Models, HaveALossThatIsANameOrAnExpression) {
  const std::string layers = "[[model.layer]]\nuse = 'dense'\n";
  RunFile named = file("[model]\nloss = 'mae'\n" + layers);
  named.add_defaults({{"model", {{"loss", {{"use", "mse"}, {"mask_nan", true}}}}}}, "task regression");
  EXPECT_EQ(named.get("model.loss"), "mae");
  named.set("model.loss", "square(y - z) / (1 + z)");
  EXPECT_EQ(named.get("model.loss"), "square(y - z) / (1 + z)");
  EXPECT_EQ(RunFile::parse(named.dump(false), "again").get("model.loss"), "square(y - z) / (1 + z)");
  named.set("model.loss.use", "mse");
  EXPECT_EQ(named.get("model.loss"), Json::parse(R"({"use": "mse", "mask_nan": true})"));
  named.set("model.loss.delta", "0.5");
  EXPECT_EQ(named.get("model.loss.delta"), 0.5);
  named.set("data.target.LOGZ", "log(Z)");
  EXPECT_EQ(named.get("data.target.LOGZ"), "log(Z)");
}

TEST_F(Models, SayWhereALossThatIsWrittenDownIsWrong) {
  const std::string layers = "[[model.layer]]\nuse = 'dense'\n";
  EXPECT_EQ(words_for("[model]\nloss = 'hubr(y - z, 1)'\n" + layers),
            "model.loss: there is no function 'hubr', did you mean 'huber'? at column 1: ^hubr(y - z, 1) (run.toml:2)");
  EXPECT_EQ(words_for("[model]\n\nloss = { use = 'expression', formula = 'y + w' }\n" + layers),
            "model.loss: 'w' is none of y, y_1, y_2 ..., z, z_1, z_2 ... at column 5: y + ^w (run.toml:3)");
  EXPECT_EQ(words_for(layers + "[[model.output]]\nname = 'a'\nloss = 'square(y - z'\n"),
            "model.output[0].loss: this '(' is not closed at column 7: square^(y - z (run.toml:5)");
}

}  // namespace
}  // namespace clq

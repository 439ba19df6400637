// tests/capi/model_errors.test.cpp -- what a wrong model is told, word for word: the layer and the line it stands in.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "client.hpp"

namespace clq::test {
namespace {

const std::string kData = "[data]\nscalars = ['a', 'b']\ntarget = 'y'\n";  // the model begins in line 4
const std::string kLast = "[[model.layer]]\nuse = 'dense'\n";

class ModelErrors : public testing::Test {
 protected:
  ModelErrors() { host_.open_source(); }

  std::string words_for(const std::string& model) {
    clq_config_close(host_.config);
    host_.config = 0;
    const clq_status status = clq_config_parse((kData + model).c_str(), &host_.config);
    return status < 0 || clq_model_create(host_.config, host_.source, &host_.model) < 0 ? last_error() : "accepted";
  }

  Host host_;
};

struct Wrong {
  const char* model;
  const char* words;
};

TEST_F(ModelErrors, OfAKeyNameItsLine) {
  const Wrong wrong[] = {
      {"[[model.layer]]\nuse = 'desne'\n", "model.layer[0].use: unknown layer 'desne', did you mean 'dense'? (text:5)"},
      {"[[model.layer]]\nunits = 3\n", "model.layer[0].use is missing (text:4)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = -3\n", "model.layer[0].units must be positive, got -3 (text:6)"},
      {"[[model.layer]]\nuse = 'dense'\n\nunits = 'x'\n",
       "model.layer[0].units must be an integer, got \"x\" (text:7)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = 3\nunist = 3\n",
       "model.layer[0].unist is unknown, did you mean 'units'? (text:7)"},
      {"[[model.layer]]\nuse = 'dense'\n", "model.layer[0].units is missing (text:4)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = 3\nactivation = 'rleu'\n",
       "model.layer[0].activation 'rleu' is unknown, did you mean 'relu'? (text:7)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = 3\ninit = 'random'\n",
       "model.layer[0].init 'random' is unknown, there are he_uniform, he_normal, glorot_uniform, glorot_normal, "
       "orthogonal, uniform, normal, zeros (text:7)"},
      {"[[model.layer]]\nuse = 'dropout'\nrate = 1.5\n", "model.layer[0].rate must be in [0, 1), got 1.5 (text:6)"},
      {"[[model.layer]]\nuse = 'dropout'\nfrozen = 1\n", "model.layer[0].frozen must be true or false, got 1 (text:6)"},
      {"[[model.layer]]\nuse = 'dropout'\nrepeat = 1001\n",
       "model.layer[0].repeat must be from 1 to 1000, got 1001 (text:6)"},
      {"[[model.layer]]\nuse = 'dropout'\nname = 'train'\n",
       "model.layer[0].name 'train': 'train' is reserved, give another name (text:6)"},
      {"[[model.layer]]\nuse = 'relu'\nfrom = 'dense1'\n",
       "model.layer[0].from: no layer 'dense1' before this one (text:6)"},
      {"[[model.layer]]\nuse = 'relu'\nfrom = 'input.spectrum'\n",
       "model.layer[0].from: unknown input 'spectrum' (inputs: scalars, a, b) (text:6)"},
      {"[[model.layer]]\nuse = 'relu'\nfrom = 'input.scalars[2]'\n",
       "model.layer[0].from: input.scalars[2]: there are 2 columns (text:6)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = '$n'\n",
       "model.layer[0].units: the model has no parameter 'n' (text:6)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = '$(1 / 0)'\n", "model.layer[0].units: (1 / 0) is inf (text:6)"},
      {"[[model.layer]]\nuse = 'block.b'\n", "model.layer[0].use: no block 'b' (text:5)"},
      {"[[model.block.b.layer]]\nuse = 'block.b'\n[[model.layer]]\nuse = 'block.b'\n",
       "model.block.b.layer[0].use: block 'b' uses itself (b > b) (text:5)"},
  };
  for (const Wrong& w : wrong) EXPECT_EQ(words_for(w.model + kLast), w.words) << w.model;
}

TEST_F(ModelErrors, OfShapesNameTheLayerAndWhereItsTableBegins) {
  const Wrong wrong[] = {
      {"[[model.layer]]\nuse = 'conv'\nkernel = 3\nchannels = 2\n",
       "conv1: conv: src must be [N, C, L] or [N, C, H, W], got [1, 2] (text:4)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = 3\n[[model.layer]]\nuse = 'add'\nfrom = ['input', 'dense1']\n",
       "add1: add: shapes [1, 2] and [1, 3] differ (text:7)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = 3\n[[model.layer]]\nuse = 'dense'\nunits = 2\nshares = 'dense1'\n",
       "dense2: state 'dense1.weights' is f32 [3, 2], asked again as f32 [2, 3] (text:7)"},
      {"[[model.layer]]\nuse = 'dense'\nunits = 9223372036854775807\n",
       "dense1: matmul/1: f32 [1, 9223372036854775807] has too many bytes (text:4)"},
  };
  for (const Wrong& w : wrong) EXPECT_EQ(words_for(w.model + kLast), w.words) << w.model;
}

TEST_F(ModelErrors, OfALayerThatNoMachineHoldsNameIt) {
  const std::string words = words_for(
      "[[model.layer]]\nuse = 'dense'\nunits = 1000000\n[[model.layer]]\n"
      "name = 'wide'\nuse = 'dense'\nunits = 1000000000\n" +
      kLast);
  EXPECT_NE(words.find("wide.weights [1000000000, 1000000] takes 4e+06 GB (text:7)"), std::string::npos) << words;
}

TEST_F(ModelErrors, OfALossNameItOrTheLayerThatDoesNotSuitIt) {
  const Wrong wrong[] = {
      {"[model.loss]\nuse = 'msee'\n", "model.loss.use: unknown loss 'msee', did you mean 'mse'? (text:7)"},
      {"[model.loss]\nuse = 'huber'\ndelta = -1\n", "model.loss.delta must be positive, got -1 (text:8)"},
      {"[model.loss]\nuse = 'crps'\n", "model.loss: crps: bins are missing (text:6)"},
      {"[model.loss]\nuse = 'mixture_nll'\n",
       "mixture_nll: the network must give a logit, a mean and a log sigma for each component, got [1, 1] (text:4)"},
      {"name = 'z'\n[[model.output]]\nname = 'p'\nfrom = 'z'\nloss = 'msee'\n",
       "model.output[0].loss.use: unknown loss 'msee', did you mean 'mse'? (text:10)"},
      {"name = 'z'\n[[model.output]]\nname = 'p'\nfrom = 'trunk'\n",
       "model.output[0].from: no layer 'trunk' before this one (text:9)"},
      {"name = 'z'\n[[model.output]]\nname = 'p'\ntarget = 'x'\n",
       "model.output[0].target: 'x' is no column of data.target, did you mean 'y'? (there: y) (text:9)"},
  };
  for (const Wrong& w : wrong) EXPECT_EQ(words_for(kLast + w.model), w.words) << w.model;
}

// Of a layer that a block or a repeat wrote out: its name, and the line of the block, or of the value it was given.
TEST_F(ModelErrors, OfABlockNameTheUseAndTheLine) {
  const std::string block =
      "[model.block.b]\nparameters = { n = 1 }\n[[model.block.b.layer]]\nuse = 'dense'\n"
      "units = '$n'\n";
  EXPECT_EQ(words_for(block + "[[model.layer]]\nuse = 'block.b'\nrepeat = 2\nn = -4\n" + kLast),
            "b1.1.dense1.units must be positive, got -4 (text:12)");
  EXPECT_EQ(words_for(block + "bias = 3\n[[model.layer]]\nuse = 'block.b'\n" + kLast),
            "b1.dense1.bias must be true or false, got 3 (text:9)");
  EXPECT_EQ(words_for(block + "[[model.layer]]\nuse = 'block.b'\nfrom = 'input.spectrum'\n" + kLast),
            "model.layer[0].from: unknown input 'spectrum' (inputs: scalars, a, b) (text:11)");
  EXPECT_EQ(words_for("[model]\nparameters = { n = 0 }\n[[model.layer]]\nuse = 'dense'\nunits = '$(2 * n)'\n" + kLast),
            "model.layer[0].units must be positive, got 0 (text:5)");
}

TEST_F(ModelErrors, OfAnEndlessValueKeepTheirPlace) {
  for (const char* letter : {"x", "\xc3\xa9"}) {
    std::string value;
    for (int i = 0; i < 100000; ++i) value += letter;
    const std::string words = words_for("[[model.layer]]\nuse = 'dense'\nunits = '" + value + "'\n" + kLast);
    EXPECT_TRUE(words.starts_with("model.layer[0].units must be an integer, got \"" + value.substr(0, 100)));
    EXPECT_TRUE(words.ends_with(letter + std::string("\" (text:6)"))) << words.substr(words.size() - 20);
    EXPECT_LT(words.size(), 4096u);
    EXPECT_GT(words.size(), 4000u);
  }
}

TEST_F(ModelErrors, OfAModelFileNameThatFile) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("clq_model_" + std::to_string(getpid()) + ".toml");
  std::ofstream(path) << "[model]\nparameters = { n = 3 }\n[[model.layer]]\nuse = 'dense'\nunits = '$n'\nbais = 1\n"
                      << kLast;
  const std::string use = "[model]\nfile = '" + path.string() + "'\n";
  EXPECT_EQ(words_for(use), "model.layer[0].bais is unknown, did you mean 'bias'? (" + path.string() + ":6)");
  EXPECT_EQ(words_for(use + "parameters = { n = -3 }"), "model.layer[0].units must be positive, got -3 (text:6)");
  std::filesystem::remove(path);
}

TEST_F(ModelErrors, OfWhatOnlyTheTrainingAsksForNameALineToo) {
  ASSERT_EQ(words_for(kLast + "units = 3\n"), "accepted");
  EXPECT_EQ(clq_trainer_create(host_.model, host_.source, host_.config, nullptr, &host_.trainer), CLQ_E_INVALID);
  EXPECT_EQ(last_error(), "mse: the network gives [32, 3] and the target is [32] (text:4)");
}

TEST_F(ModelErrors, OfATransformNameItsTable) {
  EXPECT_EQ(words_for("[[transform]]\nuse = 'clip'\nmin = 3\nmax = 1\n" + kLast),
            "clip: min 3 is not below max 1 (text:4)");
}

}  // namespace
}  // namespace clq::test

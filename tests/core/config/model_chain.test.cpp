// tests/core/config/model_chain.test.cpp -- blocks, repeats and parameters written out, and what is said of wrong ones.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <calanque/core/error.hpp>

#include "config/model_chain.hpp"
#include "config/toml.hpp"

namespace clq {
namespace {

ModelChain expanded(const std::string& toml) { return expand_model(read_toml(toml, "model.toml").values.at("model")); }

std::string words_for(const std::string& toml) {
  try {
    expanded(toml);
  } catch (const Error& e) {
    EXPECT_EQ(e.status(), CLQ_E_INVALID);
    return e.what();
  }
  return "accepted";
}

// Every layer as one line: its name, what it is, and `from` where it has one.
std::vector<std::string> lines_of(const ModelChain& chain) {
  std::vector<std::string> lines;
  for (const Json& layer : chain.layers) {
    const std::string from = layer.contains("from") ? fmt::format(" {}", layer["from"].dump()) : "";
    lines.push_back(fmt::format("{} {}{}", layer.value("name", "-"), layer.at("use").get<std::string>(), from));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(ModelChain, FreezesEveryLayerOfAFrozenBlock) {
  const ModelChain chain = expanded(R"(
[model]
parameters = { still = true }
[[model.block.two.layer]]
use = "dense"
units = 2
frozen = false
[[model.block.two.layer]]
use = "relu"
[[model.layer]]
use = "block.two"
frozen = "$still"
repeat = 2
[[model.layer]]
use = "dense"
frozen = false)");
  std::vector<bool> frozen;
  for (const Json& layer : chain.layers) frozen.push_back(layer.value("frozen", false));
  EXPECT_EQ(frozen, (std::vector<bool>{true, true, true, true, false}));
}

TEST(ModelChain, GivesThePenaltyOfABlockToItsLayersWithoutOne) {
  const ModelChain chain = expanded(R"(
[[model.block.two.layer]]
use = "dense"
units = 2
[[model.block.two.layer]]
use = "dense"
units = 2
penalty = { l2 = 0.5 }
[[model.layer]]
use = "block.two"
penalty = { l1 = 0.25 }
[[model.layer]]
use = "dense")");
  EXPECT_EQ(chain.layers[0]["penalty"], (Json{{"l1", 0.25}}));
  EXPECT_EQ(chain.layers[1]["penalty"], (Json{{"l2", 0.5}}));
  EXPECT_FALSE(chain.layers[2].contains("penalty"));
}

const std::string kResidual = R"(
[model.block.residual]
parameters = { width = 8, function = "relu" }
[[model.block.residual.layer]]
use = "dense"
units = "$width"
activation = "$function"
[[model.block.residual.layer]]
use = "add"
from = ["input", "dense1"]
)";

TEST(ModelChain, LeavesPlainLayersAsTheyAreWritten) {
  const std::string toml = R"(
[[model.layer]]
use = "dense"
units = 3
[[model.layer]]
name = "out"
use = "dense"
from = ["dense1", "input.EBV"]
init = "zeros")";
  const Json layers = read_toml(toml, "").values["model"]["layer"];
  const ModelChain chain = expanded(toml);
  EXPECT_EQ(chain.layers[0], layers[0]);
  EXPECT_EQ(lines_of(chain), (Lines{"- dense", "out dense [\"dense1\",\"input.EBV\"]"}));
  EXPECT_EQ(chain.sources, (Lines{"model.layer[0]", "model.layer[1]"}));
}

TEST(ModelChain, WritesABlockOutWithItsParameters) {
  const ModelChain chain = expanded(kResidual + R"(
[[model.layer]]
use = "dense"
units = 8
[[model.layer]]
name = "first"
use = "block.residual"
function = "tanh"
[[model.layer]]
use = "block.residual"
from = "dense1"
[[model.layer]]
use = "concat"
from = ["first", "residual2"])");
  EXPECT_EQ(lines_of(chain),
            (Lines{"dense1 dense", "first.dense1 dense", R"(first.add1 add ["dense1","first.dense1"])",
                   R"(residual2.dense1 dense "dense1")", R"(residual2.add1 add ["dense1","residual2.dense1"])",
                   R"(concat1 concat ["first.add1","residual2.add1"])"}));
  EXPECT_EQ(chain.layers[1]["units"], 8);
  EXPECT_EQ(chain.layers[1]["activation"], "tanh");
  EXPECT_EQ(chain.layers[3]["activation"], "relu");
  EXPECT_EQ(chain.sources[2], "model.block.residual.layer[1]");
}

TEST(ModelChain, GivesABlockItsInputsTogetherAndOneByOne) {
  const ModelChain chain = expanded(R"(
[[model.block.both.layer]]
name = "left"
use = "relu"
from = "input[0]"
[[model.block.both.layer]]
use = "concat"
from = ["left", "input", "input.EBV"]
[[model.layer]]
name = "pair"
use = "block.both"
from = ["input.images", "input.mask"])");
  EXPECT_EQ(lines_of(chain), (Lines{R"(pair.left relu "input.images")",
                                    R"(pair.concat1 concat ["pair.left","input.images","input.mask","input.EBV"])"}));
}

TEST(ModelChain, ComputesWithParameters) {
  const ModelChain chain = expanded(R"toml(
[model]
parameters = { width = 12, factor = 0.5, kind = "relu" }
[model.block.down]
parameters = { width = 0 }
[[model.block.down.layer]]
use = "dense"
units = "$(width + 1)"
[[model.layer]]
use = "dense"
units = "$(2 * width ** 2)"
bias_init = "$(factor * width)"
[[model.layer]]
use = "dense"
units = "$(floor(width / 5))"
[[model.layer]]
use = "block.down"
width = "$(4 * width)")toml");
  EXPECT_EQ(chain.layers[0]["units"].dump(), "288");
  EXPECT_EQ(chain.layers[0]["bias_init"].dump(), "6.0");
  EXPECT_EQ(chain.layers[1]["units"].dump(), "2");
  EXPECT_EQ(chain.layers[2]["units"].dump(), "49");
}

TEST(ModelChain, SaysWhichExpressionCannotBeComputed) {
  const std::string head = "[model]\nparameters = { n = 3, kind = 'relu' }\n[[model.layer]]\nuse = 'dense'\nunits = ";
  EXPECT_EQ(words_for(head + "'$(2 * m)'"), "model.layer[0].units: the model has no parameter 'm', did you mean 'n'?");
  EXPECT_EQ(words_for(head + "'$(2 * kind)'"),
            "model.layer[0].units: parameter 'kind' is \"relu\", (2 * kind) computes with numbers");
  EXPECT_EQ(words_for(head + "'$(n / 0)'"), "model.layer[0].units: (n / 0) is inf");
  EXPECT_EQ(words_for(head + "'$(n * )'"), "model.layer[0].units: ')' where a value is needed at column 6: (n * ^)");
}

TEST(ModelChain, NamesTheLayersWhoseWeightsAreShared) {
  const ModelChain chain = expanded(kResidual + R"(
[[model.layer]]
name = "left"
use = "block.residual"
from = "input.a"
[[model.layer]]
name = "right"
use = "block.residual"
from = "input.b"
shares = "left"
[[model.layer]]
use = "dense"
units = 3
repeat = 2
[[model.layer]]
use = "dense"
units = 3
repeat = 2
shares = "dense1")");
  const auto shared = [&](size_t i) { return chain.layers[i].value("shares", "-"); };
  EXPECT_EQ(shared(0), "-");
  EXPECT_EQ(shared(2), "left.dense1");
  EXPECT_EQ(shared(3), "left.add1");
  EXPECT_EQ(shared(4), "-");
  EXPECT_EQ(shared(6), "dense1.1");
  EXPECT_EQ(shared(7), "dense1.2");
}

TEST(ModelChain, LetsTheFirstBlockReadWhatTheFirstLayerWould) {
  const ModelChain chain = expanded(kResidual + "[[model.layer]]\nuse = 'block.residual'\n");
  EXPECT_EQ(lines_of(chain), (Lines{"residual1.dense1 dense", R"(residual1.add1 add ["input","residual1.dense1"])"}));
}

TEST(ModelChain, RepeatsLayersAndBlocks) {
  const ModelChain chain = expanded(kResidual + R"(
[[model.layer]]
name = "wide"
use = "dense"
from = "input.scalars"
units = 8
repeat = 2
[[model.layer]]
use = "block.residual"
repeat = 2
[[model.layer]]
use = "add"
from = ["wide", "residual1"])");
  EXPECT_EQ(lines_of(chain),
            (Lines{R"(wide.1 dense "input.scalars")", "wide.2 dense", "residual1.1.dense1 dense",
                   R"(residual1.1.add1 add ["wide.2","residual1.1.dense1"])", "residual1.2.dense1 dense",
                   R"(residual1.2.add1 add ["residual1.1.add1","residual1.2.dense1"])",
                   R"(add1 add ["wide.2","residual1.2.add1"])"}));
}

TEST(ModelChain, PutsBlocksIntoBlocks) {
  const ModelChain chain = expanded(kResidual + R"(
[model.block.stage]
parameters = { n = 2, size = 16 }
[[model.block.stage.layer]]
use = "block.residual"
width = "$size"
repeat = "$n"
[[model.block.stage.layer]]
use = "relu"
[[model.layer]]
name = "stage"
use = "block.stage"
n = 1)");
  EXPECT_EQ(lines_of(chain),
            (Lines{"stage.residual1.1.dense1 dense",
                   R"(stage.residual1.1.add1 add ["input","stage.residual1.1.dense1"])", "stage.relu1 relu"}));
  EXPECT_EQ(chain.layers[0]["units"], 16);
}

TEST(ModelChain, PutsTheModelsOwnParametersIn) {
  const ModelChain chain = expanded(R"(
[model]
parameters = { width = 5, sizes = [3, 1] }
[[model.layer]]
use = "dense"
units = "$width"
[[model.layer]]
use = "conv"
channels = "$width"
kernel = "$sizes"
stride = ["$width", 1])");
  EXPECT_EQ(chain.layers[0], Json::parse(R"({"use": "dense", "units": 5})"));
  EXPECT_EQ(chain.layers[1]["kernel"], Json::parse("[3, 1]"));
  EXPECT_EQ(chain.layers[1]["stride"], Json::parse("[5, 1]"));
}

struct Wrong {
  const char* text;
  const char* words;
};

TEST(ModelChain, SaysWhereAndWhatIsWrong) {
  const Wrong wrong[] = {
      {"[[model.layer]]\nuse = 'block.residul'", "model.layer[0].use: no block 'residul', did you mean 'residual'?"},
      {"[[model.layer]]\nuse = 'block.residual'\nwidht = 3",
       "model.layer[0].widht: block 'residual' has no parameter 'widht', did you mean 'width'?"},
      {"[[model.layer]]\nuse = 'dense'\nunits = '$width'", "model.layer[0].units: the model has no parameter 'width'"},
      {"[[model.block.b.layer]]\nuse = 'dense'\nunits = ['$n']\n[[model.layer]]\nuse = 'block.b'",
       "model.block.b.layer[0].units[0]: block 'b' has no parameter 'n'"},
      {"[[model.block.b.layer]]\nuse = 'relu'\nname = 'r'\n[[model.block.b.layer]]\nuse = 'relu'\nfrom = 'rr'\n"
       "[[model.layer]]\nuse = 'block.b'",
       "model.block.b.layer[1].from: no layer 'rr' before this one in block 'b', did you mean 'r'?"},
      {"[[model.block.b.layer]]\nuse = 'relu'\nfrom = 'input[1]'\n[[model.layer]]\nuse = 'block.b'",
       "model.block.b.layer[0].from: no 'input[1]', the inputs here are input"},
      {"[[model.block.b.layer]]\nuse = 'relu'\nfrom = 'input[1'\n[[model.layer]]\nuse = 'block.b'",
       "model.block.b.layer[0].from: 'input[1' must be like 'input[0]'"},
      {"[[model.block.b.layer]]\nuse = 'relu'\nname = 'input'\n[[model.layer]]\nuse = 'block.b'",
       "model.block.b.layer[0].name: 'input' is what a block is given, give another name"},
      {"[[model.block.a.layer]]\nuse = 'block.b'\n[[model.block.b.layer]]\nuse = 'block.a'\n"
       "[[model.layer]]\nuse = 'block.a'",
       "model.block.b.layer[0].use: block 'a' uses itself (a > b > a)"},
      {"[[model.block.b.layer]]\nuse = 'relu'\nrepeat = 1000\n[[model.layer]]\nuse = 'block.b'\nrepeat = 11",
       "model.block.b.layer[0]: the model has more than 10000 layers"},
      {"[[model.layer]]\nuse = 'relu'\nrepeat = 0", "model.layer[0].repeat must be from 1 to 1000, got 0"},
      {"[[model.layer]]\nuse = 'relu'\nname = 'a'\n[[model.layer]]\nuse = 'relu'\nname = 'a'",
       "model.layer[1].name 'a' is taken"},
      {"[[model.layer]]\nuse = 3", "model.layer[0].use must be a text, got 3"},
      {"[model.block.b]\nparameters = { n = 3 }", "model.block.b.layer is missing: a block needs a layer"},
      {"[model.block.b]\nparameter = { n = 3 }\n[[model.block.b.layer]]\nuse = 'relu'",
       "model.block.b.parameter is unknown, did you mean 'parameters'?"},
      {"[model.block.b]\nparameters = { from = 3 }\n[[model.block.b.layer]]\nuse = 'relu'",
       "model.block.b.parameters.from: a key of every layer cannot be a parameter"},
      {"[model]\nparameters = { use = 3 }", "model.parameters.use: a key of every layer cannot be a parameter"},
      {"[model]\nblock = { b = 3 }", "model.block.b must be a table, got 3"},
  };
  for (const Wrong& w : wrong)
    EXPECT_EQ(words_for((std::string(w.text).find("residu") == std::string::npos ? "" : kResidual) + w.text), w.words)
        << w.text;
}

TEST(ModelChain, EndsWhereBlocksLieTooDeep) {
  std::string toml = "[[model.block.b2000.layer]]\nuse = 'relu'\n";
  for (int i = 0; i < 2000; ++i) toml += fmt::format("[[model.block.b{}.layer]]\nuse = 'block.b{}'\n", i, i + 1);
  EXPECT_EQ(words_for(toml + "[[model.layer]]\nuse = 'block.b0'"),
            "model.block.b31.layer[0].use: blocks lie more than 32 deep");
}

}  // namespace
}  // namespace clq

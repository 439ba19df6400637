// tests/core/compile/chain.test.cpp -- how layers are wired and named, and what is said when they are not.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "core/compile/models.hpp"

namespace clq::test {
namespace {

std::vector<std::string> states_of(const Program& p) {
  std::vector<std::string> names;
  for (const State& state : p.graph.states) names.push_back(state.name);
  return names;
}

std::string refusal(const ModelSpec& model) {
  try {
    program(ProgramKind::forward, model);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Chain, NamesLayersByTheirUseAndCount) {
  const ModelSpec model = regression_model(
      R"([{"use": "dense", "units": 3}, {"use": "relu"}, {"use": "dense", "units": 1, "name": "out"}])");
  EXPECT_EQ(states_of(program(ProgramKind::forward, model)),
            (std::vector<std::string>{"dense1.weights", "dense1.bias", "out.weights", "out.bias"}));
}

TEST(Chain, FollowsFromToLayersAndInputs) {
  const ModelSpec model = regression_model(R"([{"use": "dense", "units": 3, "name": "a"},
    {"use": "dense", "units": 2, "name": "b", "from": "input.scalars"},
    {"use": "concat", "from": ["a", "b", "input.scalars"]}, {"use": "dense", "units": 1}])");
  const Program p = program(ProgramKind::forward, model);
  const State& weights = p.graph.states.at(4);
  EXPECT_EQ(weights.name, "dense3.weights");  // the third of its use, named or not
  EXPECT_EQ(p.graph.desc(weights.before).dims, (Shape{1, 7}));
}

TEST(Chain, StartsFromTheOnlyInputWhateverItsName) {
  ModelSpec model = linear_model();
  model.inputs = {{"spectrum", {CLQ_F64, {6}}}};
  EXPECT_EQ(refusal(model), "");
  model.inputs.push_back({"error", {CLQ_F64, {6}}});
  EXPECT_EQ(refusal(model), "model.layer[0].from must name its input, one of input.spectrum, input.error");
}

TEST(Chain, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(refusal(regression_model(R"([{"use": "desne", "units": 1}])")),
            "unknown layer 'desne', did you mean 'dense'?");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "deepdip.inception"}])")),
            "layer 'deepdip.inception' is of no loaded plugin");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "unist": 1}])")), "model.layer[0].units is missing");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "units": 1, "biass": false}])")),
            "model.layer[0].biass is unknown, did you mean 'bias'?");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "units": 1, "from": "stme"}])")),
            "model.layer[0].from: no layer 'stme' before this one");
  EXPECT_EQ(refusal(regression_model("[]")), "the model has no layers");
}

TEST(Chain, NamesTheLayerInEveryError) {
  EXPECT_EQ(refusal(regression_model(R"([{"use": "concat", "name": "join", "from": []}])")),
            "join: concat: needs `from`, the layers to join");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "concat", "name": "join", "axis": 2}])")),
            "join: concat/1: axis 2 is not one of [4, 2]");
}

TEST(Chain, RefusesTheTrainersOwnNames) {
  const auto named = [](const std::string& name) {
    const std::string layers = R"([{"use": "dense", "units": 1, "name": ")" + name + R"("}])";
    return regression_model(layers.c_str());
  };
  for (const char* name : {"best", "metric", "state.x", "train", "golden", "grad.loss", "input"})
    EXPECT_NE(refusal(named(name)).find("is reserved, give another name"), std::string::npos) << name;
  EXPECT_EQ(refusal(named("metrics")), "");
}

TEST(Chain, DescribesThePredictionOfOneSample) {
  const OpTable ops;
  const TensorDesc desc =
      prediction_desc(regression_model(R"([{"use": "dense", "units": 7}])", CLQ_F32), ops, NoBuilders());
  EXPECT_EQ(desc, (TensorDesc{CLQ_F32, {7}}));
}

}  // namespace
}  // namespace clq::test

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

// y = w (w x): d(y - t)^2 / dw = 4 (y - t) w x.
TEST(Chain, SharesWeightsAndSumsTheirGradients) {
  ModelSpec model = regression_model(R"([{"use": "dense", "units": 1, "bias": false, "from": "input.scalars[0]"},
    {"use": "dense", "units": 1, "bias": false, "shares": "dense1"}])");
  Runner runner(program(ProgramKind::step, model, 1).graph);
  std::vector<std::string> weights = runner.state_names();
  std::erase_if(weights, [](const std::string& name) { return name.starts_with("train."); });
  EXPECT_EQ(weights, std::vector<std::string>{"dense1.weights"});
  runner.set_state("dense1.weights", tensor({1, 1}, {3}));
  runner.run(
      {{"scalars", tensor({1, 2}, {0.5, 9}, CLQ_F32)}, {"target", tensor({1}, {4})}, {"weight", tensor({1}, {1})}},
      {{"learning_rate", 0.25}, {"batch_count", 1}});
  EXPECT_DOUBLE_EQ(numbers(runner.state("dense1.weights"))[0], 3 - 0.25 * 4 * (4.5 - 4) * 3 * 0.5);
}

TEST(Chain, DrawsAnotherDropoutWhereLayersShare) {
  const ModelSpec model = regression_model(R"([{"use": "dropout", "name": "a", "from": "input"},
    {"use": "dropout", "name": "b", "from": "input", "shares": "a"}, {"use": "concat", "from": ["a", "b"]},
    {"use": "dense", "units": 1}])");
  std::vector<int64_t> streams;
  for (const Op& op : program(ProgramKind::step, model).graph.ops)
    for (const auto& [name, value] : op.attrs)
      if (op.name == "random/1" && name == "stream") streams.push_back(std::get<std::vector<int64_t>>(value)[0]);
  ASSERT_EQ(streams.size(), 2);
  EXPECT_NE(streams[0], streams[1]);
}

TEST(Chain, SaysWhatCannotBeShared) {
  const auto refused = [](const char* second) {
    return refusal(regression_model(
        fmt::format(R"([{{"use": "dense", "units": 2, "name": "trunk"}}, {}, {{"use": "dense", "units": 1}}])", second)
            .c_str()));
  };
  EXPECT_EQ(refused(R"({"use": "dense", "units": 2, "shares": "trnk"})"),
            "model.layer[1].shares: no layer 'trnk' before this one, did you mean 'trunk'?");
  EXPECT_EQ(refused(R"({"use": "relu", "shares": "trunk"})"),
            "model.layer[1].shares: 'trunk' is a dense, this is a relu");
  EXPECT_EQ(refused(R"({"use": "dense", "units": 3, "shares": "trunk"})"),
            "dense2: state 'trunk.weights' is f64 [2, 2], asked again as f64 [3, 2]");
}

TEST(Chain, ReadsColumnsOfTheScalars) {
  ModelSpec model = regression_model(R"([{"use": "concat", "from": ["input.scalars[3]", "input.scalars[0:2]"]}])");
  model.inputs = {{"scalars", {CLQ_F32, {4}}}};
  const Tensor rows = tensor({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}, CLQ_F32);
  const Tensor y = run_graph(program(ProgramKind::forward, model, 2).graph, {{"scalars", rows}}).at("prediction");
  EXPECT_EQ(numbers(y), (std::vector<double>{4, 1, 2, 8, 5, 6}));
  model.inputs.push_back({"spectrum", {CLQ_F32, {2, 5}}});
  const auto refused = [&](const char* from) {
    model.layers = Json{{{"use", "relu"}, {"from", from}}};
    return refusal(model);
  };
  EXPECT_EQ(refused("input.scalars[4]"), "model.layer[0].from: input.scalars[4]: there are 4 columns");
  EXPECT_EQ(refused("input.scalars[-1]"), "model.layer[0].from: input.scalars[-1]: there are 4 columns");
  EXPECT_EQ(refused("input.scalars[2:1]"), "model.layer[0].from: input.scalars[2:1]: there are 4 columns");
  for (const char* text : {"input.scalars[", "input.scalars[]", "input.scalars[1", "input.scalars[1:]",
                           "input.scalars[1]]", "input.scalars[9999999999999999999]"})
    EXPECT_EQ(refused(text),
              fmt::format("model.layer[0].from: {} must be like input.scalars[3] or input.scalars[2:5]", text));
  EXPECT_EQ(refused("input.spectrum[1]"),
            "model.layer[0].from: input.spectrum[1]: only an input [N, columns] has columns, this is [4, 2, 5]");
  EXPECT_EQ(refused("input.EBV"), "model.layer[0].from: unknown input 'EBV' (inputs: scalars, spectrum)");
}

TEST(Chain, StartsFromTheImagesWhereThereAreAny) {
  ModelSpec model = regression_model(R"([{"use": "conv", "kernel": 3, "channels": 4}, {"use": "global_avg_pool"},
    {"use": "concat", "from": ["global_avg_pool1", "input.scalars"]}, {"use": "flatten", "from": "input"}])");
  model.inputs = {{"scalars", {CLQ_F32, {2}}}, {"images", {CLQ_F32, {5, 8, 8}}}, {"mask", {CLQ_F32, {5, 8, 8}}}};
  const Program p = program(ProgramKind::forward, model, 2);
  EXPECT_EQ(p.graph.desc(p.graph.outputs.at(0).value).dims, (Shape{2, 320}));
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
            "model.layer[0].use: unknown layer 'desne', did you mean 'dense'?");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "deepdip.inception"}])")),
            "model.layer[0].use: layer 'deepdip.inception' is of no loaded plugin");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "unist": 1}])")), "model.layer[0].units is missing");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "units": 1, "biass": false}])")),
            "model.layer[0].biass is unknown, did you mean 'bias'?");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "units": 1, "from": "stme"}])")),
            "model.layer[0].from: no layer 'stme' before this one");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "units": 1, "penalty": {"l3": 1}}])")),
            "model.layer[0].penalty.l3 is unknown, did you mean 'l1'?");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "dense", "units": 1, "penalty": {"l2": -1}}])")),
            "model.layer[0].penalty: l1 and l2 must not be negative, got 0 and -1");
  EXPECT_EQ(refusal(regression_model("[]")), "the model has no layers");
}

TEST(Chain, NamesTheLayerInEveryError) {
  EXPECT_EQ(refusal(regression_model(R"([{"use": "concat", "name": "join", "from": []}])")),
            "join: concat: needs `from`, the layers to join");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "concat", "name": "join", "axis": 2}])")),
            "join: concat/1: axis 2 is not one of [4, 2]");
}

TEST(Chain, CallsTheLayersOfABlockByTheirName) {
  EXPECT_EQ(refusal(regression_model(R"([{"use": "relu"}, {"use": "dense", "units": 1, "name": "a.one"},
              {"use": "dense", "unist": 1, "name": "a.two"}])")),
            "a.two.units is missing");
  EXPECT_EQ(refusal(regression_model(R"([{"use": "relu", "name": "a.1"}, {"use": "relu", "name": "a.2"},
              {"use": "dense", "unist": 1, "name": "b"}])")),
            "model.layer[1].units is missing");
}

TEST(Chain, RefusesTheTrainersOwnNames) {
  const auto named = [](const std::string& name) {
    const std::string layers = R"([{"use": "dense", "units": 1, "name": ")" + name + R"("}])";
    return regression_model(layers.c_str());
  };
  for (const char* name : {"best", "ema", "metric", "state.x", "train", "golden", "grad.loss", "input"})
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

// tests/core/graph/graph_builder.test.cpp -- values, states, scopes and names of a graph under construction.
// SPDX-License-Identifier: BSD-3-Clause
#include <functional>

#include <gtest/gtest.h>

#include "graph/init.hpp"
#include "ops/op_table.hpp"

namespace clq::test {
namespace {

std::string words(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

struct Building : ::testing::Test {
  OpTable ops;
  GraphBuilder b{ops, Mode::train, {{"scalars", {CLQ_F32, {4, 10}}}, {"image", {CLQ_F32, {4, 5, 8, 8}}}}};
};

TEST_F(Building, SharesStatesByTheirFullName) {
  const GraphBuilder::Scope scope(b, "trunk");
  const Value first = b.param("weights", {2, 3}, init::zeros());
  EXPECT_EQ(b.param("weights", {2, 3}, init::zeros()), first);
  EXPECT_EQ(b.state_name(first), "trunk.weights");
  EXPECT_EQ(words([&] {
              b.param("weights", {3, 3}, init::zeros());
            }),
            "state 'trunk.weights' is f32 [2, 3], asked again as f32 [3, 3]");
}

TEST_F(Building, NestsScopesAndLeavesThem) {
  {
    const GraphBuilder::Scope outer(b, "trunk");
    const GraphBuilder::Scope inner(b, "stem");
    b.op("relu", {b.input("scalars")});
  }
  EXPECT_EQ(b.graph().ops[0].scope, "trunk.stem");
  EXPECT_EQ(b.graph().ops[0].name, "relu/1");
  EXPECT_EQ(b.scope(), "");
}

TEST_F(Building, ListsInputsOnceAndKnowsTheirNames) {
  EXPECT_EQ(b.input("image"), b.input("image"));
  EXPECT_EQ(b.graph().inputs.size(), 1U);
  EXPECT_TRUE(b.has_input("scalars"));
  EXPECT_EQ(words([&] { b.input("imgae"); }), "unknown input 'imgae', did you mean 'image'? (inputs: scalars, image)");
  EXPECT_EQ(words([&] { b.scalar("seeed"); }), "unknown scalar 'seeed', did you mean 'seed'?");
}

TEST_F(Building, AssignsAStateOnceAndInItsOwnShape) {
  const Value state = b.state("count", {CLQ_I64, {}}, init::zeros());
  EXPECT_EQ(words([&] { b.assign(state, b.constant(1)); }), "state 'count' is i64 [], assigned f32 []");
  b.assign(state, b.constant(1, CLQ_I64));
  EXPECT_EQ(words([&] { b.assign(state, b.constant(1, CLQ_I64)); }), "state 'count' is assigned twice");
  EXPECT_EQ(words([&] { b.assign(b.input("image"), state); }), "value 4 is not a state");
}

TEST_F(Building, TellsTrainableStatesFromOthers) {
  const Value weights = b.param("weights", {2}, init::zeros());
  b.state("running", {CLQ_F32, {2}}, init::zeros());
  EXPECT_EQ(b.trainable(), std::vector<Value>{weights});
}

TEST_F(Building, RefusesNamesGivenTwiceAndMetricsThatAreNotOneNumberASample) {
  const Value x = b.input("scalars");
  b.output("y", x);
  EXPECT_EQ(words([&] { b.output("y", x); }), "output 'y' is named twice");
  EXPECT_EQ(words([&] { b.metric("bias", x, {}); }), "metric 'bias' must be one f64 a sample, got f32 [4, 10]");
}

TEST_F(Building, MakesParametersInTheTypeThatIsComputedIn) {
  GraphBuilder wide(ops, Mode::train, {}, CLQ_F64);
  EXPECT_EQ(wide.dtype(wide.param("weights", {2}, init::zeros())), CLQ_F64);
  EXPECT_THROW(GraphBuilder(ops, Mode::train, {}, CLQ_I64), Error);
}

}  // namespace
}  // namespace clq::test

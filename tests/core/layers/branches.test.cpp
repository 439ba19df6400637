// tests/core/layers/branches.test.cpp -- layers that join several inputs: what they compute, and what they refuse.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "core/layers/one_layer.hpp"

namespace clq::test {
namespace {

// Of two inputs, a and b.
Tensor join(const std::string& use, const Json& config, const Tensor& a, const Tensor& b) {
  static const OpTable ops;
  GraphBuilder graph(ops, Mode::infer, {{"a", a.desc()}, {"b", b.desc()}}, a.desc().dtype);
  const std::span<const LayerEntry> table = layer_table();
  const auto entry = std::find_if(table.begin(), table.end(), [&](const LayerEntry& e) { return e.name == use; });
  CLQ_REQUIRE(entry != table.end(), "no layer {}", use);
  const Value both[] = {graph.input("a"), graph.input("b")};
  graph.output("y", graph.op("identity/1", {entry->make(Config(config))->build(graph, both)}));
  return Runner(graph.graph()).run({{"a", a}, {"b", b}}, {}).at("y");
}

std::string why_not(const std::string& use, const Json& config, const Tensor& a, const Tensor& b) {
  try {
    join(use, config, a, b);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

const Tensor kLeft = tensor({2, 2}, {1, -2, 3, -4}), kRight = tensor({2, 2}, {10, -20, -30, 1});

TEST(Add, SumsItsInputsAndThenBendsTheSum) {
  EXPECT_EQ(numbers(join("add", {}, kLeft, kRight)), (std::vector<double>{11, -22, -27, -3}));
  EXPECT_EQ(numbers(join("add", Json{{"activation", "relu"}}, kLeft, kRight)), (std::vector<double>{11, 0, 0, 0}));
}

TEST(Add, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("add", {}, kLeft), "add: needs `from`, two layers or more to add");
  EXPECT_EQ(why_not("add", {}, kLeft, filled({2, 1}, 0)), "add: shapes [2, 2] and [2, 1] differ");
  EXPECT_EQ(why_not("add", Json{{"activation", "rleu"}}, kLeft, kRight),
            "activation 'rleu' is unknown, did you mean 'relu'?");
}

TEST(Add, TakesAVectorForEachPlaceOfTheMaps) {
  const Tensor maps = tensor({1, 2, 1, 3}, {1, 2, 3, 4, 5, 6}), vector = tensor({1, 2}, {10, 20});
  const std::vector<double> wanted = {11, 12, 13, 24, 25, 26};
  EXPECT_EQ(numbers(join("add", {}, maps, vector)), wanted);
  EXPECT_EQ(numbers(join("add", {}, vector, maps)), wanted);
  EXPECT_EQ(why_not("add", {}, maps, tensor({1, 3}, {1, 2, 3})), "add: shapes [1, 2, 1, 3] and [1, 3] differ");
}

TEST(Multiply, GatesMapsByAVector) {
  EXPECT_EQ(numbers(join("multiply", {}, kLeft, kRight)), (std::vector<double>{10, 40, -90, -4}));
  EXPECT_EQ(numbers(join("multiply", {}, tensor({1, 2, 2}, {1, 2, 3, 4}), tensor({1, 2}, {0, 2}))),
            (std::vector<double>{0, 0, 6, 8}));
  EXPECT_EQ(refusal("multiply", {}, kLeft), "multiply: needs `from`, two layers or more to multiply");
}

TEST(Average, IsTheMeanOfItsInputs) {
  EXPECT_EQ(numbers(join("average", {}, kLeft, kRight)), (std::vector<double>{5.5, -11, -13.5, -1.5}));
  EXPECT_EQ(numbers(join("average", Json{{"activation", "relu"}}, kLeft, kRight)), (std::vector<double>{5.5, 0, 0, 0}));
  EXPECT_EQ(refusal("average", {}, kLeft), "average: needs `from`, two layers or more to average");
}

TEST(Concat, PutsItsInputsSideBySide) {
  EXPECT_EQ(numbers(join("concat", {}, kLeft, tensor({2, 1}, {5, 6}))), (std::vector<double>{1, -2, 5, 3, -4, 6}));
}

TEST(Concat, SaysWhatIsWrong) {
  EXPECT_EQ(why_not("concat", Json{{"axis", 0}}, kLeft, kRight),
            "concat: axis must be 1 or more (axis 0 holds the samples), got 0");
  EXPECT_NE(why_not("concat", {}, kLeft, filled({3, 2}, 0)), "");
}

}  // namespace
}  // namespace clq::test

// tests/core/layers/rearrange.test.cpp -- parts, shapes, orders and rows of tables: what these layers give and refuse.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/layers/one_layer.hpp"

namespace clq::test {
namespace {

using Numbers = std::vector<double>;

const Tensor kMaps = tensor({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

TEST(Slice, TakesChannels) {
  EXPECT_EQ(numbers(run_layer("slice", Json{{"begin", 1}, {"end", 2}}, kMaps)), (Numbers{3, 4, 9, 10}));
  EXPECT_EQ(numbers(run_layer("slice", Json{{"begin", -1}}, kMaps)), (Numbers{5, 6, 11, 12}));
  EXPECT_EQ(numbers(run_layer("slice", Json{{"end", -2}}, kMaps)), (Numbers{1, 2, 7, 8}));
  EXPECT_EQ(numbers(run_layer("slice", Json{{"axis", 2}, {"begin", 1}}, kMaps)), (Numbers{2, 4, 6, 8, 10, 12}));
}

TEST(Slice, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("slice", Json{{"axis", 0}}, kMaps),
            "slice: axis must be 1 or more (axis 0 holds the samples), got 0");
  EXPECT_EQ(refusal("slice", Json{{"axis", 3}}, kMaps), "slice: src is [2, 3, 2], there is no axis 3");
  EXPECT_EQ(refusal("slice", Json{{"begin", 2}, {"end", 2}}, kMaps),
            "slice: from 2 to 2 is no part of axis 1, which has 3");
  EXPECT_EQ(refusal("slice", Json{{"end", 4}}, kMaps), "slice: from 0 to 4 is no part of axis 1, which has 3");
  EXPECT_EQ(refusal("slice", Json{{"begin", -4}}, kMaps), "slice: from -1 to 3 is no part of axis 1, which has 3");
}

TEST(Reshape, KeepsTheValuesInTheirOrder) {
  const Tensor y = run_layer("reshape", Json{{"shape", {2, -1}}}, kMaps);
  EXPECT_EQ(y.desc().dims, (Shape{2, 2, 3}));
  EXPECT_EQ(numbers(y), numbers(kMaps));
  EXPECT_EQ(run_layer("reshape", Json{{"shape", {6}}}, kMaps).desc().dims, (Shape{2, 6}));
}

TEST(Reshape, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("reshape", Json{{"shape", {4, -1}}}, kMaps),
            "reshape: a sample of [2, 3, 2] has 6 values, not [4, -1]");
  EXPECT_EQ(refusal("reshape", Json{{"shape", {3}}}, kMaps), "reshape: a sample of [2, 3, 2] has 6 values, not [3]");
  EXPECT_EQ(refusal("reshape", Json{{"shape", {int64_t{1} << 62, int64_t{1} << 62}}}, kMaps),
            "reshape: a sample of [2, 3, 2] has 6 values, not [4611686018427387904, 4611686018427387904]");
  EXPECT_EQ(refusal("reshape", Json{{"shape", {-1, -1}}}, kMaps), "reshape: one size may be -1, here are 2");
  EXPECT_EQ(refusal("reshape", Json{{"shape", {0}}}, kMaps),
            "reshape: a size must be positive, or -1 for what is left, got 0");
}

TEST(Permute, OrdersTheAxesBehindTheSamples) {
  const Tensor y = run_layer("permute", Json{{"axes", {2, 1}}}, kMaps);
  EXPECT_EQ(y.desc().dims, (Shape{2, 2, 3}));
  EXPECT_EQ(numbers(y), (Numbers{1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12}));
}

TEST(Permute, SaysWhatIsWrong) {
  const std::string order = "permute: axes must be 1 to 2 in some order (axis 0 holds the samples)";
  EXPECT_EQ(refusal("permute", Json{{"axes", {0, 1}}}, kMaps), order);
  EXPECT_EQ(refusal("permute", Json{{"axes", {1, 1}}}, kMaps), order);
  EXPECT_EQ(refusal("permute", Json{{"axes", {1}}}, kMaps), "permute: 1 axes for src [2, 3, 2]");
}

TEST(Embedding, GivesTheRowOfItsWeightsThatTheInputNumbers) {
  const Tensor x = tensor({3, 1}, {2, 0, 5});
  Runner runner(build_layer("embedding", Json{{"kinds", 3}, {"units", 2}}, x, Mode::infer).graph);
  runner.set_state("embedding.weights", tensor({3, 2}, {1, 2, 3, 4, 5, 6}));
  const Tensor y = runner.run({{"x", x}}).at("y");
  EXPECT_EQ(y.desc().dims, (Shape{3, 2}));
  const Numbers got = numbers(y);
  EXPECT_EQ(Numbers(got.begin(), got.begin() + 4), (Numbers{5, 6, 1, 2}));
  EXPECT_TRUE(std::isnan(got[4]) && std::isnan(got[5]));
}

TEST(Embedding, TakesSequences) {
  EXPECT_EQ(build_layer("embedding", Json{{"kinds", 3}, {"units", 2}}, filled({4, 7}, 0), Mode::train).desc.dims,
            (Shape{4, 7, 2}));
}

TEST(Embedding, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("embedding", Json{{"kinds", 0}, {"units", 2}}, kMaps),
            "embedding: kinds and units must be positive, got 0 and 2");
  EXPECT_EQ(refusal("embedding", Json{{"kinds", 3}, {"units", 2}}, kMaps),
            "embedding: src must be [N] or [N, T], got [2, 3, 2]");
}

}  // namespace
}  // namespace clq::test

// tests/core/layers/windows.test.cpp -- layers over [N, C, L] and [N, C, H, W]: their shapes, starts and refusals.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "core/layers/one_layer.hpp"

namespace clq::test {
namespace {

Shape shape_of(const std::string& use, const Json& config, const Shape& src) {
  return build_layer(use, config, Tensor({CLQ_F32, src}), Mode::infer).desc.dims;
}

TEST(Conv, PadsAsItIsTold) {
  const Shape src = {2, 3, 9, 8};
  EXPECT_EQ(shape_of("conv", Json{{"channels", 4}, {"kernel", 5}}, src), (Shape{2, 4, 9, 8}));
  EXPECT_EQ(shape_of("conv", Json{{"channels", 4}, {"kernel", 2}, {"stride", 2}}, src), (Shape{2, 4, 5, 4}));
  EXPECT_EQ(shape_of("conv", Json{{"channels", 4}, {"kernel", {5, 2}}, {"padding", "valid"}}, src),
            (Shape{2, 4, 5, 7}));
  EXPECT_EQ(shape_of("conv", Json{{"channels", 4}, {"kernel", 3}, {"padding", {0, 2}}, {"dilation", {4, 1}}}, src),
            (Shape{2, 4, 1, 10}));
  EXPECT_EQ(shape_of("conv", Json{{"channels", 4}, {"kernel", 3}, {"stride", 7}}, {2, 3, 20}), (Shape{2, 4, 3}));
}

// With an even kernel "same" has one row more to add at the end: the first output sees no padding.
TEST(Conv, SameAddsTheOddRowAtTheEnd) {
  const Json config = {{"channels", 1}, {"kernel", 2}, {"bias", false}};
  Runner runner(build_layer("conv", config, filled({1, 1, 3}, 0), Mode::infer).graph);
  runner.set_state("conv.weights", tensor({1, 1, 2}, {10, 1}));
  EXPECT_EQ(numbers(runner.run({{"x", tensor({1, 1, 3}, {1, 2, 3})}}).at("y")), (std::vector<double>{12, 23, 30}));
}

TEST(Conv, StartsFromTheFansOfAGroup) {
  const Json config = {{"channels", 64}, {"kernel", 3}, {"groups", 2}, {"bias_init", 0.1}};
  Runner runner(build_layer("conv", config, filled({1, 8, 4, 4}, 0), Mode::infer).graph);
  const Tensor weights = runner.state("conv.weights");
  EXPECT_EQ(weights.desc().dims, (Shape{64, 4, 3, 3}));
  double squares = 0;
  for (const double w : numbers(weights)) squares += w * w;
  EXPECT_NEAR(squares / 2304 / (2.0 / 36), 1, 0.1);  // He: variance 2 / fan_in; 2304 uniform draws: 2 % at one sigma
  EXPECT_EQ(numbers(runner.state("conv.bias")), std::vector<double>(64, 0.1));
}

TEST(Conv, SaysWhatIsWrong) {
  const Tensor image = filled({1, 3, 4, 4}, 0);
  EXPECT_EQ(refusal("conv", Json{{"channels", 4}}, image), ".kernel is missing");
  EXPECT_EQ(refusal("conv", Json{{"channels", 4}, {"kernel", 3}, {"padding", "full"}}, image),
            ".padding must be \"same\", \"valid\" or numbers, got 'full'");
  EXPECT_EQ(refusal("conv", Json{{"channels", 4}, {"kernel", {3, 3, 3}}}, image),
            "conv: kernel has 3 entries, src has 2 axes after N and C");
  EXPECT_EQ(refusal("conv", Json{{"channels", 4}, {"kernel", 3}}, filled({1, 3}, 0)),
            "conv: src must be [N, C, L] or [N, C, H, W], got [1, 3]");
  EXPECT_EQ(refusal("conv", Json{{"channels", 4}, {"kernel", 3}, {"groups", 2}}, image),
            "conv: 2 groups do not divide the 3 channels of src");
  EXPECT_EQ(refusal("conv", Json{{"channels", 4}, {"kernel", 5}, {"padding", "valid"}}, image),
            "conv: conv/1: a kernel that reaches over 5 does not fit into 4 with padding 0 and 0");
}

TEST(ConvTranspose, MultipliesTheSizeByTheStride) {
  const Shape src = {2, 3, 5, 7};
  EXPECT_EQ(shape_of("conv_transpose", Json{{"channels", 4}, {"kernel", 2}, {"stride", 2}}, src),
            (Shape{2, 4, 10, 14}));
  EXPECT_EQ(shape_of("conv_transpose", Json{{"channels", 4}, {"kernel", {4, 3}}, {"stride", 2}}, src),
            (Shape{2, 4, 10, 14}));
  EXPECT_EQ(shape_of("conv_transpose", Json{{"channels", 4}, {"kernel", 2}, {"stride", 5}}, {2, 3, 5}),
            (Shape{2, 4, 25}));
  EXPECT_EQ(shape_of("conv_transpose", Json{{"channels", 4}, {"kernel", 3}, {"stride", 2}, {"padding", "valid"}}, src),
            (Shape{2, 4, 11, 15}));
  Json numbers = {{"channels", 4}, {"kernel", 4}, {"stride", 2}, {"padding", 1}};
  EXPECT_EQ(shape_of("conv_transpose", numbers, src), (Shape{2, 4, 10, 14}));
  numbers["output_padding"] = {0, 1};
  EXPECT_EQ(shape_of("conv_transpose", numbers, src), (Shape{2, 4, 10, 15}));
}

// The transpose of a convolution with "same": what that pads at the end is cut off there.
TEST(ConvTranspose, SameCutsTheOddRowOffAtTheEnd) {
  const Json config = {{"channels", 1}, {"kernel", 3}, {"stride", 2}, {"bias", false}};
  Runner runner(build_layer("conv_transpose", config, filled({1, 1, 2}, 0), Mode::infer).graph);
  runner.set_state("conv_transpose.weights", tensor({1, 1, 3}, {1, 10, 100}));
  EXPECT_EQ(numbers(runner.run({{"x", tensor({1, 1, 2}, {1, 2})}}).at("y")), (std::vector<double>{1, 10, 102, 20}));
}

TEST(ConvTranspose, KeepsTheSizeOfNumbersWhereEachOutputAddsFew) {
  const Json config = {{"channels", 64}, {"kernel", 2}, {"stride", 2}, {"groups", 2}, {"bias_init", 0.1}};
  Runner runner(build_layer("conv_transpose", config, filled({1, 8, 4, 4}, 0), Mode::infer).graph);
  const Tensor weights = runner.state("conv_transpose.weights");
  EXPECT_EQ(weights.desc().dims, (Shape{8, 32, 2, 2}));
  double squares = 0;
  for (const double w : numbers(weights)) squares += w * w;
  EXPECT_NEAR(squares / 1024 / (2.0 / 4), 1,
              0.12);  // He: four channels, one element each; 1024 draws: 3 % at one sigma
  EXPECT_EQ(numbers(runner.state("conv_transpose.bias")), std::vector<double>(64, 0.1));
}

TEST(ConvTranspose, SaysWhatIsWrong) {
  const Tensor image = filled({1, 3, 4, 4}, 0);
  EXPECT_EQ(refusal("conv_transpose", Json{{"channels", 4}, {"kernel", 2}, {"output_padding", 1}}, image),
            ".output_padding needs padding as numbers or \"valid\"");
  EXPECT_EQ(refusal("conv_transpose", Json{{"channels", 4}, {"kernel", 2}, {"groups", 2}}, image),
            "conv_transpose: 2 groups do not divide the 3 channels of src");
  EXPECT_EQ(refusal("conv_transpose", Json{{"channels", 4}, {"kernel", 2}, {"padding", 9}}, image),
            "conv_transpose: conv_transpose/1: axis 2 of dst must be from 1 to 2^30, got -13");
  EXPECT_EQ(refusal("conv_transpose", Json{{"channels", 4}, {"kernel", 2}}, filled({1, 3}, 0)),
            "conv_transpose: src must be [N, C, L] or [N, C, H, W], got [1, 3]");
}

TEST(Pool, StridesByItsKernelUnlessItIsTold) {
  EXPECT_EQ(shape_of("avg_pool", Json{{"kernel", 2}}, {1, 3, 8, 9}), (Shape{1, 3, 4, 4}));
  EXPECT_EQ(shape_of("max_pool", Json{{"kernel", 2}, {"stride", 1}, {"padding", "same"}}, {1, 3, 8, 9}),
            (Shape{1, 3, 8, 9}));
  EXPECT_EQ(shape_of("max_pool", Json{{"kernel", 4}}, {1, 3, 9}), (Shape{1, 3, 2}));
}

// As TensorFlow has it, the mean at the border is over the pixels there are.
TEST(Pool, LeavesThePaddingOutOfTheMean) {
  const Tensor x = tensor({1, 1, 3}, {2, 4, 6});
  const Json same = {{"kernel", 2}, {"stride", 1}, {"padding", "same"}};
  EXPECT_EQ(numbers(run_layer("avg_pool", same, x)), (std::vector<double>{3, 5, 6}));
  Json counted = same;
  counted["count_padding"] = true;
  EXPECT_EQ(numbers(run_layer("avg_pool", counted, x)), (std::vector<double>{3, 5, 3}));
}

TEST(Pool, GlobalPoolsLeaveOneNumberAChannel) {
  const Tensor x = tensor({1, 2, 2, 2}, {1, 2, 3, 6, -1, -2, -3, -6});
  EXPECT_EQ(numbers(run_layer("global_avg_pool", {}, x)), (std::vector<double>{3, -3}));
  EXPECT_EQ(numbers(run_layer("global_max_pool", {}, x)), (std::vector<double>{6, -1}));
  EXPECT_EQ(refusal("global_avg_pool", {}, filled({2, 3}, 0)),
            "global_avg_pool: src must be [N, C, L] or [N, C, H, W], got [2, 3]");
}

TEST(Upsample, RepeatsOrDrawsLinesBetween) {
  const Tensor x = tensor({1, 1, 2}, {0, 4});
  EXPECT_EQ(numbers(run_layer("upsample", {}, x)), (std::vector<double>{0, 0, 4, 4}));
  EXPECT_EQ(numbers(run_layer("upsample", Json{{"mode", "bilinear"}}, x)), (std::vector<double>{0, 1, 3, 4}));
  EXPECT_EQ(shape_of("upsample", Json{{"scale", {1, 3}}}, {2, 3, 5, 7}), (Shape{2, 3, 5, 21}));
}

TEST(Upsample, SaysWhatIsWrong) {
  const Tensor image = filled({1, 3, 4, 4}, 0);
  EXPECT_EQ(refusal("upsample", Json{{"mode", "cubic"}}, image),
            "upsample: mode must be \"nearest\" or \"bilinear\", got 'cubic'");
  EXPECT_EQ(refusal("upsample", Json{{"scale", 0}}, image), ".scale must be from 1 to 1048576, got 0");
  EXPECT_EQ(refusal("upsample", Json{{"scale", {2, 2, 2}}}, image),
            "upsample: resize/1: scales has 3 entries, src has 2 axes after N and C");
  EXPECT_EQ(refusal("upsample", {}, filled({2, 3}, 0)), "upsample: src must be [N, C, L] or [N, C, H, W], got [2, 3]");
}

TEST(Prelu, LearnsASlopeAChannel) {
  const Tensor x = tensor({1, 2}, {-4, 2});
  EXPECT_EQ(numbers(run_layer("prelu", {}, x)), (std::vector<double>{-1, 2}));
  EXPECT_EQ(numbers(run_layer("prelu", Json{{"slope", 0}}, x)), (std::vector<double>{0, 2}));
  Runner dense(build_layer("dense", Json{{"units", 3}, {"activation", "prelu"}}, x, Mode::infer).graph);
  EXPECT_EQ(numbers(dense.state("dense.slope")), std::vector<double>(3, 0.25));
}

}  // namespace
}  // namespace clq::test

// tests/core/ops/shape_rules.test.cpp -- what shape rules accept, and the words with which they refuse.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "ops/op_table.hpp"

namespace clq::test {
namespace {

using I = std::vector<int64_t>;

struct ShapeRule : ::testing::Test {
  OpTable ops;
  GraphBuilder b{ops, Mode::train, {}};

  Value value(const Shape& dims, DType dtype = CLQ_F32) { return b.constant(Tensor({dtype, dims})); }
  Shape shape_of(const std::string& op, std::vector<Value> inputs, Attrs attrs = {}) {
    return b.shape(b.op(op, inputs, attrs));
  }
  std::string refusal(const std::string& op, std::vector<Value> inputs, Attrs attrs = {}) {
    const GraphBuilder::Scope scope(b, "trunk");
    try {
      b.op(op, inputs, attrs);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }
};

TEST_F(ShapeRule, BroadcastsAsNumPyDoes) {
  EXPECT_EQ(shape_of("add/1", {value({4, 1, 3}), value({2, 1})}), (Shape{4, 2, 3}));
  EXPECT_EQ(shape_of("add/1", {value({}), value({0})}), (Shape{0}));
  EXPECT_EQ(refusal("add/1", {value({2, 3}), value({2})}), "trunk: add/1: shapes [2, 3] and [2] do not broadcast");
}

TEST_F(ShapeRule, NeverPromotes) {
  EXPECT_EQ(refusal("add/1", {value({2}), value({2}, CLQ_F64)}),
            "trunk: add/1: inputs must have one dtype, got f32 and f64");
  EXPECT_EQ(refusal("div/1", {value({2}, CLQ_I64), value({2}, CLQ_I64)}), "trunk: div/1: does not take i64");
}

TEST_F(ShapeRule, OfASigmoidsCrossEntropyWantsATargetALogit) {
  EXPECT_EQ(shape_of("sigmoid_cross_entropy/1", {value({2, 3}), value({2, 3})}), (Shape{2, 3}));
  EXPECT_EQ(refusal("sigmoid_cross_entropy/1", {value({2, 3}), value({3})}),
            "trunk: sigmoid_cross_entropy/1: shapes [2, 3] and [3] differ");
  EXPECT_EQ(refusal("sigmoid_cross_entropy/1", {value({2}, CLQ_I64), value({2}, CLQ_I64)}),
            "trunk: sigmoid_cross_entropy/1: input 0 must be f32 or f64, got i64");
}

TEST_F(ShapeRule, OfMatmulNamesBothInnerSizes) {
  EXPECT_EQ(shape_of("matmul/1", {value({3, 4}), value({5, 4})}, {{"transpose_b", attr(1)}}), (Shape{3, 5}));
  EXPECT_EQ(refusal("matmul/1", {value({3, 4}), value({5, 4})}),
            "trunk: matmul/1: inner sizes 4 and 5 differ, of [3, 4] and [5, 4]");
}

TEST_F(ShapeRule, OfReductionsDropsOrKeepsAxes) {
  EXPECT_EQ(shape_of("reduce_sum/1", {value({2, 3, 4})}), Shape{});
  EXPECT_EQ(shape_of("reduce_sum/1", {value({2, 3, 4})}, {{"axes", attr(I{2, 0})}}), (Shape{3}));
  EXPECT_EQ(shape_of("reduce_max/1", {value({2, 3})}, {{"axes", attr(1)}, {"keepdims", attr(1)}}), (Shape{2, 1}));
  EXPECT_EQ(refusal("reduce_sum/1", {value({2})}, {{"axes", attr(1)}}),
            "trunk: reduce_sum/1: axis 1 is not one of [2]");
}

TEST_F(ShapeRule, OfReshapeFindsTheOpenSize) {
  EXPECT_EQ(shape_of("reshape/1", {value({2, 6})}, {{"shape", attr(I{3, -1})}}), (Shape{3, 4}));
  EXPECT_EQ(refusal("reshape/1", {value({2, 6})}, {{"shape", attr(I{5})}}),
            "trunk: reshape/1: [2, 6] does not reshape to [5]");
}

TEST_F(ShapeRule, OfShapeOpsChecksBounds) {
  EXPECT_EQ(refusal("slice/1", {value({3})}, {{"begin", attr(I{1})}, {"end", attr(I{4})}}),
            "trunk: slice/1: [1, 4) is not inside axis 0 of [3]");
  EXPECT_EQ(refusal("transpose/1", {value({2, 3})}, {{"perm", attr(I{0, 0})}}),
            "trunk: transpose/1: perm [0, 0] is no permutation of the axes of [2, 3]");
  EXPECT_EQ(refusal("concat/1", {value({2, 3}), value({1, 3})}, {{"axis", attr(1)}}),
            "trunk: concat/1: [2, 3] and [1, 3] differ beside axis 1");
}

TEST_F(ShapeRule, OfGatherPutsTheRowsLast) {
  EXPECT_EQ(shape_of("gather/1", {value({9, 5}), value({2, 3}, CLQ_I64)}), (Shape{2, 3, 5}));
  EXPECT_EQ(shape_of("scatter_add/1", {value({2, 3}, CLQ_I64), value({2, 3, 5})}, {{"depth", attr(9)}}), (Shape{9, 5}));
}

TEST_F(ShapeRule, OfBatchNormWantsOneNumberAChannel) {
  EXPECT_EQ(refusal("batch_norm/1", {value({4, 3}), value({3}), value({4})}),
            "trunk: batch_norm/1: input 2 must be f32 [3], got f32 [4]");
}

TEST_F(ShapeRule, OfBatchMatmulKeepsTheAxesBefore) {
  const Value a = value({2, 3, 4, 5}), b = value({2, 3, 6, 5});
  EXPECT_EQ(shape_of("batch_matmul/1", {a, b}, {{"transpose_b", attr(1)}}), (Shape{2, 3, 4, 6}));
  EXPECT_EQ(refusal("batch_matmul/1", {a, b}),
            "trunk: batch_matmul/1: inner sizes 5 and 6 differ, of [2, 3, 4, 5] and [2, 3, 6, 5]");
  EXPECT_EQ(refusal("batch_matmul/1", {a, value({2, 1, 5, 6})}),
            "trunk: batch_matmul/1: takes matrices behind equal axes, got [2, 3, 4, 5] and [2, 1, 5, 6]");
}

TEST_F(ShapeRule, OfLayerNormGivesTwoNumbersARow) {
  EXPECT_EQ(shape_of("layer_norm/1", {value({4, 3, 2}), value({2}), value({2})}), (Shape{4, 3, 2}));
  EXPECT_EQ(refusal("layer_norm/1", {value({4, 3}), value({3}), value({4})}),
            "trunk: layer_norm/1: input 2 must be f32 [3], got f32 [4]");
  EXPECT_EQ(refusal("layer_norm_grad/1", {value({4, 3}), value({3}), value({4}), value({3}), value({4, 3})}),
            "trunk: layer_norm_grad/1: input 3 must be f32 [4], got f32 [3]");
  EXPECT_EQ(refusal("layer_norm/1", {value({}), value({}), value({})}),
            "trunk: layer_norm/1: src must be [..., C], got []");
}

TEST_F(ShapeRule, OfWindowsCountsThem) {
  const Value src = value({2, 3, 8, 7}), weights = value({4, 3, 3, 2});
  EXPECT_EQ(shape_of("conv/1", {src, weights}, {{"strides", attr(I{2, 3})}, {"pads_end", attr(I{1, 0})}}),
            (Shape{2, 4, 4, 2}));
  EXPECT_EQ(refusal("conv/1", {src, value({4, 2, 3, 2})}),
            "trunk: conv/1: weights [4, 2, 3, 2] take 2 channels a group, src [2, 3, 8, 7] has 3 in 1 groups");
  EXPECT_EQ(refusal("conv/1", {src, weights, value({3})}), "trunk: conv/1: bias must be f32 [4], got f32 [3]");
  EXPECT_EQ(refusal("conv/1", {src, weights}, {{"strides", attr(I{1})}}),
            "trunk: conv/1: strides has 1 entries, src has 2 axes after N and C");
  EXPECT_EQ(refusal("conv/1", {src, weights}, {{"dilations", attr(I{4, 1})}}),
            "trunk: conv/1: a kernel that reaches over 9 does not fit into 8 with padding 0 and 0");
  EXPECT_EQ(refusal("conv/1", {src, weights}, {{"pads_end", attr(I{INT64_MAX, 0})}}),
            "trunk: conv/1: pads_end must be from 0 to 2^30, got 9223372036854775807");
  EXPECT_EQ(refusal("max_pool/1", {src}, {{"kernel", attr(I{2, 2})}, {"pads_begin", attr(I{0, 2})}}),
            "trunk: max_pool/1: padding 2 and 0 leaves a window of 2 without a value");
  EXPECT_EQ(refusal("conv_grad_src/1", {weights, value({2, 4, 6, 6})}, {{"shape", attr(I{2, 3, 9, 7})}}),
            "trunk: conv_grad_src/1: shape [2, 3, 9, 7] does not give diff_dst [2, 4, 6, 6]");
  EXPECT_EQ(refusal("prelu/1", {src, value({4})}), "trunk: prelu/1: slope must be f32 [3], got f32 [4]");
}

TEST_F(ShapeRule, OfATransposedConvolutionGivesWhatTheConvolutionTakes) {
  const Value src = value({2, 4, 5, 3}), weights = value({4, 3, 4, 2});
  const Attrs twice = {{"strides", attr(I{2, 2})}, {"pads_begin", attr(I{1, 0})}, {"pads_end", attr(I{1, 0})}};
  EXPECT_EQ(shape_of("conv_transpose/1", {src, weights}, twice), (Shape{2, 3, 10, 6}));
  Attrs more = twice;
  more.emplace_back("output_padding", attr(I{0, 1}));
  EXPECT_EQ(shape_of("conv_transpose/1", {src, weights}, more), (Shape{2, 3, 10, 7}));
  more.back().second = attr(I{0, 2});
  EXPECT_EQ(refusal("conv_transpose/1", {src, weights}, more),
            "trunk: conv_transpose/1: output_padding must be less than the stride 2, got 2");
  EXPECT_EQ(refusal("conv_transpose/1", {src, value({3, 3, 4, 2})}),
            "trunk: conv_transpose/1: weights [3, 3, 4, 2] have not one entry for each channel of src [2, 4, 5, 3]");
  EXPECT_EQ(refusal("conv_transpose/1", {src, weights}, {{"groups", attr(3)}}),
            "trunk: conv_transpose/1: 3 groups do not divide the 4 channels of src");
  EXPECT_EQ(refusal("conv_transpose/1", {src, weights, value({4})}),
            "trunk: conv_transpose/1: bias must be f32 [3], got f32 [4]");
  EXPECT_EQ(refusal("conv_transpose/1", {src, weights}, {{"pads_end", attr(I{8, 0})}}),
            "trunk: conv_transpose/1: axis 2 of dst must be from 1 to 2^30, got 0");
}

TEST_F(ShapeRule, OfResizeMultipliesTheSizes) {
  const Value src = value({2, 3, 5, 7});
  EXPECT_EQ(shape_of("resize/1", {src}, {{"scales", attr(I{2, 3})}}), (Shape{2, 3, 10, 21}));
  EXPECT_EQ(shape_of("resize_grad/1", {src}, {{"scales", attr(I{5, 7})}}), (Shape{2, 3, 1, 1}));
  EXPECT_EQ(refusal("resize_grad/1", {src}, {{"scales", attr(I{5, 2})}}),
            "trunk: resize_grad/1: diff_dst [2, 3, 1, 7] is not 2 times larger on axis 3");
  EXPECT_EQ(refusal("resize/1", {src}, {{"scales", attr(I{2})}}),
            "trunk: resize/1: scales has 1 entries, src has 2 axes after N and C");
  EXPECT_EQ(refusal("resize/1", {src}, {{"scales", attr(I{2, 0})}}),
            "trunk: resize/1: scales must be from 1 to 2^20, got 0");
  EXPECT_EQ(refusal("resize/1", {src}, {{"scales", attr(I{2, 2})}, {"mode", attr("cubic")}}),
            "trunk: resize/1: mode 'cubic' is neither nearest nor bilinear");
}

TEST_F(ShapeRule, RefusesWhatNoTensorCanHold) {
  const Value deep = value({1, 1, 1, 1, 1, 1, 1, 1}, CLQ_I64), flat = value({2});
  EXPECT_EQ(refusal("one_hot/1", {deep}, {{"depth", attr(3)}}),
            "trunk: one_hot/1: shape [1, 1, 1, 1, 1, 1, 1, 1, 3] has more than 8 dimensions");
  EXPECT_EQ(refusal("broadcast/1", {value({1})}, {{"shape", attr(I{int64_t{1} << 62})}}),
            "trunk: broadcast/1: f32 [4611686018427387904] has too many bytes");
  const I most = {INT64_MAX};
  EXPECT_EQ(refusal("pad/1", {flat}, {{"before", attr(most)}, {"after", attr(I{0})}}),
            "trunk: pad/1: axis 0 cannot be padded by 9223372036854775807 and 0");
}

TEST_F(ShapeRule, RefusesUnknownOpsAndAttributesWithTheNearestName) {
  EXPECT_EQ(refusal("matmull/1", {}), "trunk: matmull/1: unknown op, did you mean 'matmul/1'?");
  EXPECT_EQ(refusal("leaky_relu/1", {value({2})}, {{"alhpa", attr(0.1)}}),
            "trunk: leaky_relu/1: unknown attribute 'alhpa', did you mean 'alpha'?");
}

TEST_F(ShapeRule, RefusesMissingInputsAndWrongAttributes) {
  EXPECT_EQ(refusal("relu/1", {}), "trunk: relu/1: takes 1 inputs, got 0");
  EXPECT_EQ(refusal("relu/1", {Value{}}), "trunk: relu/1: input 0 is missing");
  EXPECT_EQ(refusal("elu/1", {value({2})}, {{"alpha", attr(1)}}), "trunk: elu/1: attribute 'alpha' must be one f64");
  EXPECT_EQ(refusal("compare/1", {value({}), value({})}, {{"op", attr("lte")}}),
            "trunk: compare/1: op 'lte' is none of lt le gt ge eq ne");
}

}  // namespace
}  // namespace clq::test

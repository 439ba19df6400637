// tests/plugins/cpu_onednn/chains.test.cpp -- elementwise ops in one pass: how many fit, and what they leave behind.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <cmath>

#include "plugins/cpu_onednn/both.hpp"
#include "plugins/cpu_onednn/random_chain.hpp"

namespace clq::test {
namespace {

const Dims kDims = {3, 700};

// Results that all leave the chain, in a row from x.
uint32_t row_of_results(SegmentBuilder& b, uint32_t x, int n) {
  for (int i = 0; i < n; ++i) {
    x = b.op1("tanh/1", {x}, CLQ_F32, kDims);
    b.output(x);
  }
  return x;
}

TEST(OneDnnChains, KeepEveryResultOfALongRow) {
  SegmentBuilder b;
  row_of_results(b, b.input(CLQ_F32, kDims), 30);
  expect_reference(b, {in_one(kDims, 1)});
}

TEST(OneDnnChains, JoinOnlyWhatFits) {
  SegmentBuilder b;
  const uint32_t x = b.input(CLQ_F32, kDims), y = b.input(CLQ_F32, kDims);
  b.output(b.op1("mul/1", {row_of_results(b, x, 20), row_of_results(b, y, 20)}, CLQ_F32, kDims));
  expect_reference(b, {in_one(kDims, 1), in_one(kDims, 2)});
}

// The gradients of a row of tanh read all that it made, from the last to the first.
TEST(OneDnnChains, GiveTheGradientsOfALongRow) {
  SegmentBuilder b;
  const Dims square = {64, 64};
  const uint32_t x = b.input(CLQ_F32, square), w = b.input(CLQ_F32, square);
  std::vector<uint32_t> made = {b.op1("matmul/1", {x, w}, CLQ_F32, square)};
  for (int i = 0; i < 30; ++i) made.push_back(b.op1("tanh/1", {made.back()}, CLQ_F32, square));
  uint32_t diff = b.op1("matmul/1", {made.back(), w}, CLQ_F32, square);
  for (size_t i = made.size() - 1; i-- > 0;) diff = b.op1("tanh_grad/1", {diff, made[i]}, CLQ_F32, square);
  b.output(diff);
  expect_reference(b, {in_one(square, 1), in_one(square, 2)});
}

TEST(OneDnnChains, AgreeWithTheReferenceWhateverIsInThem) {
  for (uint64_t seed = 1; seed <= 40; ++seed)
    for (const Dims& dims : {Dims{3, 700}, Dims{2, 5, 7, 9}}) {
      RandomChain chain(seed, dims);
      SCOPED_TRACE("seed " + std::to_string(seed) + ", axes " + std::to_string(dims.size()));
      expect_reference(chain.builder(), chain.inputs());
    }
}

struct Expression {
  const char* what;
  uint32_t (*of)(SegmentBuilder&, uint32_t x);
  bool by_zero = false;  // an input more, that a compiler of programs does not know
};

const Dims kImage = {2, 5, 7, 9};  // 5 channels: the others of a block of 8 or 16 are padding

uint32_t op(SegmentBuilder& b, const char* name, const std::vector<uint32_t>& inputs) {
  return b.op1(std::string(name) + "/1", inputs, CLQ_F32, kImage);
}
uint32_t number(SegmentBuilder& b, float x) { return b.constant(array<float>({}, {x})); }
uint32_t squared(SegmentBuilder& b, uint32_t x) { return op(b, "square", {x}); }

// Each is finite wherever x is not 0, and in most of them one of the steps is not where x is 0.
const Expression kExpressions[] = {
    {"s log s",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "mul", {squared(b, x), op(b, "log", {squared(b, x)})});
     }},
    {"x s^-0.5",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "mul", {x, op(b, "pow", {squared(b, x), number(b, -0.5f)})});
     }},
    {"x / (e^x - 1)",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "div", {x, op(b, "sub", {op(b, "exp", {x}), number(b, 1)})});
     }},
    {"x / (x + 0)",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "div", {x, op(b, "add", {x, number(b, 0)})});
     }},
    {"x sqrt(s - 1e-12)",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "mul", {x, op(b, "sqrt", {op(b, "sub", {squared(b, x), number(b, 1e-12f)})})});
     }},
    {"max(-1, min(x / 0, 1))",
     [](SegmentBuilder& b, uint32_t x) {
       const uint32_t ratio = op(b, "div", {x, b.input(CLQ_F32, {})});
       return op(b, "maximum", {number(b, -1), op(b, "minimum", {ratio, number(b, 1)})});
     },
     true},
    {"tanh(x / 0)",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "tanh", {op(b, "div", {x, b.input(CLQ_F32, {})})});
     },
     true},
    {"x silu'(log s)",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "silu_grad", {x, op(b, "log", {squared(b, x)})});
     }},
    {"x / (sqrt(s) + 1e-8)",
     [](SegmentBuilder& b, uint32_t x) {
       return op(b, "div", {x, op(b, "add", {op(b, "sqrt", {squared(b, x)}), number(b, 1e-8f)})});
     }},
};

// What follows reads whole blocks: a convolution, and the sums that decide whether a step was good.
TEST(OneDnnChains, LeaveZerosInPadding) {
  for (const Expression& e : kExpressions) {
    SCOPED_TRACE(e.what);
    SegmentBuilder b;
    const uint32_t x = b.input(CLQ_F32, kImage), w = b.input(CLQ_F32, {5, 5, 1, 1});
    const uint32_t result = e.of(b, op(b, "conv", {x, w}));
    b.output(op(b, "conv", {result, w}));
    b.output(b.op1("all_finite/1", {result}, CLQ_U8, {}));
    b.output(b.op1("sum_squares/1", {result}, CLQ_F64, {}));
    std::vector<Array> inputs = {in_one(kImage, 1), in_one({5, 5, 1, 1}, 2)};
    if (e.by_zero) inputs.push_back(array<float>({}, {0}));
    expect_reference(b, inputs, 1e-3);
  }
}

// The new state is written over the old one, which still has another name.
TEST(OneDnnChains, KeepAStateThatIsReadUnderAnotherName) {
  for (const char* alias : {"identity/1", "stop_gradient/1", "reshape/1"}) {
    SCOPED_TRACE(alias);
    SegmentBuilder b;
    const bool flat = std::string(alias) == "reshape/1";
    const Dims dims = {6, 7}, other = flat ? Dims{42} : dims;
    const uint32_t w = b.state(CLQ_F32, dims), old = b.state(CLQ_F32, other), x = b.input(CLQ_F32, dims);
    const uint32_t same = b.op1(alias, {w}, CLQ_F32, other, flat ? Attrs{{"shape", Dims{42}}} : Attrs{});
    b.assign(w, b.op1("sub/1", {w, x}, CLQ_F32, dims));
    b.assign(old, same);
    b.output(same);
    b.output(b.op1("tanh/1", {same}, CLQ_F32, other));
    expect_reference(b, {in_one(dims, 1)});
  }
}

}  // namespace
}  // namespace clq::test

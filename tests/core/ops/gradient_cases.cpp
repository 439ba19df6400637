// tests/core/ops/gradient_cases.cpp -- one case or more for every op that has a gradient.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/ops/cases.hpp"

namespace clq::test {
namespace {

using I = std::vector<int64_t>;
using Cases = std::vector<GradientCase>;

Tensor x(const Shape& dims, uint64_t seed = 1) { return uniform(dims, -2, 2, seed); }
Tensor positive(const Shape& dims, uint64_t seed = 1) { return uniform(dims, 0.5, 2, seed); }

void unary(Cases& out) {
  for (const char* name : {"neg", "relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "tanh", "softplus", "exp",
                           "square", "abs", "sin", "cos", "erf", "floor", "sign", "identity"})
    out.push_back({std::string(name) + "/1", {x({3, 5})}, just(std::string(name) + "/1")});
  out.push_back({"leaky_relu/1", {x({7})}, just("leaky_relu/1", {{"alpha", attr(0.3)}})});
  out.push_back({"elu/1", {x({7})}, just("elu/1", {{"alpha", attr(0.7)}})});
  out.push_back({"log/1", {positive({3, 5})}, just("log/1")});
  out.push_back({"sqrt/1", {positive({3, 5})}, just("sqrt/1")});
  out.push_back({"clip/1", {x({3, 5})}, just("clip/1", {{"min", attr(-1.0)}, {"max", attr(0.5)}})});
  out.push_back({"stop_gradient/1", {x({3})}, just("stop_gradient/1"), true});
  out.push_back({"all_reduce/1", {x({3})}, just("all_reduce/1", {{"bucket", attr(0)}})});  // of one replica
  out.push_back({"cast/1", {x({3})}, just("cast/1", {{"dtype", attr(CLQ_F64)}})});
}

void binary(Cases& out) {
  for (const char* name : {"add/1", "sub/1", "mul/1", "div/1", "maximum/1", "minimum/1"}) {
    out.push_back({name, {x({3, 4}, 1), positive({3, 4}, 2)}, just(name)});
    out.push_back({name, {x({2, 3, 4}, 1), positive({3, 1}, 2)}, just(name)});
    out.push_back({name, {x({}, 1), positive({5}, 2)}, just(name)});
  }
  out.push_back({"pow/1", {positive({3, 4}, 1), x({4}, 2)}, just("pow/1")});
  out.push_back({"select/1", {x({3, 4}, 1), x({4}, 2)}, [](GraphBuilder& b, std::span<const Value> in) {
                   const Value mask = b.constant(tensor({3, 1}, {1, 0, 1}, CLQ_U8));
                   return b.op("select/1", {mask, in[0], in[1]});
                 }});
}

void matmul(Cases& out) {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      out.push_back({"matmul/1",
                     {x(ta ? Shape{4, 3} : Shape{3, 4}, 1), x(tb ? Shape{5, 4} : Shape{4, 5}, 2)},
                     just("matmul/1", {{"transpose_a", attr(int{ta})}, {"transpose_b", attr(int{tb})}})});
}

void batch_matmul(Cases& out) {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      out.push_back({"batch_matmul/1",
                     {x(ta ? Shape{2, 4, 3} : Shape{2, 3, 4}, 1), x(tb ? Shape{2, 2, 4} : Shape{2, 4, 2}, 2)},
                     just("batch_matmul/1", {{"transpose_a", attr(int{ta})}, {"transpose_b", attr(int{tb})}})});
}

void reduce(Cases& out) {
  for (const char* name : {"reduce_sum/1", "reduce_mean/1", "reduce_max/1", "reduce_min/1"}) {
    out.push_back({name, {x({3, 4})}, just(name)});
    out.push_back({name, {x({2, 3, 4})}, just(name, {{"axes", attr(I{0, 2})}})});
    out.push_back({name, {x({2, 3, 4})}, just(name, {{"axes", attr(I{2})}, {"keepdims", attr(1)}})});
  }
}

void shape(Cases& out) {
  out.push_back({"reshape/1", {x({3, 4})}, just("reshape/1", {{"shape", attr(I{2, -1})}})});
  out.push_back({"transpose/1", {x({2, 3, 4})}, just("transpose/1", {{"perm", attr(I{2, 0, 1})}})});
  out.push_back({"broadcast/1", {x({3, 1})}, just("broadcast/1", {{"shape", attr(I{2, 3, 4})}})});
  out.push_back({"concat/1", {x({2, 3}, 1), x({2, 1}, 2), x({2, 2}, 3)}, just("concat/1", {{"axis", attr(1)}})});
  out.push_back({"slice/1", {x({3, 5})}, just("slice/1", {{"begin", attr(I{1, 2})}, {"end", attr(I{3, 4})}})});
  out.push_back({"pad/1",
                 {x({2, 3})},
                 just("pad/1", {{"before", attr(I{1, 0})}, {"after", attr(I{0, 2})}, {"value", attr(3.0)}})});
}

void softmax(Cases& out) {
  for (const char* name : {"softmax/1", "log_softmax/1", "log_sum_exp/1"})
    out.push_back({name, {x({2, 3, 4})}, just(name)});
  const char* binary = "sigmoid_cross_entropy/1";
  out.push_back({binary, {x({3, 4}, 1), uniform({3, 4}, 0, 1, 2)}, just(binary)});
  out.push_back({"softmax_cross_entropy/1", {x({4, 3})}, [](GraphBuilder& b, std::span<const Value> in) {
                   return b.op("softmax_cross_entropy/1", {in[0], b.constant(tensor({4}, {0, 2, 1, 2}, CLQ_I64))});
                 }});
  // Soft labels need not sum to 1: masked rows have less.
  out.push_back({"softmax_cross_entropy/1", {x({4, 3})}, [](GraphBuilder& b, std::span<const Value> in) {
                   return b.op("softmax_cross_entropy/1", {in[0], b.constant(uniform({4, 3}, 0, 1, 9))});
                 }});
}

void index(Cases& out) {
  out.push_back({"gather/1", {x({4, 3})}, [](GraphBuilder& b, std::span<const Value> in) {
                   return b.op("gather/1", {in[0], b.constant(tensor({2, 3}, {3, 0, 3, 1, 3, 0}, CLQ_I64))});
                 }});
  for (const int exclusive : {0, 1})
    for (const int reverse : {0, 1})
      out.push_back(
          {"cumsum/1", {x({2, 5})}, just("cumsum/1", {{"exclusive", attr(exclusive)}, {"reverse", attr(reverse)}})});
}

void norm(Cases& out) {
  out.push_back({"batch_norm/1", {x({4, 3}, 1), positive({3}, 2), x({3}, 3)}, just("batch_norm/1")});
  out.push_back(
      {"batch_norm/1", {x({2, 3, 4}, 1), positive({3}, 2), x({3}, 3)}, just("batch_norm/1", {{"eps", attr(0.1)}})});
  const std::vector<Tensor> inputs = {x({2, 3, 4}, 1), x({3}, 2), x({3}, 3), x({3}, 4), positive({3}, 5)};
  out.push_back({"batch_norm_inference/1", inputs, just("batch_norm_inference/1", {{"eps", attr(0.01)}})});
}

void layer_norm(Cases& out) {
  out.push_back({"layer_norm/1", {x({4, 3}, 1), positive({3}, 2), x({3}, 3)}, just("layer_norm/1")});
  out.push_back(
      {"layer_norm/1", {x({2, 3, 5}, 1), positive({5}, 2), x({5}, 3)}, just("layer_norm/1", {{"eps", attr(0.1)}})});
}

// Strides, dilation, groups and uneven padding; kernels that leave a last column out.
void conv(Cases& out) {
  const auto add = [&](const Shape& src, const Shape& weights, const Attrs& attrs) {
    out.push_back({"conv/1", {x(src, 1), x(weights, 2), x({weights[0]}, 3)}, just("conv/1", attrs)});
    out.push_back({"conv/1", {x(src, 1), x(weights, 2)}, just("conv/1", attrs)});
  };
  add({2, 3, 5, 4}, {4, 3, 3, 2}, {});
  add({1, 2, 7}, {3, 2, 3}, {{"strides", attr(I{2})}, {"pads_begin", attr(I{0})}, {"pads_end", attr(I{1})}});
  add({2, 4, 6, 5}, {6, 2, 3, 3},
      {{"groups", attr(2)}, {"strides", attr(I{2, 1})}, {"pads_begin", attr(I{1, 0})}, {"pads_end", attr(I{0, 2})}});
  add({1, 2, 5, 7}, {2, 2, 2, 3}, {{"dilations", attr(I{2, 3})}, {"pads_begin", attr(I{2, 1})}});
  add({2, 1, 1, 1}, {1, 1, 1, 1}, {{"strides", attr(I{3, 3})}});
}

void conv_transpose(Cases& out) {
  const auto add = [&](const Shape& src, const Shape& weights, int64_t channels, const Attrs& attrs) {
    out.push_back({"conv_transpose/1", {x(src, 1), x(weights, 2), x({channels}, 3)}, just("conv_transpose/1", attrs)});
    out.push_back({"conv_transpose/1", {x(src, 1), x(weights, 2)}, just("conv_transpose/1", attrs)});
  };
  add({2, 3, 2, 3}, {3, 4, 2, 2}, 4, {{"strides", attr(I{2, 2})}});
  add({1, 2, 3}, {2, 3, 4}, 3, {{"strides", attr(I{2})}, {"pads_begin", attr(I{1})}, {"pads_end", attr(I{1})}});
  add({1, 4, 3, 2}, {4, 1, 3, 2}, 2,
      {{"groups", attr(2)},
       {"strides", attr(I{2, 3})},
       {"dilations", attr(I{1, 2})},
       {"pads_begin", attr(I{1, 0})},
       {"pads_end", attr(I{0, 2})},
       {"output_padding", attr(I{1, 2})}});
}

void resize(Cases& out) {
  for (const char* mode : {"nearest", "bilinear"}) {
    out.push_back({"resize/1", {x({2, 3, 4})}, just("resize/1", {{"scales", attr(I{3})}, {"mode", attr(mode)}})});
    out.push_back({"resize/1", {x({1, 2, 3, 2})}, just("resize/1", {{"scales", attr(I{2, 5})}, {"mode", attr(mode)}})});
  }
}

void pool(Cases& out) {
  const auto add = [&](const char* name, const Shape& src, const Attrs& attrs) {
    out.push_back({name, {x(src, 4)}, just(name, attrs)});
  };
  for (const char* name : {"max_pool/1", "avg_pool/1"}) {
    add(name, {2, 3, 5}, {{"kernel", attr(I{2})}, {"strides", attr(I{2})}});
    add(name, {1, 2, 5, 4}, {{"kernel", attr(I{3, 2})}, {"pads_begin", attr(I{0, 1})}, {"pads_end", attr(I{2, 0})}});
    add(name, {1, 2, 7, 7}, {{"kernel", attr(I{2, 2})}, {"strides", attr(I{3, 3})}});
  }
  add("avg_pool/1", {1, 2, 4, 4}, {{"kernel", attr(I{2, 2})}, {"pads_end", attr(I{1, 1})}, {"count_padding", attr(1)}});
}

void prelu(Cases& out) {
  out.push_back({"prelu/1", {x({4, 3}, 1), x({3}, 2)}, just("prelu/1")});
  out.push_back({"prelu/1", {x({2, 3, 4, 2}, 1), x({3}, 2)}, just("prelu/1")});
}

}  // namespace

std::vector<GradientCase> gradient_cases() {
  Cases out;
  for (const auto family : {unary, binary, matmul, batch_matmul, reduce, shape, softmax, index, norm, layer_norm, conv,
                            conv_transpose, resize, pool, prelu})
    family(out);
  return out;
}

}  // namespace clq::test

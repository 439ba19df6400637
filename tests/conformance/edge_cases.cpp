// tests/conformance/edge_cases.cpp -- every op on an empty batch, and those that have them: broadcasts along each axis,
// windows further apart than they reach, 1, 3, 5 and 64 channels.
// SPDX-License-Identifier: BSD-3-Clause
#include <random>

#include "conformance/op_cases.hpp"

namespace clq::test {
namespace {

constexpr const char* kSame[] = {"neg",     "relu", "leaky_relu", "elu",         "gelu",   "silu",
                                 "sigmoid", "tanh", "softplus",   "exp",         "abs",    "square",
                                 "sin",     "cos",  "erf",        "floor",       "sign",   "identity",
                                 "log",     "sqrt", "softmax",    "log_softmax", "cumsum", "stop_gradient"};
constexpr const char* kSlopes[] = {"relu_grad", "leaky_relu_grad", "elu_grad",  "gelu_grad",
                                   "silu_grad", "sigmoid_grad",    "tanh_grad", "softplus_grad"};
constexpr const char* kTwo[] = {"add", "sub", "mul", "div", "maximum", "minimum", "pow"};

using Outputs = std::vector<OutputSpec>;

class Edges {
 public:
  explicit Edges(uint64_t seed) : random_(seed) {}
  std::vector<OpCase> all() {
    empty_elements(), empty_rows(), empty_moves();
    broadcasts();
    for (const auto& [n, c] : {std::pair<int64_t, int64_t>{2, 1}, {2, 3}, {2, 5}, {2, 64}, {0, 3}}) {
      windows(n, c), larger(n, c), norms(n, c);
    }
    return std::move(cases_);
  }

 private:
  Array floats(const Dims& dims) { return random_array<float>(dims, random_()); }
  Array positive(const Dims& dims) { return positive_array(dims, random_()); }
  void add(const std::string& op, std::vector<Array> inputs, Outputs outputs, Attrs attrs = {}) {
    cases_.push_back({op + "/1", std::move(inputs), std::move(outputs), std::move(attrs)});
  }
  void add(const std::string& op, std::vector<Array> inputs, const Dims& out, Attrs attrs = {}) {
    add(op, std::move(inputs), Outputs{{CLQ_F32, out}}, std::move(attrs));
  }

  void empty_elements() {
    const Dims d = {0, 5};
    for (const char* op : kSame) add(op, {floats(d)}, d);
    for (const char* op : kSlopes) add(op, {floats(d), floats(d)}, d);
    for (const char* op : kTwo) add(op, {floats(d), floats({5})}, d);
    add("clip", {floats(d)}, d, {{"min", -0.5}, {"max", 1.0}});
    add("compare", {floats(d), floats({5})}, Outputs{{CLQ_U8, d}}, {{"op", std::string("lt")}});
    add("select", {array<uint8_t>(d, {}), floats(d), floats({1})}, d);
    add("sigmoid_cross_entropy", {floats(d), floats(d)}, d);
    add("is_finite", {floats(d)}, Outputs{{CLQ_U8, d}});
    add("cast", {floats(d)}, Outputs{{CLQ_F64, d}}, {{"dtype", int64_t{CLQ_F64}}});
    add("sum_squares", {floats(d), floats({3})}, Outputs{{CLQ_F64, {}}});
    add("all_finite", {floats(d), floats({3})}, Outputs{{CLQ_U8, {}}});
    add("all_reduce", {floats(d)}, d, {{"bucket", int64_t{0}}});
  }

  void empty_rows() {
    const Dims d = {0, 5};
    const Array none = array<int64_t>({0}, {});
    for (const char* op : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min"})
      add(op, {floats(d)}, Dims{0}, {{"axes", Dims{1}}});
    add("reduce_sum", {floats(d)}, Dims{5}, {{"axes", Dims{0}}});
    add("argmax", {floats(d)}, Outputs{{CLQ_I64, {0}}});
    add("log_sum_exp", {floats(d)}, Dims{0});
    add("softmax_cross_entropy", {floats(d), none}, Outputs{{CLQ_F32, {0}}, {CLQ_F32, d}});
    add("one_hot", {none}, d, {{"depth", int64_t{5}}, {"dtype", int64_t{CLQ_F32}}});
    add("gather", {floats({3, 5}), none}, d);
    add("scatter_add", {none, floats(d)}, Dims{3, 5}, {{"depth", int64_t{3}}});
    add("matmul", {floats(d), floats({5, 3})}, Dims{0, 3});
    add("batch_matmul", {floats({0, 3, 5}), floats({0, 5, 2})}, Dims{0, 3, 2});
    add("random", {}, d,
        {{"shape", d}, {"dtype", int64_t{CLQ_F32}}, {"stream", int64_t{17}}, {"distribution", std::string("normal")}});
    cases_.back().cells = {7, 3, 11};
  }

  void empty_moves() {
    const Dims d = {0, 3, 5};
    add("reshape", {floats(d)}, Dims{0, 15}, {{"shape", Dims{0, 15}}});
    add("transpose", {floats(d)}, Dims{5, 0, 3}, {{"perm", Dims{2, 0, 1}}});
    add("broadcast", {floats({0, 1, 5})}, d, {{"shape", d}});
    add("concat", {floats(d), floats({0, 1, 5})}, Dims{0, 4, 5}, {{"axis", int64_t{1}}});
    add("slice", {floats(d)}, Dims{0, 2, 5}, {{"begin", Dims{0, 1, 0}}, {"end", d}});
    add("pad", {floats(d)}, Dims{0, 4, 5}, {{"before", Dims{0, 1, 0}}, {"after", Dims{0, 0, 0}}, {"value", 0.5}});
  }

  void broadcasts() {
    const Dims d = {3, 5, 7, 2};
    for (size_t axis = 0; axis < d.size(); ++axis) {
      Dims other = d;
      other[axis] = 1;
      for (const char* op : kTwo)
        add(op, {positive(d), positive(other)}, d), add(op, {positive(other), positive(d)}, d);
      add("compare", {floats(d), floats(other)}, Outputs{{CLQ_U8, d}}, {{"op", std::string("ge")}});
      std::vector<uint8_t> bits(static_cast<size_t>(empty(CLQ_U8, other).count()));
      for (uint8_t& b : bits) b = random_() % 2;
      add("select", {array<uint8_t>(other, bits), floats(d), floats(other)}, d);
      add("broadcast", {floats(other)}, d, {{"shape", d}});
    }
  }

  // Kernels of 2 and 1 elements at steps of 3 and 2.
  void windows(int64_t n, int64_t c) {
    const Dims src = {n, c, 13, 7}, dst = {n, c, 4, 4}, weights = {c, c, 2, 1}, kernel = {2, 1};
    const Attrs steps = {{"strides", Dims{3, 2}}};
    const auto also = [&](const char* name, const AttrValue& value) {
      Attrs more = steps;
      more.emplace_back(name, value);
      return more;
    };
    add("conv", {floats(src), floats(weights), floats({c})}, dst, steps);
    add("conv_grad_src", {floats(weights), floats(dst)}, src, also("shape", src));
    add("conv_grad_weights", {floats(src), floats(dst)}, Outputs{{CLQ_F32, weights}, {CLQ_F32, {c}}},
        also("kernel", kernel));
    add("max_pool", {floats(src)}, dst, also("kernel", kernel));
    add("max_pool_grad", {floats(src), floats(dst)}, src, also("kernel", kernel));
    add("avg_pool", {floats(src)}, dst, also("kernel", kernel));
    Attrs back = also("kernel", kernel);
    back.emplace_back("shape", src);
    add("avg_pool_grad", {floats(dst)}, src, back);
    add("conv_transpose", {floats(dst), floats(weights), floats({c})}, Dims{n, c, 11, 7}, steps);
  }

  void larger(int64_t n, int64_t c) {
    const Dims src = {n, c, 7, 1}, dst = {n, c, 14, 3};
    const Attrs scales = {{"scales", Dims{2, 3}}, {"mode", std::string("bilinear")}};
    add("resize", {floats(src)}, dst, scales);
    add("resize_grad", {floats(dst)}, src, scales);
  }

  void norms(int64_t n, int64_t c) {
    const Dims d = {n, c, 7}, per = {c}, last = {n, 7, c}, rows = {n, 7};
    add("prelu", {floats(d), floats(per)}, d);
    add("prelu_grad", {floats(d), floats(per), floats(d)}, Outputs{{CLQ_F32, d}, {CLQ_F32, per}});
    add("batch_norm", {floats(d), positive(per), floats(per)}, Outputs{{CLQ_F32, d}, {CLQ_F32, per}, {CLQ_F32, per}});
    add("batch_norm_grad", {floats(d), positive(per), floats(per), positive(per), floats(d)},
        Outputs{{CLQ_F32, d}, {CLQ_F32, per}, {CLQ_F32, per}});
    add("batch_norm_inference", {floats(d), positive(per), floats(per), floats(per), positive(per)}, d);
    add("layer_norm", {floats(last), positive(per), floats(per)},
        Outputs{{CLQ_F32, last}, {CLQ_F32, rows}, {CLQ_F32, rows}});
    add("layer_norm_grad", {floats(last), positive(per), floats(rows), positive(rows), floats(last)},
        Outputs{{CLQ_F32, last}, {CLQ_F32, per}, {CLQ_F32, per}});
  }

  std::mt19937_64 random_;
  std::vector<OpCase> cases_;
};

}  // namespace

std::vector<OpCase> edge_cases(uint64_t seed) { return Edges(seed).all(); }

}  // namespace clq::test

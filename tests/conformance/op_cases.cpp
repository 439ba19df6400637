// tests/conformance/op_cases.cpp -- every op over shapes that hurt, drawn from a seed.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/op_cases.hpp"

#include <algorithm>
#include <random>

namespace clq::test {
namespace {

constexpr const char* kUnary[] = {"neg",     "relu", "leaky_relu", "elu",         "gelu",   "silu",
                                  "sigmoid", "tanh", "softplus",   "exp",         "abs",    "square",
                                  "sin",     "cos",  "erf",        "floor",       "sign",   "identity",
                                  "log",     "sqrt", "softmax",    "log_softmax", "cumsum", "stop_gradient"};
constexpr const char* kGradients[] = {"relu_grad", "leaky_relu_grad", "elu_grad",  "gelu_grad",
                                      "silu_grad", "sigmoid_grad",    "tanh_grad", "softplus_grad"};
constexpr const char* kBinary[] = {"add", "sub", "mul", "div", "maximum", "minimum", "pow"};
const Dims kBlocks[] = {{3, 5, 7}, {33, 5, 92}, {1, 3, 1}, {5, 92, 3}, {1, 23, 5}};

using Outputs = std::vector<OutputSpec>;

class Cases {
 public:
  explicit Cases(uint64_t seed) : random_(seed) {}
  std::vector<OpCase> all(int windows) {
    elementwise();
    matrices();
    shapes();
    indices();
    sums();
    norms();
    for (int i = 0; i < windows; ++i) convolution(), pooling(), rectifier();
    batches();
    row_norms();
    for (OpCase& c : resampling_cases(random_(), windows)) cases_.push_back(std::move(c));
    for (OpCase& c : edge_cases(random_())) cases_.push_back(std::move(c));
    for (size_t i = 0, n = cases_.size(); i < n; ++i) {
      if (std::none_of(cases_[i].inputs.begin(), cases_[i].inputs.end(), is_image)) continue;
      cases_.push_back(cases_[i]);
      cases_.back().behind_convs = true;
    }
    return std::move(cases_);
  }

 private:
  int64_t pick(std::initializer_list<int64_t> from) { return from.begin()[random_() % from.size()]; }
  Array floats(const Dims& dims) { return random_array<float>(dims, random_()); }
  Array positive(const Dims& dims) { return positive_array(dims, random_()); }
  Array labels(int64_t n, int64_t classes) {
    std::vector<int64_t> values;
    for (int64_t i = 0; i < n; ++i) values.push_back(static_cast<int64_t>(random_() % static_cast<uint64_t>(classes)));
    return array<int64_t>({n}, values);
  }
  void add(const std::string& op, std::vector<Array> inputs, Outputs outputs, Attrs attrs = {}) {
    cases_.push_back({op + "/1", std::move(inputs), std::move(outputs), std::move(attrs)});
  }
  void add(const std::string& op, std::vector<Array> inputs, const Dims& out, Attrs attrs = {}) {
    add(op, std::move(inputs), Outputs{{CLQ_F32, out}}, std::move(attrs));
  }

  void elementwise() {
    for (const Dims& d : {Dims{1}, Dims{1, 3}, Dims{3, 5}, Dims{33, 92}, Dims{5, 3, 7, 9}, Dims{2, 1031}}) {
      for (const char* op : kUnary) {
        const bool above_0 = std::string(op) == "log" || std::string(op) == "sqrt";
        add(op, {above_0 ? positive(d) : floats(d)}, d);
      }
      for (const char* op : kGradients) add(op, {floats(d), floats(d)}, d);
      add("clip", {floats(d)}, d, {{"min", -0.5}, {"max", 1.0}});
      const Dims last = {d.back()};
      for (const char* op : kBinary)
        for (const Dims& other : {d, Dims{1}, last}) {
          const bool power = std::string(op) == "pow";
          add(op, {power ? positive(d) : floats(d), positive(other)}, d);
          if (!power) add(op, {positive(other), positive(d)}, d);
        }
      for (const char* relation : {"lt", "le", "gt", "ge", "eq", "ne"})
        add("compare", {floats(d), floats(last)}, Outputs{{CLQ_U8, d}}, {{"op", std::string(relation)}});
      std::vector<uint8_t> bits(static_cast<size_t>(floats(d).count()));
      for (uint8_t& b : bits) b = random_() % 2;
      add("select", {array<uint8_t>(d, bits), floats(d), floats({1})}, d);
      add("sigmoid_cross_entropy", {floats(d), positive(d)}, d);
      add("is_finite", {floats(d)}, Outputs{{CLQ_U8, d}});
      add("cast", {floats(d)}, Outputs{{CLQ_F64, d}}, {{"dtype", int64_t{CLQ_F64}}});
    }
  }

  void matrices() {
    for (int i = 0; i < 48; ++i)
      product(pick({1, 3, 5, 33, 92}), pick({1, 2, 5, 31, 92}), pick({1, 3, 17, 92, 301}), i);
    for (int i = 0; i < 4; ++i) {
      product(230, 92, 301, i);   // in pieces
      product(331, 330, 311, i);  // too large for them
    }
  }

  void product(int64_t m, int64_t n, int64_t k, int transposes) {
    const int64_t ta = transposes & 1, tb = (transposes >> 1) & 1;
    add("matmul", {floats(ta ? Dims{k, m} : Dims{m, k}), floats(tb ? Dims{n, k} : Dims{k, n})}, Dims{m, n},
        {{"transpose_a", ta}, {"transpose_b", tb}});
  }

  void batches() {
    for (int i = 0; i < 24; ++i) {
      Dims lead = {pick({1, 3, 5, 33})};
      if (random_() % 2 == 0) lead.push_back(pick({1, 2}));
      products(lead, pick({1, 3, 5, 17, 64}), pick({1, 2, 5, 31, 64}), pick({1, 3, 17, 33}), i);
    }
    for (int i = 0; i < 4; ++i) {
      products({33}, 92, 5, 3, i);
      products({1}, 1, 7, 5, i);
      products({13}, 61, 67, 64, i);          // in pieces of several products
      products({11, 1, 11}, 65, 257, 17, i);  // too large for them
    }
  }

  void products(const Dims& lead, int64_t m, int64_t n, int64_t k, int transposes) {
    const int64_t ta = transposes & 1, tb = (transposes >> 1) & 1;
    const auto behind = [&](int64_t rows, int64_t columns) {
      Dims dims = lead;
      dims.insert(dims.end(), {rows, columns});
      return dims;
    };
    add("batch_matmul", {floats(ta ? behind(k, m) : behind(m, k)), floats(tb ? behind(n, k) : behind(k, n))},
        behind(m, n), {{"transpose_a", ta}, {"transpose_b", tb}});
  }

  void shapes() {
    for (const Dims& d : kBlocks) {
      const int64_t a = d[0], b = d[1], c = d[2];
      add("reshape", {floats(d)}, Dims{b * c, a}, {{"shape", Dims{b * c, -1}}});
      add("transpose", {floats(d)}, Dims{c, a, b}, {{"perm", Dims{2, 0, 1}}});
      add("broadcast", {floats({b, 1})}, d, {{"shape", d}});
      add("concat", {floats(d), floats({a, 1, c}), floats({a, 92, c})}, Dims{a, b + 93, c}, {{"axis", int64_t{1}}});
      add("slice", {floats({a, b + 6, c})}, d, {{"begin", Dims{0, 6, 0}}, {"end", Dims{a, b + 6, c}}});
      add("pad", {floats(d)}, Dims{a + 1, b, c + 3},
          {{"before", Dims{1, 0, 2}}, {"after", Dims{0, 0, 1}}, {"value", 0.5}});
    }
  }

  void indices() {
    for (const auto& [n, k] : {std::pair<int64_t, int64_t>{1, 3}, {33, 5}, {5, 1}, {7, 92}, {33, 92}}) {
      add("argmax", {floats({n, k})}, Outputs{{CLQ_I64, {n}}});
      add("one_hot", {labels(n, k)}, Dims{n, k}, {{"depth", k}, {"dtype", int64_t{CLQ_F32}}});
      add("gather", {floats({k, n}), labels(33, k)}, Dims{33, n});
      add("scatter_add", {labels(33, k), floats({33, n})}, Dims{k, n}, {{"depth", k}});
      add("softmax_cross_entropy", {floats({n, k}), labels(n, k)}, Outputs{{CLQ_F32, {n}}, {CLQ_F32, {n, k}}});
      add("softmax_cross_entropy", {floats({n, k}), positive({n, k})}, Outputs{{CLQ_F32, {n}}, {CLQ_F32, {n, k}}});
      add("log_sum_exp", {floats({n, k})}, Dims{n});
      for (const char* distribution : {"uniform", "normal"}) {
        add("random", {}, Dims{n, k},
            {{"shape", Dims{n, k}},
             {"dtype", int64_t{CLQ_F32}},
             {"stream", int64_t{17}},
             {"distribution", std::string(distribution)}});
        cases_.back().cells = {7, 3, 11};
      }
    }
  }

  void sums() {
    for (const char* op : {"reduce_sum", "reduce_mean", "reduce_max", "reduce_min"}) {
      for (const Dims& d : kBlocks) {
        add(op, {positive(d)}, Dims{d[0], d[2]}, {{"axes", Dims{1}}});
        add(op, {positive(d)}, Dims{d[0]}, {{"axes", Dims{1, 2}}});
        add(op, {positive(d)}, Dims{d[1], d[2]}, {{"axes", Dims{0}}});
      }
      add(op, {positive({1, 20011})}, Dims{});
    }
    for (const Dims& d : kBlocks) {
      add("sum_squares", {floats(d), floats({20011})}, Outputs{{CLQ_F64, {}}});
      add("all_finite", {floats(d), floats({20011})}, Outputs{{CLQ_U8, {}}});
      add("all_reduce", {floats(d)}, d, {{"bucket", int64_t{0}}});
    }
  }

  void norms() {
    for (const Dims& d : {Dims{33, 5}, Dims{2, 3, 5, 7}, Dims{33, 92, 3}, Dims{1, 1, 23}, Dims{5, 92}}) {
      const Dims c = {d[1]};
      const Array x = floats(d), gamma = positive(c), mean = floats(c), variance = positive(c);
      add("batch_norm", {x, gamma, floats(c)}, Outputs{{CLQ_F32, d}, {CLQ_F32, c}, {CLQ_F32, c}});
      add("batch_norm_grad", {x, gamma, mean, variance, floats(d)}, Outputs{{CLQ_F32, d}, {CLQ_F32, c}, {CLQ_F32, c}});
      add("batch_norm_inference", {x, gamma, floats(c), mean, variance}, d);
    }
  }

  void row_norms() {
    for (const Dims& d : {Dims{33, 5}, Dims{2, 3, 5, 64}, Dims{7, 1}, Dims{1, 301}, Dims{5, 23, 92}}) {
      const Dims c = {d.back()}, rows(d.begin(), d.end() - 1);
      const Array x = floats(d), gamma = positive(c);
      add("layer_norm", {x, gamma, floats(c)}, Outputs{{CLQ_F32, d}, {CLQ_F32, rows}, {CLQ_F32, rows}});
      add("layer_norm_grad", {x, gamma, floats(rows), positive(rows), floats(d)},
          Outputs{{CLQ_F32, d}, {CLQ_F32, c}, {CLQ_F32, c}});
    }
  }

  struct Axis {
    int64_t in, kernel, stride, dilation, begin, end;
    int64_t reach() const { return dilation * (kernel - 1) + 1; }
    int64_t out() const { return (in + begin + end - reach()) / stride + 1; }
  };
  Axis axis(bool pooling) {
    while (true) {
      const Axis a{pick({1, 2, 3, 5, 7, 16, 23, 92}), pick({1, 2, 3, 5}), pick({1, 2, 3, 7}),
                   pooling ? 1 : pick({1, 1, 2}),     pick({0, 1, 2}),    pick({0, 1, 4})};
      if (pooling && (a.begin >= a.kernel || a.end >= a.kernel)) continue;
      if (a.in + a.begin + a.end >= a.reach()) return a;
    }
  }
  std::vector<Axis> axes(bool pooling) {
    std::vector<Axis> list = {axis(pooling)};
    if (random_() % 4 != 0) list.push_back(axis(pooling));
    return list;
  }
  static Dims list(const std::vector<Axis>& axes, int64_t Axis::*what) {
    Dims all;
    for (const Axis& a : axes) all.push_back(a.*what);
    return all;
  }
  static Dims with(int64_t first, int64_t second, const Dims& rest) {
    Dims d = {first, second};
    d.insert(d.end(), rest.begin(), rest.end());
    return d;
  }
  static Dims outs(const std::vector<Axis>& axes) {
    Dims all;
    for (const Axis& a : axes) all.push_back(a.out());
    return all;
  }
  static Attrs attrs(const std::vector<Axis>& a) {
    return {
        {"strides", list(a, &Axis::stride)}, {"pads_begin", list(a, &Axis::begin)}, {"pads_end", list(a, &Axis::end)}};
  }

  void convolution() {
    const auto a = axes(false);
    const int64_t n = pick({1, 2, 33}), groups = pick({1, 1, 3}), c = groups * pick({1, 3, 5, 16, 92}),
                  k = groups * pick({1, 3, 5, 32, 92});
    const Dims src = with(n, c, list(a, &Axis::in)), weights = with(k, c / groups, list(a, &Axis::kernel)),
               dst = with(n, k, outs(a));
    Attrs common = attrs(a);
    common.emplace_back("dilations", list(a, &Axis::dilation));
    common.emplace_back("groups", groups);
    const Array x = floats(src), w = floats(weights), diff = floats(dst);
    add("conv", {x, w, floats({k})}, dst, common);
    add("conv", {x, w}, dst, common);
    Attrs of_src = common, of_weights = common;
    of_src.emplace_back("shape", src);
    of_weights.emplace_back("kernel", list(a, &Axis::kernel));
    add("conv_grad_src", {w, diff}, src, of_src);
    add("conv_grad_weights", {x, diff}, Outputs{{CLQ_F32, weights}, {CLQ_F32, {k}}}, of_weights);
  }

  void pooling() {
    const auto a = axes(true);
    const int64_t n = pick({1, 2, 33}), c = pick({1, 3, 5, 92});
    const Dims src = with(n, c, list(a, &Axis::in)), dst = with(n, c, outs(a));
    Attrs common = attrs(a);
    common.emplace_back("kernel", list(a, &Axis::kernel));
    const Array x = floats(src), diff = floats(dst);
    add("max_pool", {x}, dst, common);
    add("max_pool_grad", {x, diff}, src, common);
    for (const int64_t counted : {0, 1}) {
      Attrs mean = common;
      mean.emplace_back("count_padding", counted);
      add("avg_pool", {x}, dst, mean);
      mean.emplace_back("shape", src);
      add("avg_pool_grad", {diff}, src, mean);
    }
  }

  void rectifier() {
    const Dims d = {pick({1, 33}), pick({1, 3, 5, 92}), pick({1, 5, 31})};
    const Array x = floats(d), slope = floats({d[1]});
    add("prelu", {x, slope}, d);
    add("prelu_grad", {x, slope, floats(d)}, Outputs{{CLQ_F32, d}, {CLQ_F32, {d[1]}}});
  }

  std::mt19937_64 random_;
  std::vector<OpCase> cases_;
};

}  // namespace

std::vector<OpCase> op_cases(uint64_t seed, int windows) { return Cases(seed).all(windows); }

}  // namespace clq::test

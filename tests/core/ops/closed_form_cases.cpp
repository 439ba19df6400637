// tests/core/ops/closed_form_cases.cpp -- one case or more for every op, its result written out from docs/ops.md.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include "core/ops/cases.hpp"

namespace clq::test {
namespace {

using I = std::vector<int64_t>;
using D = std::vector<double>;
using Cases = std::vector<ClosedFormCase>;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();
const D kX = {-2, -0.5, 0, 0.5, 3};

Tensor vec(const D& values, DType dtype = CLQ_F64) {
  return tensor({static_cast<int64_t>(values.size())}, values, dtype);
}

Tensor mapped(const D& x, const std::function<double(double)>& f) {
  D y;
  for (const double v : x) y.push_back(f(v));
  return vec(y);
}

double phi(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }
double sigma(double x) { return 1 / (1 + std::exp(-x)); }

void functions(Cases& out) {
  const auto f = [&](const std::string& op, const D& x, const std::function<double(double)>& formula,
                     Attrs attrs = {}) {
    out.push_back({op, {vec(x)}, just(op, attrs), mapped(x, formula)});
  };
  f("neg/1", kX, [](double v) { return -v; });
  f("relu/1", kX, [](double v) { return std::max(v, 0.0); });
  f("leaky_relu/1", kX, [](double v) { return v > 0 ? v : 0.01 * v; });
  f("leaky_relu/1", kX, [](double v) { return v > 0 ? v : 0.2 * v; }, {{"alpha", attr(0.2)}});
  f("elu/1", kX, [](double v) { return v > 0 ? v : std::expm1(v); });
  f("gelu/1", kX, [](double v) { return v * phi(v); });
  f("silu/1", kX, [](double v) { return v * sigma(v); });
  f("sigmoid/1", kX, sigma);
  f("tanh/1", kX, [](double v) { return std::tanh(v); });
  f("softplus/1", {-1000, -1, 0, 1, 1000},
    [](double v) { return std::max(v, 0.0) + std::log1p(std::exp(-std::fabs(v))); });
  f("exp/1", kX, [](double v) { return std::exp(v); });
  f("log/1", {0, 0.5, 2}, [](double v) { return std::log(v); });
  f("sqrt/1", {0, 2, 9}, [](double v) { return std::sqrt(v); });
  f("square/1", kX, [](double v) { return v * v; });
  f("abs/1", kX, [](double v) { return std::fabs(v); });
  f("sin/1", kX, [](double v) { return std::sin(v); });
  f("cos/1", kX, [](double v) { return std::cos(v); });
  f("erf/1", kX, [](double v) { return std::erf(v); });
  f("floor/1", kX, [](double v) { return std::floor(v); });
  f("sign/1", kX, [](double v) { return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0; });
  f("clip/1", kX, [](double v) { return std::clamp(v, -1.0, 1.0); }, {{"min", attr(-1.0)}, {"max", attr(1.0)}});
  f("identity/1", kX, [](double v) { return v; });
  f("stop_gradient/1", kX, [](double v) { return v; });
  out.push_back(
      {"cast/1", {vec({-2.7, -0.5, 2.9})}, just("cast/1", {{"dtype", attr(CLQ_I64)}}), vec({-2, 0, 2}, CLQ_I64)});
}

// Derivatives at x times diff_dst = 2.
void derivatives(Cases& out) {
  const auto f = [&](const std::string& op, const std::function<double(double)>& slope) {
    out.push_back({op, {vec(D(kX.size(), 2)), vec(kX)}, just(op), mapped(kX, [&](double v) { return 2 * slope(v); })});
  };
  const double per_root = 1 / std::sqrt(2 * std::acos(-1.0));
  f("relu_grad/1", [](double v) { return v > 0 ? 1.0 : 0.0; });
  f("leaky_relu_grad/1", [](double v) { return v > 0 ? 1.0 : 0.01; });
  f("elu_grad/1", [](double v) { return v > 0 ? 1.0 : std::exp(v); });
  f("gelu_grad/1", [=](double v) { return phi(v) + v * per_root * std::exp(-v * v / 2); });
  f("silu_grad/1", [](double v) { return sigma(v) * (1 + v * (1 - sigma(v))); });
  f("sigmoid_grad/1", [](double v) { return sigma(v) * (1 - sigma(v)); });
  f("tanh_grad/1", [](double v) { return 1 - std::tanh(v) * std::tanh(v); });
  f("softplus_grad/1", sigma);
}

void binary(Cases& out) {
  const Tensor a = tensor({2, 1}, {1, 4}), b = tensor({3}, {2, -1, 4});
  const auto f = [&](const std::string& op, const D& y, Attrs attrs = {}, DType dtype = CLQ_F64) {
    out.push_back({op, {a, b}, just(op, attrs), tensor({2, 3}, y, dtype)});
  };
  f("add/1", {3, 0, 5, 6, 3, 8});
  f("sub/1", {-1, 2, -3, 2, 5, 0});
  f("mul/1", {2, -1, 4, 8, -4, 16});
  f("div/1", {0.5, -1, 0.25, 2, -4, 1});
  f("maximum/1", {2, 1, 4, 4, 4, 4});
  f("minimum/1", {1, -1, 1, 2, -1, 4});
  f("pow/1", {1, 1, 1, 16, 0.25, 256});
  f("compare/1", {1, 0, 1, 0, 0, 0}, {{"op", attr("lt")}}, CLQ_U8);
  f("compare/1", {1, 0, 1, 0, 0, 1}, {{"op", attr("le")}}, CLQ_U8);
  f("compare/1", {0, 1, 0, 1, 1, 0}, {{"op", attr("gt")}}, CLQ_U8);
  f("compare/1", {0, 1, 0, 1, 1, 1}, {{"op", attr("ge")}}, CLQ_U8);
  f("compare/1", {0, 0, 0, 0, 0, 1}, {{"op", attr("eq")}}, CLQ_U8);
  f("compare/1", {1, 1, 1, 1, 1, 0}, {{"op", attr("ne")}}, CLQ_U8);
  out.push_back({"compare/1", {vec({kNaN}), vec({kNaN})}, just("compare/1", {{"op", attr("ne")}}), vec({1}, CLQ_U8)});
  out.push_back(
      {"select/1", {vec({1, 0, 1}, CLQ_U8), vec({1, 2, 3}), vec({kNaN, 5, 6})}, just("select/1"), vec({1, 5, 3})});
}

void reductions(Cases& out) {
  const Tensor a = tensor({2, 3}, {1, 2, 3, 4, 5, 6}), b = tensor({3, 2}, {1, 0, 2, 1, 0, 3});
  out.push_back({"matmul/1", {a, b}, just("matmul/1"), tensor({2, 2}, {5, 11, 14, 23})});
  out.push_back({"matmul/1", {a, a}, just("matmul/1", {{"transpose_b", attr(1)}}), tensor({2, 2}, {14, 32, 32, 77})});
  const Tensor rows = tensor({2, 1, 2}, {1, 2, 3, 4}), columns = tensor({2, 2, 1}, {10, 1, 1, 10});
  out.push_back({"batch_matmul/1", {rows, columns}, just("batch_matmul/1"), tensor({2, 1, 1}, {12, 43})});
  out.push_back({"reduce_sum/1", {a}, just("reduce_sum/1"), tensor({}, {21})});
  out.push_back({"reduce_sum/1", {a}, just("reduce_sum/1", {{"axes", attr(I{0})}}), vec({5, 7, 9})});
  out.push_back({"reduce_mean/1", {a}, just("reduce_mean/1", {{"axes", attr(I{1})}}), vec({2, 5})});
  out.push_back({"reduce_max/1",
                 {a},
                 just("reduce_max/1", {{"axes", attr(I{1})}, {"keepdims", attr(1)}}),
                 tensor({2, 1}, {3, 6})});
  out.push_back({"reduce_min/1", {a}, just("reduce_min/1"), tensor({}, {1})});
  out.push_back({"cumsum/1", {a}, just("cumsum/1"), tensor({2, 3}, {1, 3, 6, 4, 9, 15})});
  out.push_back({"cumsum/1",
                 {a},
                 just("cumsum/1", {{"exclusive", attr(1)}, {"reverse", attr(1)}}),
                 tensor({2, 3}, {5, 3, 0, 11, 6, 0})});
}

void shapes(Cases& out) {
  const Tensor a = tensor({2, 3}, {1, 2, 3, 4, 5, 6});
  out.push_back({"reshape/1", {a}, just("reshape/1", {{"shape", attr(I{3, -1})}}), tensor({3, 2}, {1, 2, 3, 4, 5, 6})});
  out.push_back(
      {"transpose/1", {a}, just("transpose/1", {{"perm", attr(I{1, 0})}}), tensor({3, 2}, {1, 4, 2, 5, 3, 6})});
  out.push_back(
      {"broadcast/1", {vec({1, 2})}, just("broadcast/1", {{"shape", attr(I{2, 2})}}), tensor({2, 2}, {1, 2, 1, 2})});
  out.push_back({"concat/1",
                 {a, tensor({2, 1}, {7, 8})},
                 just("concat/1", {{"axis", attr(1)}}),
                 tensor({2, 4}, {1, 2, 3, 7, 4, 5, 6, 8})});
  out.push_back({"concat/1", {vec({1, 2}), vec({3})}, just("concat/1"), vec({1, 2, 3})});
  out.push_back({"slice/1",
                 {a},
                 just("slice/1", {{"begin", attr(I{0, 1})}, {"end", attr(I{2, 3})}}),
                 tensor({2, 2}, {2, 3, 5, 6})});
  out.push_back({"pad/1",
                 {vec({1, 2})},
                 just("pad/1", {{"before", attr(I{1})}, {"after", attr(I{2})}, {"value", attr(9.0)}}),
                 vec({9, 1, 2, 9, 9})});
}

void softmaxes(Cases& out) {
  const Tensor x = tensor({1, 2}, {1000, 1000 + std::log(3.0)});  // unshifted it would overflow
  out.push_back({"softmax/1", {x}, just("softmax/1"), tensor({1, 2}, {0.25, 0.75})});
  out.push_back({"log_softmax/1", {x}, just("log_softmax/1"), tensor({1, 2}, {std::log(0.25), std::log(0.75)})});
  out.push_back({"log_sum_exp/1", {x}, just("log_sum_exp/1"), vec({1000 + std::log(4.0)})});
  const Tensor rows = tensor({3, 2}, {0, std::log(3.0), 0, std::log(3.0), 0, std::log(3.0)});
  const std::string ce = "softmax_cross_entropy/1";
  out.push_back({ce, {rows, vec({0, 1, 2}, CLQ_I64)}, output(ce, 0), vec({std::log(4.0), -std::log(0.75), kNaN})});
  out.push_back(
      {ce, {rows, vec({0, 1, 0}, CLQ_I64)}, output(ce, 1), tensor({3, 2}, {0.25, 0.75, 0.25, 0.75, 0.25, 0.75})});
  const double log3 = std::log(3.0);  // of the odds 3 to 1; 800: exp(x) is infinite, exp(-x) is 0
  out.push_back({"sigmoid_cross_entropy/1",
                 {vec({log3, log3, -log3, 0, 800, -800, 800}), vec({1, 0, 0, 0.25, 1, 1, 0.75})},
                 just("sigmoid_cross_entropy/1"),
                 vec({std::log(4 / 3.0), std::log(4.0), std::log(4 / 3.0), std::log(2.0), 0, 800, 200})});
  const Tensor soft = tensor({3, 2}, {0.5, 0.5, 1, 0, 0, 0});
  out.push_back({ce, {rows, soft}, output(ce, 0), vec({-0.5 * std::log(0.25 * 0.75), std::log(4.0), 0})});
}

void indices(Cases& out) {
  out.push_back({"argmax/1", {tensor({2, 3}, {1, 3, 3, 5, 4, 5})}, just("argmax/1"), vec({1, 0}, CLQ_I64)});
  const Attrs hot = {{"depth", attr(3)}, {"dtype", attr(CLQ_F64)}};
  out.push_back(
      {"one_hot/1", {vec({1, 3, -1}, CLQ_I64)}, just("one_hot/1", hot), tensor({3, 3}, {0, 1, 0, 0, 0, 0, 0, 0, 0})});
  const Tensor table = tensor({2, 2}, {1, 2, 3, 4});
  out.push_back(
      {"gather/1", {table, vec({1, 0, 2}, CLQ_I64)}, just("gather/1"), tensor({3, 2}, {3, 4, 1, 2, kNaN, kNaN})});
  out.push_back({"scatter_add/1",
                 {vec({1, 0, 1}, CLQ_I64), tensor({3, 2}, {1, 2, 3, 4, 5, 6})},
                 just("scatter_add/1", {{"depth", attr(3)}}),
                 tensor({3, 2}, {3, 4, 6, 8, 0, 0})});
}

void norms(Cases& out) {
  const Tensor x = tensor({2, 2}, {1, 10, 3, 14}), gamma = vec({2, 1}), beta = vec({0, 5});
  const Attrs eps = {{"eps", attr(1e-30)}};
  out.push_back({"batch_norm/1", {x, gamma, beta}, output("batch_norm/1", 0, eps), tensor({2, 2}, {-2, 4, 2, 6})});
  out.push_back({"batch_norm/1", {x, gamma, beta}, output("batch_norm/1", 1, eps), vec({2, 12})});
  out.push_back({"batch_norm/1", {x, gamma, beta}, output("batch_norm/1", 2, eps), vec({1, 4})});
  const std::vector<Tensor> grad = {x, gamma, vec({2, 12}), vec({1, 4}), tensor({2, 2}, {1, 0, 0, 1})};
  // Two rows: the normalised values are -1 and 1, and diff_src vanishes for any diff_dst.
  out.push_back({"batch_norm_grad/1", grad, output("batch_norm_grad/1", 0, eps), tensor({2, 2}, {0, 0, 0, 0})});
  out.push_back({"batch_norm_grad/1", grad, output("batch_norm_grad/1", 1, eps), vec({-1, 1})});
  out.push_back({"batch_norm_grad/1", grad, output("batch_norm_grad/1", 2, eps), vec({1, 1})});
  out.push_back({"batch_norm_inference/1",
                 {x, gamma, beta, vec({1, 10}), vec({4, 16})},
                 just("batch_norm_inference/1", eps),
                 tensor({2, 2}, {0, 5, 2, 6})});
}

void row_norms(Cases& out) {
  const Tensor x = tensor({2, 2}, {1, 3, 10, 14}), gamma = vec({2, 1}), beta = vec({0, 5});
  const Attrs eps = {{"eps", attr(1e-30)}};
  out.push_back({"layer_norm/1", {x, gamma, beta}, output("layer_norm/1", 0, eps), tensor({2, 2}, {-2, 6, -2, 6})});
  out.push_back({"layer_norm/1", {x, gamma, beta}, output("layer_norm/1", 1, eps), vec({2, 12})});
  out.push_back({"layer_norm/1", {x, gamma, beta}, output("layer_norm/1", 2, eps), vec({1, 0.5})});
  out.push_back(
      {"layer_norm/1", {tensor({2, 1}, {4, 7}), vec({3}), vec({5})}, just("layer_norm/1"), tensor({2, 1}, {5, 5})});
  // Of mean 0 and variance 1; gamma diff_y = (1, 2, 0) has the sum 3, and -a with the normalised row.
  const double a = std::sqrt(1.5);
  const std::vector<Tensor> grad = {tensor({1, 3}, {-a, 0, a}), vec({1, 2, 1}), vec({0}), vec({1}),
                                    tensor({1, 3}, {1, 1, 0})};
  out.push_back({"layer_norm_grad/1", grad, output("layer_norm_grad/1", 0), tensor({1, 3}, {-0.5, 1, -0.5})});
  out.push_back({"layer_norm_grad/1", grad, output("layer_norm_grad/1", 1), vec({-a, 0, 0})});
  out.push_back({"layer_norm_grad/1", grad, output("layer_norm_grad/1", 2), vec({1, 1, 0})});
}

void checks(Cases& out) {
  out.push_back({"is_finite/1", {vec({1, kNaN, kInf, -kInf})}, just("is_finite/1"), vec({1, 0, 0, 0}, CLQ_U8)});
  out.push_back({"all_finite/1", {vec({1, 2}), vec({3}, CLQ_F32)}, just("all_finite/1"), tensor({}, {1}, CLQ_U8)});
  out.push_back({"all_finite/1", {vec({1, 2}), vec({kInf}, CLQ_F32)}, just("all_finite/1"), tensor({}, {0}, CLQ_U8)});
  out.push_back({"sum_squares/1", {vec({1, 2}), vec({3}, CLQ_F32)}, just("sum_squares/1"), tensor({}, {14})});
  out.push_back({"all_reduce/1", {vec({1, 2})}, just("all_reduce/1", {{"bucket", attr(0)}}), vec({1, 2})});
}

// Rows s = 7 and 8 of step 3 with k = seed XOR stream = 5 XOR 9.
void randoms(Cases& out) {
  // Philox4x32-10 in Python's integers, right for Random123's kat_vectors; words >> 8; Box-Muller in NumPy's float64.
  D even = {13605421, 6174697, 1474119, 2383286, 3409230,  4307772,
            16629340, 2251730, 8388184, 5698416, 14615281, 6562534};
  for (double& v : even) v /= 1 << 24;
  const D bell = {-0.43732188134183253, 0.4773430040588989, 1.3837368421484877,   1.7173216063016579,
                  -0.07584002395992823, 1.7836250548757564, 0.08848941191398832,  0.09937728336102018,
                  -0.6287358940190639,  0.9955332190809699, -0.40715155279936016, 0.33186710707534156};
  const auto draw = [](const char* distribution) {
    return [=](GraphBuilder& b, std::span<const Value>) {
      const Value seed = b.constant(5, CLQ_U64), step = b.constant(3, CLQ_I64), first = b.constant(7, CLQ_I64);
      return b.op("random/1", {seed, step, first},
                  {{"shape", attr(I{2, 6})},
                   {"dtype", attr(CLQ_F64)},
                   {"stream", attr(9)},
                   {"distribution", attr(distribution)}});
    };
  };
  out.push_back({"random/1", {}, draw("uniform"), tensor({2, 6}, even)});
  out.push_back({"random/1", {}, draw("normal"), tensor({2, 6}, bell)});
}

}  // namespace

std::vector<ClosedFormCase> closed_form_cases() {
  Cases out;
  for (const auto family : {functions, derivatives, binary, reductions, shapes, softmaxes, indices, norms, row_norms,
                            checks, randoms, add_window_closed_forms, add_resampling_closed_forms})
    family(out);
  return out;
}

}  // namespace clq::test

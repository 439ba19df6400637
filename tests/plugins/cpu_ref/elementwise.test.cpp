// tests/plugins/cpu_ref/elementwise.test.cpp -- unary and binary ops, comparisons, select, cast, checks.
// SPDX-License-Identifier: BSD-3-Clause
#include <functional>
#include <limits>

#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

template <class T>
class Elementwise : public ::testing::Test {};
TYPED_TEST_SUITE(Elementwise, Floats);

struct UnaryCase {
  const char* name;
  double (*f)(double);
  double (*slope)(double);  // nullptr: no gradient op
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double phi(double x) { return 0.5 * (1 + std::erf(x / std::sqrt(2.0))); }
double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * M_PI); }

const UnaryCase kUnary[] = {
    {"neg", [](double x) { return -x; }, nullptr},
    {"relu", [](double x) { return std::max(x, 0.0); }, [](double x) { return x > 0 ? 1.0 : 0.0; }},
    {"leaky_relu", [](double x) { return x > 0 ? x : 0.01 * x; }, [](double x) { return x > 0 ? 1.0 : 0.01; }},
    {"elu", [](double x) { return x > 0 ? x : std::expm1(x); }, [](double x) { return x > 0 ? 1.0 : std::exp(x); }},
    {"gelu", [](double x) { return x * phi(x); }, [](double x) { return phi(x) + x * density(x); }},
    {"silu", [](double x) { return x * sigmoid(x); }, [](double x) { return sigmoid(x) * (1 + x * (1 - sigmoid(x))); }},
    {"sigmoid", sigmoid, [](double x) { return sigmoid(x) * (1 - sigmoid(x)); }},
    {"tanh", [](double x) { return std::tanh(x); }, [](double x) { return 1 / std::cosh(x) / std::cosh(x); }},
    {"softplus", [](double x) { return std::log1p(std::exp(x)); }, sigmoid},
    {"exp", [](double x) { return std::exp(x); }, nullptr},
    {"square", [](double x) { return x * x; }, nullptr},
    {"abs", [](double x) { return std::abs(x); }, nullptr},
    {"sin", [](double x) { return std::sin(x); }, nullptr},
    {"cos", [](double x) { return std::cos(x); }, nullptr},
    {"erf", [](double x) { return std::erf(x); }, nullptr},
    {"floor", [](double x) { return std::floor(x); }, nullptr},
    {"sign", [](double x) { return x > 0   ? 1.0
                                   : x < 0 ? -1.0
                                           : 0.0; }, nullptr},
    {"log", [](double x) { return std::log(x); }, nullptr},
    {"sqrt", [](double x) { return std::sqrt(x); }, nullptr},
};

TYPED_TEST(Elementwise, UnaryOpsFollowTheirFormulas) {
  using T = TypeParam;
  for (const UnaryCase& c : kUnary) {
    SCOPED_TRACE(c.name);
    for (const Dims& dims : {Dims{}, Dims{0}, Dims{1}, Dims{257}, Dims{3, 5, 7, 2}, Dims{40000}}) {
      const Array x = random_array<T>(dims);
      const auto values = x.as<T>();
      const Array y = eval1(std::string(c.name) + "/1", {x}, x.dtype, dims);
      expect_each<T>(y, [&](int64_t i) { return c.f(static_cast<double>(values[static_cast<size_t>(i)])); });
    }
  }
}

TYPED_TEST(Elementwise, GradientOpsAreSlopesTimesDiffDst) {
  using T = TypeParam;
  for (const UnaryCase& c : kUnary) {
    if (c.slope == nullptr) continue;
    SCOPED_TRACE(c.name);
    const Array dy = random_array<T>({257}, 7), x = random_array<T>({257});
    const auto a = dy.as<T>(), b = x.as<T>();
    const Array dx = eval1(std::string(c.name) + "_grad/1", {dy, x}, x.dtype, {257});
    expect_each<T>(dx, [&](int64_t i) {
      return static_cast<double>(a[static_cast<size_t>(i)]) * c.slope(static_cast<double>(b[static_cast<size_t>(i)]));
    });
  }
}

TYPED_TEST(Elementwise, ExtremesAndNaNPassThrough) {
  using T = TypeParam;
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const Array x = array<T>({5}, {-1000, 1000, -inf, inf, nan});
  const auto unary = [&](const char* op) { return eval1(op, {x}, x.dtype, {5}); };
  const auto is = [&](const char* op, std::vector<double> want) {
    SCOPED_TRACE(op);
    expect_each<T>(unary(op), [&](int64_t i) { return want[static_cast<size_t>(i)]; });
  };
  const double dinf = inf, dnan = nan;
  is("sigmoid/1", {0, 1, 0, 1, dnan});
  is("softplus/1", {0, 1000, 0, dinf, dnan});
  is("relu/1", {0, 1000, 0, dinf, dnan});
  is("tanh/1", {-1, 1, -1, 1, dnan});
  const Array zero = eval1("relu_grad/1", {array<T>({1}, {3}), array<T>({1}, {0})}, x.dtype, {1});
  EXPECT_EQ(zero.as<T>()[0], 0);
}

TYPED_TEST(Elementwise, AttributesOfUnaryOpsAreUsed) {
  using T = TypeParam;
  const Array x = array<T>({3}, {-2, 0.5, 3});
  EXPECT_EQ(eval1("clip/1", {x}, x.dtype, {3}, {{"min", -1.0}, {"max", int64_t{2}}}).as<T>(),
            (std::vector<T>{-1, 0.5, 2}));
  EXPECT_EQ(eval1("leaky_relu/1", {x}, x.dtype, {3}, {{"alpha", 0.25}}).as<T>(), (std::vector<T>{-0.5, 0.5, 3}));
  EXPECT_NEAR(static_cast<double>(eval1("elu/1", {x}, x.dtype, {3}, {{"alpha", 2.0}}).as<T>()[0]), 2 * std::expm1(-2.0),
              1e-6);
}

// Index of element i of `onto` in an array of `dims` that is broadcast to it.
size_t source_index(int64_t i, const Dims& onto, const Dims& dims) {
  int64_t index = 0, step = 1;
  for (size_t d = onto.size(); d-- > 0;) {
    const int64_t at = i % onto[d];
    i /= onto[d];
    if (onto.size() - d > dims.size()) continue;
    const int64_t n = dims[d - (onto.size() - dims.size())];
    index += n == 1 ? 0 : at * step;
    step *= n;
  }
  return static_cast<size_t>(index);
}

TYPED_TEST(Elementwise, BinaryOpsBroadcastAsNumPyDoes) {
  using T = TypeParam;
  struct {
    Dims a, b, dst;
  } shapes[] = {{{}, {}, {}},
                {{5, 3}, {5, 3}, {5, 3}},
                {{5, 3}, {}, {5, 3}},
                {{}, {257}, {257}},
                {{129, 257}, {257}, {129, 257}},
                {{257}, {129, 257}, {129, 257}},
                {{5, 3}, {5, 1}, {5, 3}},
                {{4, 1, 3}, {5, 1}, {4, 5, 3}},
                {{2, 3, 4, 5}, {3, 1, 1}, {2, 3, 4, 5}},
                {{1, 1}, {3, 2}, {3, 2}},
                {{0, 3}, {3}, {0, 3}},
                {{40000}, {1}, {40000}}};
  const std::pair<const char*, std::function<double(double, double)>> ops[] = {
      {"add/1", [](double a, double b) { return a + b; }},
      {"sub/1", [](double a, double b) { return a - b; }},
      {"mul/1", [](double a, double b) { return a * b; }},
      {"div/1", [](double a, double b) { return a / b; }},
      {"maximum/1", [](double a, double b) { return std::max(a, b); }},
      {"minimum/1", [](double a, double b) { return std::min(a, b); }}};
  for (const auto& s : shapes)
    for (const auto& [name, f] : ops) {
      SCOPED_TRACE(name);
      const Array a = random_array<T>(s.a, 3), b = random_array<T>(s.b, 4);
      const auto va = a.as<T>(), vb = b.as<T>();
      expect_each<T>(eval1(name, {a, b}, a.dtype, s.dst), [&](int64_t i) {
        return f(static_cast<double>(va[source_index(i, s.dst, s.a)]),
                 static_cast<double>(vb[source_index(i, s.dst, s.b)]));
      });
    }
}

TYPED_TEST(Elementwise, PowCompareAndSelect) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const Array a = array<T>({4}, {2, 3, nan, 0.5}), b = array<T>({4}, {3, 3, 1, 0.25});
  expect_each<T>(eval1("pow/1", {a, b}, a.dtype, {4}), [&](int64_t i) {
    return std::vector<double>{8, 27, std::nan(""), std::pow(0.5, 0.25)}[static_cast<size_t>(i)];
  });
  using Bits = std::vector<uint8_t>;
  const auto compare = [&](const char* op) {
    return eval1("compare/1", {a, b}, CLQ_U8, {4}, {{"op", std::string(op)}}).template as<uint8_t>();
  };
  EXPECT_EQ(compare("lt"), (Bits{1, 0, 0, 0}));
  EXPECT_EQ(compare("le"), (Bits{1, 1, 0, 0}));
  EXPECT_EQ(compare("gt"), (Bits{0, 0, 0, 1}));
  EXPECT_EQ(compare("ge"), (Bits{0, 1, 0, 1}));
  EXPECT_EQ(compare("eq"), (Bits{0, 1, 0, 0}));
  EXPECT_EQ(compare("ne"), (Bits{1, 0, 1, 1}));
  const Array condition = array<uint8_t>({2, 1}, {1, 0}), x = array<T>({3}, {1, 2, 3}), y = array<T>({}, {9});
  EXPECT_EQ(eval1("select/1", {condition, x, y}, x.dtype, {2, 3}).template as<T>(), (std::vector<T>{1, 2, 3, 9, 9, 9}));
}

TYPED_TEST(Elementwise, NaNWinsInMaximumAndMinimum) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const Array a = array<T>({2}, {nan, 1}), b = array<T>({2}, {1, nan});
  for (const char* op : {"maximum/1", "minimum/1"})
    expect_each<T>(eval1(op, {a, b}, a.dtype, {2}), [&](int64_t) { return nan; });
}

TEST(Elementwise64, IntegersAddAndMasksMultiply) {
  const Array a = array<int64_t>({2}, {int64_t{1} << 60, -5}), b = array<int64_t>({}, {3});
  EXPECT_EQ(eval1("add/1", {a, b}, CLQ_I64, {2}).as<int64_t>(), (std::vector<int64_t>{(int64_t{1} << 60) + 3, -2}));
  EXPECT_EQ(eval1("minimum/1", {a, b}, CLQ_I64, {2}).as<int64_t>(), (std::vector<int64_t>{3, -5}));
  const Array m = array<uint8_t>({3}, {1, 1, 0}), n = array<uint8_t>({3}, {1, 0, 0});
  EXPECT_EQ(eval1("mul/1", {m, n}, CLQ_U8, {3}).as<uint8_t>(), (std::vector<uint8_t>{1, 0, 0}));
  EXPECT_THROW(eval1("div/1", {a, b}, CLQ_I64, {2}), CallError);
  EXPECT_THROW(eval1("add/1", {m, n}, CLQ_U8, {3}), CallError);
}

TYPED_TEST(Elementwise, CastTruncatesTowardsZero) {
  using T = TypeParam;
  const Array x = array<T>({6}, {-1.9, 1.9, 3e9, std::numeric_limits<T>::quiet_NaN(), -0.5, 255});
  EXPECT_EQ(eval1("cast/1", {x}, CLQ_I64, {6}, {{"dtype", int64_t{CLQ_I64}}}).template as<int64_t>(),
            (std::vector<int64_t>{-1, 1, 3000000000, 0, 0, 255}));
  EXPECT_EQ(eval1("cast/1", {x}, CLQ_I32, {6}).template as<int32_t>()[2], std::numeric_limits<int32_t>::max());
  EXPECT_EQ(eval1("cast/1", {x}, CLQ_U8, {6}).template as<uint8_t>(), (std::vector<uint8_t>{0, 1, 255, 0, 0, 255}));
  EXPECT_EQ(eval1("cast/1", {array<uint8_t>({2}, {0, 1})}, x.dtype, {2}).template as<T>(), (std::vector<T>{0, 1}));
  EXPECT_EQ(eval1("cast/1", {array<T>({1}, {0.5})}, CLQ_F64, {1}).template as<double>()[0], 0.5);
}

TYPED_TEST(Elementwise, FinitenessAndSquares) {
  using T = TypeParam;
  const T inf = std::numeric_limits<T>::infinity();
  const Array x = array<T>({3}, {1, inf, std::numeric_limits<T>::quiet_NaN()});
  EXPECT_EQ(eval1("is_finite/1", {x}, CLQ_U8, {3}).template as<uint8_t>(), (std::vector<uint8_t>{1, 0, 0}));
  const Array a = random_array<T>({20000}), b = random_array<double>({3});
  EXPECT_EQ(eval1("all_finite/1", {a, b}, CLQ_U8, {}).template as<uint8_t>()[0], 1);
  EXPECT_EQ(eval1("all_finite/1", {b, a, x}, CLQ_U8, {}).template as<uint8_t>()[0], 0);
  auto values = a.template as<T>();
  values[19999] = -inf;
  EXPECT_EQ(eval1("all_finite/1", {array<T>({20000}, values)}, CLQ_U8, {}).template as<uint8_t>()[0], 0);
  double want = 0;
  for (const T v : a.template as<T>()) want += static_cast<double>(v) * static_cast<double>(v);
  for (const double v : b.as<double>()) want += v * v;
  EXPECT_NEAR(eval1("sum_squares/1", {a, b}, CLQ_F64, {}).template as<double>()[0], want, 1e-12 * want);
}

}  // namespace
}  // namespace clq::test

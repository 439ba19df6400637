// tests/plugins/cpu_ref/norm.test.cpp -- batch normalisation with its gradient, layer normalisation.
// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

template <class T>
class BatchNorm : public ::testing::Test {};
TYPED_TEST_SUITE(BatchNorm, Floats);

struct Shape {
  int64_t n, c, s;
  Dims dims() const { return s == 1 ? Dims{n, c} : Dims{n, c, s}; }
  int64_t at(int64_t i, int64_t k, int64_t j) const { return (i * c + k) * s + j; }
};

std::vector<double> moments(const Shape& f, const std::vector<double>& x, int64_t k) {
  double mean = 0, variance = 0;
  const double m = static_cast<double>(f.n * f.s);
  for (int64_t i = 0; i < f.n; ++i)
    for (int64_t j = 0; j < f.s; ++j) mean += x[static_cast<size_t>(f.at(i, k, j))] / m;
  for (int64_t i = 0; i < f.n; ++i)
    for (int64_t j = 0; j < f.s; ++j) variance += std::pow(x[static_cast<size_t>(f.at(i, k, j))] - mean, 2) / m;
  return {mean, variance};
}

template <class T>
std::vector<double> wide(const Array& a) {
  const auto v = a.as<T>();
  return {v.begin(), v.end()};
}

TYPED_TEST(BatchNorm, NormalisesEveryChannel) {
  using T = TypeParam;
  for (const Shape& f : {Shape{33, 130, 1}, Shape{4, 3, 257}, Shape{5, 7, 3}}) {
    const Array x = random_array<T>(f.dims()), gamma = random_array<T>({f.c}, 5), beta = random_array<T>({f.c}, 6);
    const auto vx = wide<T>(x), vg = wide<T>(gamma), vb = wide<T>(beta);
    auto out = eval("batch_norm/1", {x, gamma, beta}, {{x.dtype, x.dims}, {x.dtype, {f.c}}, {x.dtype, {f.c}}});
    expect_each<T>(out[1], [&](int64_t k) { return moments(f, vx, k)[0]; });
    expect_each<T>(out[2], [&](int64_t k) { return moments(f, vx, k)[1]; });
    const auto want = [&](int64_t i) {
      const int64_t k = i / f.s % f.c;
      const auto m = moments(f, vx, k);
      return vg[static_cast<size_t>(k)] * (vx[static_cast<size_t>(i)] - m[0]) / std::sqrt(m[1] + 1e-5) +
             vb[static_cast<size_t>(k)];
    };
    expect_each<T>(out[0], want, tolerance<T>(10));
    expect_each<T>(eval1("batch_norm_inference/1", {x, gamma, beta, out[1], out[2]}, x.dtype, x.dims), want,
                   tolerance<T>(10));
  }
}

template <class T>
class LayerNorm : public ::testing::Test {};
TYPED_TEST_SUITE(LayerNorm, Floats);

TYPED_TEST(LayerNorm, NormalisesEveryRow) {
  using T = TypeParam;
  for (const Shape& f : {Shape{33, 130, 1}, Shape{4, 3, 257}, Shape{5, 7, 3}}) {
    const int64_t n = f.dims().back();
    Dims per_row = f.dims();
    per_row.pop_back();
    const Array x = random_array<T>(f.dims()), gamma = random_array<T>({n}, 5), beta = random_array<T>({n}, 6);
    const auto vx = wide<T>(x), vg = wide<T>(gamma), vb = wide<T>(beta);
    const auto out =
        eval("layer_norm/1", {x, gamma, beta}, {{x.dtype, x.dims}, {x.dtype, per_row}, {x.dtype, per_row}});
    const auto of = [&](int64_t r) { return moments({1, 1, n}, {vx.begin() + r * n, vx.begin() + (r + 1) * n}, 0); };
    expect_each<T>(out[1], [&](int64_t r) { return of(r)[0]; });
    expect_each<T>(out[2], [&](int64_t r) { return 1 / std::sqrt(of(r)[1] + 1e-5); });
    const auto want = [&](int64_t i) {
      const auto m = of(i / n);
      return vg[static_cast<size_t>(i % n)] * (vx[static_cast<size_t>(i)] - m[0]) / std::sqrt(m[1] + 1e-5) +
             vb[static_cast<size_t>(i % n)];
    };
    expect_each<T>(out[0], want, tolerance<T>(10));
  }
}

// The loss is sum(w y); its slope along each input by central differences in F64.
TEST(BatchNormGrad, AgreesWithDifferences) {
  const Shape f{4, 3, 2};
  const Array x = random_array<double>(f.dims()), gamma = random_array<double>({3}, 5),
              beta = random_array<double>({3}, 6), w = random_array<double>(f.dims(), 7);
  const std::vector<OutputSpec> specs = {{CLQ_F64, f.dims()}, {CLQ_F64, {3}}, {CLQ_F64, {3}}};
  const auto forward = eval("batch_norm/1", {x, gamma, beta}, specs);
  const auto grads = eval("batch_norm_grad/1", {x, gamma, forward[1], forward[2], w}, specs);
  const auto loss = [&](const std::vector<Array>& inputs) {
    const auto y = eval("batch_norm/1", inputs, specs)[0].as<double>();
    const auto vw = w.as<double>();
    double sum = 0;
    for (size_t i = 0; i < y.size(); ++i) sum += y[i] * vw[i];
    return sum;
  };
  for (size_t input = 0; input < 3; ++input)
    expect_each<double>(
        grads[input],
        [&](int64_t i) {
          std::vector<Array> up = {x, gamma, beta}, down = up;
          auto values = up[input].as<double>();
          const double h = 1e-5, at = values[static_cast<size_t>(i)];
          values[static_cast<size_t>(i)] = at + h;
          up[input] = array<double>(up[input].dims, values);
          values[static_cast<size_t>(i)] = at - h;
          down[input] = array<double>(down[input].dims, values);
          return (loss(up) - loss(down)) / (2 * h);
        },
        1e-8);  // the differences are good to h^2 and to 1e-16 / h
}

}  // namespace
}  // namespace clq::test

// tests/plugins/cpu_ref/softmax.test.cpp -- normalised exponentials and the losses on them.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

template <class T>
class Softmax : public ::testing::Test {};
TYPED_TEST_SUITE(Softmax, Floats);

double log_sum_exp(const double* x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += std::exp(x[i]);
  return std::log(sum);
}

template <class T>
std::vector<double> wide(const Array& a) {
  const auto v = a.as<T>();
  return {v.begin(), v.end()};
}

TYPED_TEST(Softmax, FollowsItsFormulaForAnyNumberOfClasses) {
  using T = TypeParam;
  for (const int64_t k : {1, 3, 257}) {
    const Array x = random_array<T>({65, 2, k});
    const auto v = wide<T>(x);
    const auto lse = [&](int64_t row) { return log_sum_exp(v.data() + row * k, k); };
    expect_each<T>(eval1("softmax/1", {x}, x.dtype, x.dims),
                   [&](int64_t i) { return std::exp(v[static_cast<size_t>(i)] - lse(i / k)); });
    expect_each<T>(
        eval1("log_softmax/1", {x}, x.dtype, x.dims), [&](int64_t i) { return v[static_cast<size_t>(i)] - lse(i / k); },
        tolerance<T>(10));
    expect_each<T>(eval1("log_sum_exp/1", {x}, x.dtype, {65, 2}), lse, tolerance<T>(10));
  }
}

TYPED_TEST(Softmax, StaysFiniteWhereExpWouldOverflow) {
  using T = TypeParam;
  const Array x = array<T>({1, 3}, {1e4, 1e4, -1e4});
  EXPECT_EQ(eval1("softmax/1", {x}, x.dtype, {1, 3}).template as<T>(), (std::vector<T>{0.5, 0.5, 0}));
  expect_each<T>(eval1("log_softmax/1", {x}, x.dtype, {1, 3}),
                 [](int64_t i) { return i < 2 ? -std::log(2.0) : -2e4 - std::log(2.0); });
  const T inf = std::numeric_limits<T>::infinity();
  EXPECT_EQ(eval1("log_sum_exp/1", {array<T>({1, 2}, {-inf, -inf})}, x.dtype, {1}).template as<T>()[0], -inf);
}

TYPED_TEST(Softmax, CrossEntropyTakesIndicesAndSoftLabels) {
  using T = TypeParam;
  const int64_t n = 33, k = 7;
  const Array x = random_array<T>({n, k});
  const auto v = wide<T>(x);
  std::vector<int64_t> labels(n);
  std::vector<T> soft(n * k);
  for (int64_t i = 0; i < n; ++i) {
    labels[static_cast<size_t>(i)] = i * 3 % k;
    soft[static_cast<size_t>(i * k + i % k)] = T(0.25);
    soft[static_cast<size_t>(i * k + (i + 1) % k)] = T(0.75);
  }
  labels[5] = k, labels[6] = -1;
  const auto log_p = [&](int64_t row, int64_t c) {
    return v[static_cast<size_t>(row * k + c)] - log_sum_exp(v.data() + row * k, k);
  };
  const std::vector<OutputSpec> outputs = {{x.dtype, {n}}, {x.dtype, {n, k}}};
  auto hard = eval("softmax_cross_entropy/1", {x, array<int64_t>({n}, labels)}, outputs);
  expect_each<T>(
      hard[0], [&](int64_t i) { return i == 5 || i == 6 ? std::nan("") : -log_p(i, i * 3 % k); }, tolerance<T>(10));
  expect_each<T>(hard[1], [&](int64_t i) { return std::exp(log_p(i / k, i % k)); });
  auto mixed = eval("softmax_cross_entropy/1", {x, array<T>({n, k}, soft)}, outputs);
  expect_each<T>(
      mixed[0], [&](int64_t i) { return -0.25 * log_p(i, i % k) - 0.75 * log_p(i, (i + 1) % k); }, tolerance<T>(10));
}

TYPED_TEST(Softmax, ALabelOfZeroAddsNothingWhereTheProbabilityIsZero) {
  using T = TypeParam;
  const T inf = std::numeric_limits<T>::infinity();
  const Array x = array<T>({1, 2}, {0, -inf}), y = array<T>({1, 2}, {1, 0});
  EXPECT_EQ(eval("softmax_cross_entropy/1", {x, y}, {{x.dtype, {1}}, {x.dtype, {1, 2}}})[0].template as<T>()[0], 0);
}

TYPED_TEST(Softmax, TheCrossEntropyOfASigmoidFollowsItsFormula) {
  using T = TypeParam;
  const Array x = random_array<T>({65, 301}), z = random_array<T>({65, 301}, 2);
  const auto logits = wide<T>(x), other = wide<T>(z);
  std::vector<T> labels(other.size());
  for (size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<T>(1 / (1 + std::exp(-other[i])));
  expect_each<T>(eval1("sigmoid_cross_entropy/1", {x, array<T>({65, 301}, labels)}, x.dtype, x.dims), [&](int64_t at) {
    const auto i = static_cast<size_t>(at);
    const double p = 1 / (1 + std::exp(-logits[i])), y = static_cast<double>(labels[i]);
    return -y * std::log(p) - (1 - y) * std::log(1 - p);
  });
}

TYPED_TEST(Softmax, TheCrossEntropyOfASigmoidIsThatOfTheLogitFarOut) {
  using T = TypeParam;
  const Array x = array<T>({4}, {1000, 1000, -1000, -1000}), y = array<T>({4}, {0, 1, 0, 1});
  EXPECT_EQ(eval1("sigmoid_cross_entropy/1", {x, y}, x.dtype, {4}).template as<T>(),
            (std::vector<T>{1000, 0, 0, 1000}));
}

}  // namespace
}  // namespace clq::test

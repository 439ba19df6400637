// tests/plugins/cpu_ref/matmul.test.cpp -- products of every transpose and of awkward sizes.
// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

template <class T>
class Matmul : public ::testing::Test {};
TYPED_TEST_SUITE(Matmul, Floats);

TYPED_TEST(Matmul, IsTheSumOverTheInnerAxisForAllTransposes) {
  using T = TypeParam;
  const int64_t sizes[][3] = {{1, 1, 1},    {2, 3, 4},      {1, 257, 33}, {257, 1, 5},    {7, 31, 0},
                              {33, 65, 17}, {129, 100, 64}, {0, 3, 2},    {300, 257, 129}};
  for (const auto& [m, n, k] : sizes)
    for (int64_t t = 0; t < 4; ++t) {
      const int64_t ta = t & 1, tb = t >> 1;
      SCOPED_TRACE(::testing::Message() << m << " " << n << " " << k << " " << ta << tb);
      const Array a = random_array<T>(ta != 0 ? Dims{k, m} : Dims{m, k}),
                  b = random_array<T>(tb != 0 ? Dims{n, k} : Dims{k, n}, 2);
      const auto va = a.as<T>(), vb = b.as<T>();
      const Array c = eval1("matmul/1", {a, b}, a.dtype, {m, n}, {{"transpose_a", ta}, {"transpose_b", tb}});
      expect_each<T>(
          c,
          [&](int64_t i) {
            double sum = 0;
            const int64_t row = i / n, column = i % n;
            for (int64_t l = 0; l < k; ++l)
              sum += static_cast<double>(va[static_cast<size_t>(ta != 0 ? l * m + row : row * k + l)]) *
                     static_cast<double>(vb[static_cast<size_t>(tb != 0 ? column * k + l : l * n + column)]);
            return sum;
          },
          tolerance<T>(static_cast<double>(k)));
    }
}

TYPED_TEST(Matmul, HasTheBitsOfALoopInOrder) {  // so they depend on no tile and no instruction set
  using T = TypeParam;
  const int64_t m = 37, n = 70, k = 129;
  const Array a = random_array<T>({m, k}), b = random_array<T>({k, n}, 2);
  const auto va = a.as<T>(), vb = b.as<T>(), got = eval1("matmul/1", {a, b}, a.dtype, {m, n}).template as<T>();
  for (int64_t i = 0; i < m * n; ++i) {
    volatile T sum = 0;
    for (int64_t l = 0; l < k; ++l)
      sum = sum + va[static_cast<size_t>(i / n * k + l)] * vb[static_cast<size_t>(l * n + i % n)];
    ASSERT_EQ(got[static_cast<size_t>(i)], sum) << i;
  }
}

TYPED_TEST(Matmul, OfABatchHasTheBitsOfEachProduct) {
  using T = TypeParam;
  const int64_t m = 33, n = 70, k = 17, batch = 6;
  const auto part = [](const Array& a, const Dims& dims, int64_t i) {
    const auto values = a.as<T>();
    const auto step = static_cast<ptrdiff_t>(dims[0] * dims[1]), begin = static_cast<ptrdiff_t>(i) * step;
    return array<T>(dims, std::vector<T>(values.begin() + begin, values.begin() + begin + step));
  };
  for (int64_t t = 0; t < 4; ++t) {
    const Attrs attrs = {{"transpose_a", t & 1}, {"transpose_b", t >> 1}};
    const Dims one_a = (t & 1) != 0 ? Dims{k, m} : Dims{m, k}, one_b = (t >> 1) != 0 ? Dims{n, k} : Dims{k, n};
    const Array a = random_array<T>({2, 3, one_a[0], one_a[1]}), b = random_array<T>({2, 3, one_b[0], one_b[1]}, 2);
    const Array all = eval1("batch_matmul/1", {a, b}, a.dtype, {2, 3, m, n}, attrs);
    for (int64_t i = 0; i < batch; ++i)
      EXPECT_EQ(part(all, {m, n}, i).template as<T>(),
                eval1("matmul/1", {part(a, one_a, i), part(b, one_b, i)}, a.dtype, {m, n}, attrs).template as<T>())
          << t << ' ' << i;
  }
}

TYPED_TEST(Matmul, NamesShapesThatDoNotFit) {
  using T = TypeParam;
  try {
    eval1("matmul/1", {random_array<T>({2, 3}), random_array<T>({2, 3})}, dtype_of<T>(), {2, 3});
    FAIL();
  } catch (const CallError& e) {
    EXPECT_EQ(e.status, CLQ_E_INVALID);
    EXPECT_NE(std::string(e.what()).find("matmul/1 (test.layer): inner sizes differ"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace clq::test

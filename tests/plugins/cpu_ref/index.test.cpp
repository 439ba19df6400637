// tests/plugins/cpu_ref/index.test.cpp -- argmax, one_hot, cumsum, gather, scatter_add.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

template <class T>
class Index : public ::testing::Test {};
TYPED_TEST_SUITE(Index, Floats);
using Longs = std::vector<int64_t>;

TYPED_TEST(Index, ArgmaxIsTheFirstOfEquals) {
  using T = TypeParam;
  const Array x = array<T>({3, 3}, {1, 5, 5, -1, -2, -3, 0, std::numeric_limits<T>::quiet_NaN(), 9});
  EXPECT_EQ(eval1("argmax/1", {x}, CLQ_I64, {3}).template as<int64_t>(), (Longs{1, 0, 1}));
}

TYPED_TEST(Index, OneHotIsZeroOutsideItsRange) {
  using T = TypeParam;
  const Array i = array<int64_t>({4}, {1, -1, 3, 0});
  const Attrs attrs = {{"depth", int64_t{3}}, {"dtype", int64_t{dtype_of<T>()}}};
  EXPECT_EQ(eval1("one_hot/1", {i}, dtype_of<T>(), {4, 3}, attrs).template as<T>(),
            (std::vector<T>{0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TYPED_TEST(Index, CumsumGoesBothWays) {
  using T = TypeParam;
  const Array x = array<T>({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto run = [&](int64_t exclusive, int64_t reverse) {
    return eval1("cumsum/1", {x}, x.dtype, {2, 3}, {{"exclusive", exclusive}, {"reverse", reverse}}).template as<T>();
  };
  EXPECT_EQ(run(0, 0), (std::vector<T>{1, 3, 6, 4, 9, 15}));
  EXPECT_EQ(run(1, 0), (std::vector<T>{0, 1, 3, 0, 4, 9}));
  EXPECT_EQ(run(0, 1), (std::vector<T>{6, 5, 3, 15, 11, 6}));
  EXPECT_EQ(run(1, 1), (std::vector<T>{5, 3, 0, 11, 6, 0}));
}

TYPED_TEST(Index, GatherTakesRowsAndMarksBadIndices) {
  using T = TypeParam;
  const Array table = array<T>({3, 2}, {0, 1, 10, 11, 20, 21}), i = array<int64_t>({2, 2}, {2, 0, 3, -1});
  const std::vector<double> want = {20, 21, 0, 1, std::nan(""), std::nan(""), std::nan(""), std::nan("")};
  expect_each<T>(eval1("gather/1", {table, i}, table.dtype, {2, 2, 2}),
                 [&](int64_t k) { return want[static_cast<size_t>(k)]; });
}

TYPED_TEST(Index, ScatterAddSumsRowsOfOneIndex) {
  using T = TypeParam;
  const Array i = array<int64_t>({4}, {1, 0, 1, 7}), rows = array<T>({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(eval1("scatter_add/1", {i, rows}, rows.dtype, {3, 2}, {{"depth", int64_t{3}}}).template as<T>(),
            (std::vector<T>{3, 4, 6, 8, 0, 0}));
  const int64_t n = 20000;
  Longs many(n);
  for (int64_t k = 0; k < n; ++k) many[static_cast<size_t>(k)] = k % 5000;
  const Array sums = eval1("scatter_add/1", {array<int64_t>({n}, many), array<T>({n, 9}, std::vector<T>(n * 9, 1))},
                           rows.dtype, {5000, 9}, {{"depth", int64_t{5000}}});
  expect_each<T>(sums, [](int64_t) { return 4.0; });
}

}  // namespace
}  // namespace clq::test

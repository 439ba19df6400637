// tests/plugins/cpu_ref/reduce.test.cpp -- sums, means and extremes over every set of axes.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

template <class T>
class Reduce : public ::testing::Test {};
TYPED_TEST_SUITE(Reduce, Floats);

struct Expected {
  Dims dims;
  std::vector<double> sum, max, min;
};

template <class T>
Expected reduce(const Array& x, uint32_t mask, bool keep) {
  const double inf = std::numeric_limits<double>::infinity();
  Expected e;
  int64_t n = 1;
  std::vector<int64_t> steps(x.dims.size(), 0);
  for (size_t d = x.dims.size(); d-- > 0;)
    if (((mask >> d) & 1) == 0) steps[d] = n, n *= x.dims[d];
  for (size_t d = 0; d < x.dims.size(); ++d)
    if (((mask >> d) & 1) == 0)
      e.dims.push_back(x.dims[d]);
    else if (keep)
      e.dims.push_back(1);
  e.sum.assign(static_cast<size_t>(n), 0);
  e.max.assign(static_cast<size_t>(n), -inf);
  e.min.assign(static_cast<size_t>(n), inf);
  const auto values = x.as<T>();
  for (int64_t i = 0; i < x.count(); ++i) {
    int64_t rest = i, at = 0;
    for (size_t d = x.dims.size(); d-- > 0;) at += rest % x.dims[d] * steps[d], rest /= x.dims[d];
    const double v = static_cast<double>(values[static_cast<size_t>(i)]);
    const size_t o = static_cast<size_t>(at);
    e.sum[o] += v, e.max[o] = std::max(e.max[o], v), e.min[o] = std::min(e.min[o], v);
  }
  return e;
}

TYPED_TEST(Reduce, EverySetOfAxesOfEveryRank) {
  using T = TypeParam;
  for (const Dims& dims : {Dims{}, Dims{1}, Dims{257}, Dims{40000}, Dims{129, 257}, Dims{300, 3}, Dims{3, 1, 5},
                           Dims{4, 3, 5, 7}, Dims{2, 0, 3}})
    for (uint32_t mask = 0; mask < 1u << dims.size(); ++mask)
      for (const int64_t keep : {0, 1}) {
        const Array x = random_array<T>(dims);
        const Expected e = reduce<T>(x, mask, keep != 0);
        std::vector<int64_t> axes;
        for (size_t d = 0; d < dims.size(); ++d)
          if (((mask >> d) & 1) != 0)
            axes.push_back(static_cast<int64_t>(d) - (keep != 0 ? static_cast<int64_t>(dims.size()) : 0));
        const Attrs attrs = {{"axes", axes}, {"keepdims", keep}};
        const double terms = e.sum.empty() ? 0 : static_cast<double>(x.count()) / static_cast<double>(e.sum.size());
        const auto is = [&](const char* op, const std::vector<double>& want, double scale) {
          SCOPED_TRACE(op);
          expect_each<T>(eval1(op, {x}, x.dtype, e.dims, attrs),
                         [&](int64_t i) { return want[static_cast<size_t>(i)] / scale; });
        };
        is("reduce_sum/1", e.sum, 1);
        is("reduce_mean/1", e.sum, terms);
        is("reduce_max/1", e.max, 1);
        is("reduce_min/1", e.min, 1);
      }
}

TYPED_TEST(Reduce, WithoutAxesReducesAllAndNaNWins) {
  using T = TypeParam;
  auto values = numbers<T>(100);
  values[41] = std::numeric_limits<T>::quiet_NaN();
  const Array x = array<T>({10, 10}, values);
  for (const char* op : {"reduce_sum/1", "reduce_max/1", "reduce_min/1"})
    EXPECT_TRUE(std::isnan(eval1(op, {x}, x.dtype, {}).template as<T>()[0])) << op;
}

}  // namespace
}  // namespace clq::test

// tests/plugins/cpu_ref/shape.test.cpp -- elements move and do not change.
// SPDX-License-Identifier: BSD-3-Clause
#include <numeric>

#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

using List = std::vector<int64_t>;

template <class T>
class ShapeOps : public ::testing::Test {
 public:
  static Array iota(const Dims& dims) {
    Array a = empty(dtype_of<T>(), dims);
    std::vector<T> values(static_cast<size_t>(a.count()));
    std::iota(values.begin(), values.end(), T{0});
    return array<T>(dims, values);
  }
};
using AnyTypes = ::testing::Types<float, double, uint8_t, int32_t, int64_t>;
TYPED_TEST_SUITE(ShapeOps, AnyTypes);

TYPED_TEST(ShapeOps, TransposePermutes) {
  using T = TypeParam;
  const Array x = this->iota({2, 3, 4});
  const auto y = eval1("transpose/1", {x}, x.dtype, {4, 2, 3}, {{"perm", List{2, 0, 1}}}).template as<T>();
  for (int64_t a = 0; a < 4; ++a)
    for (int64_t b = 0; b < 2; ++b)
      for (int64_t c = 0; c < 3; ++c)
        EXPECT_EQ(y[static_cast<size_t>((a * 2 + b) * 3 + c)], static_cast<T>(b * 12 + c * 4 + a));
  const auto flat = eval1("transpose/1", {x}, x.dtype, {2, 3, 4}, {{"perm", List{0, 1, 2}}});
  EXPECT_EQ(flat.data, x.data);
  EXPECT_THROW(eval1("transpose/1", {x}, x.dtype, {2, 2, 3}, {{"perm", List{0, 0, 1}}}), CallError);
}

TYPED_TEST(ShapeOps, BroadcastRepeats) {
  using T = TypeParam;
  EXPECT_EQ(
      eval1("broadcast/1", {this->iota({2, 1})}, dtype_of<T>(), {2, 2, 3}, {{"shape", List{2, 2, 3}}}).template as<T>(),
      (std::vector<T>{0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(eval1("broadcast/1", {this->iota({})}, dtype_of<T>(), {3}).template as<T>(), (std::vector<T>{0, 0, 0}));
}

TYPED_TEST(ShapeOps, SliceUndoesConcat) {
  const Array a = this->iota({2, 3, 2}), b = this->iota({2, 1, 2}), c = this->iota({2, 0, 2});
  const Array all = eval1("concat/1", {a, b, c}, a.dtype, {2, 4, 2}, {{"axis", int64_t{1}}});
  EXPECT_EQ(eval1("slice/1", {all}, a.dtype, {2, 3, 2}, {{"begin", List{0, 0, 0}}, {"end", List{2, 3, 2}}}).data,
            a.data);
  EXPECT_EQ(eval1("slice/1", {all}, a.dtype, {2, 1, 2}, {{"begin", List{0, 3, 0}}, {"end", List{2, 4, 2}}}).data,
            b.data);
  EXPECT_THROW(eval1("slice/1", {all}, a.dtype, {2, 2, 2}, {{"begin", List{0, 3, 0}}, {"end", List{2, 5, 2}}}),
               CallError);
}

TYPED_TEST(ShapeOps, AliasesKeepTheBytes) {
  const Array x = this->iota({2, 3});
  EXPECT_EQ(eval1("identity/1", {x}, x.dtype, {2, 3}).data, x.data);
  EXPECT_EQ(eval1("stop_gradient/1", {x}, x.dtype, {2, 3}).data, x.data);
  EXPECT_EQ(eval1("reshape/1", {x}, x.dtype, {3, 2}, {{"shape", List{3, -1}}}).data, x.data);
  EXPECT_THROW(eval1("reshape/1", {x}, x.dtype, {4}, {{"shape", List{4}}}), CallError);
}

TEST(Pad, SurroundsWithTheValue) {
  const Array x = array<float>({2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(
      eval1("pad/1", {x}, CLQ_F32, {3, 4}, {{"before", List{1, 1}}, {"after", List{0, 1}}, {"value", 9.0}}).as<float>(),
      (std::vector<float>{9, 9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9}));
  const Array y = array<double>({1}, {5});
  EXPECT_EQ(eval1("pad/1", {y}, CLQ_F64, {3}, {{"before", List{2}}, {"after", List{0}}}).as<double>(),
            (std::vector<double>{0, 0, 5}));
}

}  // namespace
}  // namespace clq::test

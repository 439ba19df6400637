// tests/plugins/cpu_ref/random.test.cpp -- the generator's published vectors, and the numbers docs/ops.md makes of it.
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/philox.hpp"

#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

using ref::philox4x32;
using Words = std::array<uint32_t, 4>;

TEST(Philox, GivesTheKnownAnswersOfRandom123) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const uint32_t f = 0xffffffff;
  EXPECT_EQ(philox4x32({f, f, f, f}, {f, f}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

constexpr uint64_t kSeed = 0x0123456789abcdef;
constexpr int64_t kStream = -0x7654321012345679, kStep = 77, kFirst = (int64_t{5} << 32) + 3;

Array draw(const Dims& dims, int32_t dtype, const std::string& distribution, int64_t first = kFirst) {
  return eval1("random/1", {array<uint64_t>({}, {kSeed}), array<int64_t>({}, {kStep}), array<int64_t>({}, {first})},
               dtype, dims,
               {{"shape", dims}, {"dtype", int64_t{dtype}}, {"stream", kStream}, {"distribution", distribution}});
}

Words block(int64_t row, int64_t element) {
  const uint64_t k = kSeed ^ static_cast<uint64_t>(kStream), s = static_cast<uint64_t>(kFirst + row);
  return philox4x32({static_cast<uint32_t>(element / 4), static_cast<uint32_t>(kStep), static_cast<uint32_t>(s),
                     static_cast<uint32_t>(s >> 32)},
                    {static_cast<uint32_t>(k), static_cast<uint32_t>(k >> 32)});
}

template <class T>
class Random : public ::testing::Test {};
TYPED_TEST_SUITE(Random, Floats);

TYPED_TEST(Random, UniformIs24BitsOfTheWord) {
  using T = TypeParam;
  const auto got = draw({5, 3, 7}, dtype_of<T>(), "uniform").template as<T>();
  for (int64_t i = 0; i < 105; ++i) {
    const uint32_t w = block(i / 21, i % 21)[static_cast<size_t>(i % 21 % 4)];
    ASSERT_EQ(static_cast<double>(got[static_cast<size_t>(i)]), static_cast<double>(w >> 8) / 16777216.0) << i;
  }
}

TYPED_TEST(Random, NormalIsBoxMullerOfTheBlock) {
  using T = TypeParam;
  const auto got = draw({5, 7}, dtype_of<T>(), "normal").template as<T>();
  for (int64_t i = 0; i < 35; ++i) {
    const Words w = block(i / 7, i % 7);
    const size_t j = static_cast<size_t>(i % 7 % 4), pair = j / 2 * 2;
    const double r = std::sqrt(-2 * std::log(((w[pair] >> 8) + 1.0) / 16777216.0)),
                 angle = 2 * M_PI * ((w[pair + 1] >> 8) / 16777216.0);
    ASSERT_EQ(got[static_cast<size_t>(i)], static_cast<T>(j % 2 == 0 ? r * std::cos(angle) : r * std::sin(angle))) << i;
  }
}

TYPED_TEST(Random, ARowDependsOnItsSampleAlone) {
  using T = TypeParam;
  const auto all = draw({8, 5}, dtype_of<T>(), "normal").template as<T>(),
             tail = draw({3, 5}, dtype_of<T>(), "normal", kFirst + 5).template as<T>();
  EXPECT_TRUE(std::equal(tail.begin(), tail.end(), all.begin() + 25));
}

TEST(RandomMoments, HasTheMomentsOfItsDistribution) {
  const auto u = draw({1000, 100}, CLQ_F64, "uniform").as<double>(),
             g = draw({1000, 100}, CLQ_F64, "normal").as<double>();
  double mean = 0, mean_g = 0, square_g = 0;
  for (size_t i = 0; i < u.size(); ++i) mean += u[i] / 1e5, mean_g += g[i] / 1e5, square_g += g[i] * g[i] / 1e5;
  EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1 / 12e5));  // five standard errors
  EXPECT_NEAR(mean_g, 0, 5 * std::sqrt(1e-5));
  EXPECT_NEAR(square_g, 1, 5 * std::sqrt(2e-5));
}

}  // namespace
}  // namespace clq::test

// tests/plugins/cpu_ref/window.test.cpp -- convolutions and poolings against their definition, over shapes that hurt.
// SPDX-License-Identifier: BSD-3-Clause
#include <random>

#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

template <class T>
class Windows : public ::testing::Test {};
TYPED_TEST_SUITE(Windows, Floats);

// A drawn window over one axis; `out` follows from it.
struct Axis {
  int64_t in, kernel, stride, dilation, begin, end;
  int64_t reach() const { return dilation * (kernel - 1) + 1; }
  int64_t out() const { return (in + begin + end - reach()) / stride + 1; }
};

struct Case {
  int64_t n, c_in, c_out, groups;
  std::vector<Axis> axes;

  Dims with(int64_t second, int64_t Axis::*size) const {
    Dims dims = {n, second};
    for (const Axis& a : axes) dims.push_back(a.*size);
    return dims;
  }
  Dims src() const { return with(c_in, &Axis::in); }
  Dims weights() const {
    Dims dims = with(c_in / groups, &Axis::kernel);
    dims[0] = c_out;
    return dims;
  }
  Dims dst() const {
    Dims dims = {n, c_out};
    for (const Axis& a : axes) dims.push_back(a.out());
    return dims;
  }
  std::vector<int64_t> list(int64_t Axis::*what) const {
    std::vector<int64_t> all;
    for (const Axis& a : axes) all.push_back(a.*what);
    return all;
  }
  std::vector<int64_t> rests() const {  // what the windows leave over
    std::vector<int64_t> all;
    for (const Axis& a : axes) all.push_back(a.in + a.begin + a.end - a.reach() - (a.out() - 1) * a.stride);
    return all;
  }
  Attrs attrs() const {
    return {{"strides", list(&Axis::stride)},
            {"dilations", list(&Axis::dilation)},
            {"pads_begin", list(&Axis::begin)},
            {"pads_end", list(&Axis::end)}};
  }
  // Row and column of an axis that may not be there.
  Axis h() const { return axes.size() == 2 ? axes[0] : Axis{1, 1, 1, 1, 0, 0}; }
  Axis w() const { return axes.back(); }
};

Axis draw_axis(std::mt19937_64& random, bool pooling) {
  const auto pick = [&](std::initializer_list<int64_t> from) { return from.begin()[random() % from.size()]; };
  while (true) {
    Axis a{pick({1, 2, 3, 5, 7, 16, 23, 92}), pick({1, 2, 3, 5}), pick({1, 2, 3, 7}),
           pooling ? 1 : pick({1, 2, 3}),     pick({0, 1, 2}),    pick({0, 1, 4})};
    if (pooling && (a.begin >= a.kernel || a.end >= a.kernel)) continue;
    if (a.in + a.begin + a.end >= a.reach()) return a;
  }
}

Case draw(std::mt19937_64& random, bool pooling) {
  Case c{};
  c.n = random() % 4 == 0 ? 9 : 1 + static_cast<int64_t>(random() % 2);
  c.groups = 1 + static_cast<int64_t>(random() % 3);
  c.c_in = c.groups * (1 + static_cast<int64_t>(random() % 3));
  c.c_out = pooling ? c.c_in : c.groups * (1 + static_cast<int64_t>(random() % 5));
  for (size_t a = 0; a <= random() % 2; ++a) c.axes.push_back(draw_axis(random, pooling));
  return c;
}

// meet(index into a plane of src, into a plane of dst, kernel element): every pair that the definition multiplies.
template <class Meet>
void each(const Case& c, const Meet& meet) {
  const Axis h = c.h(), w = c.w();
  for (int64_t oh = 0; oh < h.out(); ++oh)
    for (int64_t ow = 0; ow < w.out(); ++ow)
      for (int64_t kh = 0; kh < h.kernel; ++kh)
        for (int64_t kw = 0; kw < w.kernel; ++kw) {
          const int64_t y = oh * h.stride + kh * h.dilation - h.begin, x = ow * w.stride + kw * w.dilation - w.begin;
          if (y >= 0 && y < h.in && x >= 0 && x < w.in) meet(y * w.in + x, oh * w.out() + ow, kh * w.kernel + kw);
        }
}

struct Sums {
  std::vector<double> dst, diff_src, diff_weights;
};

size_t at(int64_t i) { return static_cast<size_t>(i); }

Sums by_definition(const Case& c, const std::vector<double>& src, const std::vector<double>& weights,
                   const std::vector<double>& diff_dst) {
  Sums sums{std::vector<double>(diff_dst.size()), std::vector<double>(src.size()), std::vector<double>(weights.size())};
  const int64_t in = c.h().in * c.w().in, out = c.h().out() * c.w().out(), kernel = c.h().kernel * c.w().kernel;
  const int64_t ci = c.c_in / c.groups, co = c.c_out / c.groups;
  for (int64_t s = 0; s < c.n; ++s)
    for (int64_t k = 0; k < c.c_out; ++k)
      for (int64_t i = 0; i < ci; ++i)
        each(c, [&](int64_t x, int64_t y, int64_t e) {
          const size_t px = at((s * c.c_in + k / co * ci + i) * in + x), py = at((s * c.c_out + k) * out + y),
                       pw = at((k * ci + i) * kernel + e);
          sums.dst[py] += weights[pw] * src[px];
          sums.diff_src[px] += weights[pw] * diff_dst[py];
          sums.diff_weights[pw] += src[px] * diff_dst[py];
        });
  return sums;
}

template <class T>
std::vector<double> wide(const Array& a) {
  const auto v = a.as<T>();
  return {v.begin(), v.end()};
}

TYPED_TEST(Windows, ConvolveAsDefined) {
  using T = TypeParam;
  std::mt19937_64 random(7);
  for (int trial = 0; trial < 40; ++trial) {
    const Case c = draw(random, false);
    const Array src = random_array<T>(c.src(), 1), weights = random_array<T>(c.weights(), 2),
                bias = random_array<T>({c.c_out}, 3), diff = random_array<T>(c.dst(), 4);
    const Sums want = by_definition(c, wide<T>(src), wide<T>(weights), wide<T>(diff));
    Attrs attrs = c.attrs();
    attrs.emplace_back("groups", std::vector<int64_t>{c.groups});
    const int64_t plane = c.h().out() * c.w().out();
    const auto offsets = wide<T>(bias), slopes = wide<T>(diff);
    const auto biased = [&](int64_t i) { return want.dst[at(i)] + offsets[at(i / plane % c.c_out)]; };
    expect_each<T>(eval1("conv/1", {src, weights, bias}, src.dtype, c.dst(), attrs), biased, tolerance<T>(100));
    expect_each<T>(
        eval1("conv/1", {src, weights}, src.dtype, c.dst(), attrs), [&](int64_t i) { return want.dst[at(i)]; },
        tolerance<T>(100));
    Attrs of_src = attrs, of_weights = attrs;
    of_src.emplace_back("shape", c.src());
    of_weights.emplace_back("kernel", c.list(&Axis::kernel));
    expect_each<T>(
        eval1("conv_grad_src/1", {weights, diff}, src.dtype, c.src(), of_src),
        [&](int64_t i) { return want.diff_src[at(i)]; }, tolerance<T>(100));
    Attrs of_transpose = attrs;
    of_transpose.emplace_back("output_padding", c.rests());
    expect_each<T>(
        eval1("conv_transpose/1", {diff, weights}, src.dtype, c.src(), of_transpose),
        [&](int64_t i) { return want.diff_src[at(i)]; }, tolerance<T>(100));
    const auto both =
        eval("conv_grad_weights/1", {src, diff}, {{src.dtype, c.weights()}, {src.dtype, {c.c_out}}}, of_weights);
    expect_each<T>(
        both[0], [&](int64_t i) { return want.diff_weights[at(i)]; }, tolerance<T>(100));
    const auto summed = [&](int64_t k) {
      double sum = 0;
      for (int64_t s = 0; s < c.n; ++s)
        for (int64_t o = 0; o < plane; ++o) sum += slopes[at((s * c.c_out + k) * plane + o)];
      return sum;
    };
    expect_each<T>(both[1], summed, tolerance<T>(100));
  }
}

struct Pools {
  std::vector<double> largest, mean, padded_mean, diff_largest, diff_mean, diff_padded_mean;
};

Pools by_definition(const Case& c, const std::vector<double>& src, const std::vector<double>& diff) {
  const int64_t in = c.h().in * c.w().in, out = c.h().out() * c.w().out();
  const auto kernel = static_cast<double>(c.h().kernel * c.w().kernel);
  const size_t n = diff.size();
  Pools p{std::vector<double>(n, -1e9),    std::vector<double>(n),          std::vector<double>(n),
          std::vector<double>(src.size()), std::vector<double>(src.size()), std::vector<double>(src.size())};
  std::vector<double> count(n);
  std::vector<size_t> where(n);
  const auto planes = [&](const auto& body) {
    for (int64_t plane = 0; plane < c.n * c.c_in; ++plane)
      each(c, [&](int64_t x, int64_t y, int64_t) { body(at(plane * in + x), at(plane * out + y)); });
  };
  planes([&](size_t x, size_t y) {
    count[y] += 1;
    if (src[x] > p.largest[y]) p.largest[y] = src[x], where[y] = x;
  });
  planes([&](size_t x, size_t y) {
    p.mean[y] += src[x] / count[y];
    p.padded_mean[y] += src[x] / kernel;
    p.diff_mean[x] += diff[y] / count[y];
    p.diff_padded_mean[x] += diff[y] / kernel;
  });
  for (size_t y = 0; y < n; ++y) p.diff_largest[where[y]] += diff[y];
  return p;
}

TYPED_TEST(Windows, PoolAsDefined) {
  using T = TypeParam;
  std::mt19937_64 random(11);
  for (int trial = 0; trial < 40; ++trial) {
    const Case c = draw(random, true);
    const Array src = random_array<T>(c.src(), 1), diff = random_array<T>(c.dst(), 4);
    const Pools want = by_definition(c, wide<T>(src), wide<T>(diff));
    Attrs attrs = c.attrs();
    std::erase_if(attrs, [](const auto& a) { return a.first == "dilations"; });
    attrs.emplace_back("kernel", c.list(&Axis::kernel));
    Attrs padded = attrs;
    padded.emplace_back("count_padding", std::vector<int64_t>{1});
    const auto expect = [&](const char* op, const std::vector<Array>& inputs, const Dims& dims, Attrs with,
                            const std::vector<double>& wanted) {
      if (std::string(op) == "avg_pool_grad/1") with.emplace_back("shape", c.src());
      expect_each<T>(
          eval1(op, inputs, src.dtype, dims, with), [&](int64_t i) { return wanted[at(i)]; }, tolerance<T>(20));
    };
    expect("max_pool/1", {src}, c.dst(), attrs, want.largest);
    expect("avg_pool/1", {src}, c.dst(), attrs, want.mean);
    expect("avg_pool/1", {src}, c.dst(), padded, want.padded_mean);
    expect("max_pool_grad/1", {src, diff}, c.src(), attrs, want.diff_largest);
    expect("avg_pool_grad/1", {diff}, c.src(), attrs, want.diff_mean);
    expect("avg_pool_grad/1", {diff}, c.src(), padded, want.diff_padded_mean);
  }
}

// Padding at the end that a whole window fits into; a longer stride steps over as much.
TYPED_TEST(Windows, RefuseOneThatHoldsNoValue) {
  using T = TypeParam;
  const Array x = random_array<T>({1, 2, 3}, 1), diff = random_array<T>({1, 2, 4}, 2);
  const Attrs attrs = {{"kernel", Dims{2}}, {"pads_end", Dims{2}}};
  Attrs shaped = attrs;
  shaped.emplace_back("shape", x.dims);
  EXPECT_THROW(eval1("max_pool/1", {x}, x.dtype, diff.dims, attrs), CallError);
  EXPECT_THROW(eval1("max_pool_grad/1", {x, diff}, x.dtype, x.dims, attrs), CallError);
  EXPECT_THROW(eval1("avg_pool/1", {x}, x.dtype, diff.dims, attrs), CallError);
  EXPECT_THROW(eval1("avg_pool_grad/1", {diff}, x.dtype, x.dims, shaped), CallError);
  const Array four = random_array<T>({1, 1, 4}, 3);
  const Attrs stepping = {{"kernel", Dims{2}}, {"strides", Dims{3}}, {"pads_end", Dims{2}}};
  EXPECT_EQ(eval1("max_pool/1", {four}, x.dtype, {1, 1, 2}, stepping).template as<T>()[1], four.as<T>()[3]);
}

TYPED_TEST(Windows, RectifyWithASlopeAChannel) {
  using T = TypeParam;
  const Dims dims = {9, 5, 31};
  const Array src = random_array<T>(dims, 1), slope = random_array<T>({5}, 2), diff = random_array<T>(dims, 3);
  const auto x = wide<T>(src), a = wide<T>(slope), d = wide<T>(diff);
  const auto k = [](int64_t i) { return at(i / 31 % 5); };
  expect_each<T>(eval1("prelu/1", {src, slope}, src.dtype, dims),
                 [&](int64_t i) { return x[at(i)] > 0 ? x[at(i)] : a[k(i)] * x[at(i)]; });
  const auto grads = eval("prelu_grad/1", {src, slope, diff}, {{src.dtype, dims}, {src.dtype, {5}}});
  expect_each<T>(grads[0], [&](int64_t i) { return x[at(i)] > 0 ? d[at(i)] : a[k(i)] * d[at(i)]; });
  std::vector<double> sums(5);
  for (int64_t i = 0; i < 9 * 5 * 31; ++i) sums[k(i)] += x[at(i)] > 0 ? 0 : x[at(i)] * d[at(i)];
  expect_each<T>(
      grads[1], [&](int64_t i) { return sums[at(i)]; }, tolerance<T>(20));
}

}  // namespace
}  // namespace clq::test

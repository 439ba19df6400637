// tests/conformance/resampling_cases.cpp -- ops that make maps larger, over shapes that hurt.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <random>

#include "conformance/op_cases.hpp"

namespace clq::test {
namespace {

// One axis of a transposed convolution; the size of dst follows.
struct Stretch {
  int64_t in, kernel, stride, dilation, begin, end, more;
  int64_t out() const { return (in - 1) * stride + dilation * (kernel - 1) + 1 - begin - end + more; }
};

class Resampling {
 public:
  explicit Resampling(uint64_t seed) : random_(seed) {}
  std::vector<OpCase> all(int windows) {
    transpose(2, 5, 3, 1, {{7, 2, 2, 1, 0, 0, 0}, {9, 2, 2, 1, 0, 0, 0}});
    transpose(2, 64, 64, 1, {{5, 4, 2, 1, 1, 1, 0}, {8, 4, 2, 1, 1, 1, 0}});
    transpose(1, 1, 1, 1, {{1, 1, 1, 1, 0, 0, 0}});
    transpose(33, 3, 5, 1, {{9, 2, 3, 1, 0, 1, 0}});
    transpose(1, 92, 1, 1, {{7, 3, 2, 1, 1, 0, 1}, {5, 3, 1, 1, 1, 1, 0}});
    for (int i = 0; i < 2 * windows; ++i) {
      const int64_t groups = pick({1, 1, 1, 3});
      transpose(pick({1, 2}), groups * pick({1, 3, 5, 16, 20}), groups * pick({1, 3, 5, 17, 32}), groups, axes());
    }
    resize({33, 3, 5}, {2}), resize({1, 92, 7, 1}, {3, 5}), resize({2, 64, 5, 7}, {2, 2});
    for (int i = 0; i < 2 * windows; ++i) {
      Dims src = {pick({1, 2, 9}), pick({1, 3, 5, 64, 92})}, scales;
      for (size_t n = random_() % 4 == 0 ? 1 : 2; scales.size() < n;)
        src.push_back(pick({1, 2, 3, 7, 13})), scales.push_back(pick({1, 2, 2, 3, 5}));
      resize(src, scales);
    }
    return std::move(cases_);
  }

 private:
  int64_t pick(std::initializer_list<int64_t> from) { return from.begin()[random_() % from.size()]; }
  Array floats(const Dims& dims) { return random_array<float>(dims, random_()); }

  std::vector<Stretch> axes() {
    std::vector<Stretch> list;
    for (size_t n = random_() % 4 == 0 ? 1 : 2; list.size() < n;) {
      Stretch a{pick({1, 2, 3, 7, 13}),
                pick({1, 2, 3, 4, 5}),
                pick({1, 2, 2, 3, 7}),
                pick({1, 1, 2}),
                pick({0, 1, 2}),
                pick({0, 1, 4}),
                0};
      a.more = static_cast<int64_t>(random_() % static_cast<uint64_t>(a.stride));
      if (a.out() >= 1) list.push_back(a);
    }
    return list;
  }

  void transpose(int64_t n, int64_t c, int64_t k, int64_t groups, const std::vector<Stretch>& axes) {
    Dims src = {n, c}, weights = {c, k / groups}, dst = {n, k}, strides, dilations, begin, end, more;
    for (const Stretch& a : axes) {
      src.push_back(a.in), weights.push_back(a.kernel), dst.push_back(a.out());
      strides.push_back(a.stride), dilations.push_back(a.dilation), more.push_back(a.more);
      begin.push_back(a.begin), end.push_back(a.end);
    }
    const Attrs attrs = {{"strides", strides}, {"dilations", dilations}, {"pads_begin", begin},
                         {"pads_end", end},    {"output_padding", more}, {"groups", groups}};
    const Array x = floats(src), w = floats(weights), bias = floats({k});
    cases_.push_back({"conv_transpose/1", {x, w, bias}, {{CLQ_F32, dst}}, attrs});
    cases_.push_back({"conv_transpose/1", {x, w}, {{CLQ_F32, dst}}, attrs});
  }

  void resize(const Dims& src, const Dims& scales) {
    Dims dst = src;
    for (size_t a = 0; a < scales.size(); ++a) dst[a + 2] *= scales[a];
    const Array x = floats(src), diff = floats(dst);
    for (const char* mode : {"nearest", "bilinear"}) {
      const Attrs attrs = {{"scales", scales}, {"mode", std::string(mode)}};
      cases_.push_back({"resize/1", {x}, {{CLQ_F32, dst}}, attrs});
      cases_.push_back({"resize_grad/1", {diff}, {{CLQ_F32, src}}, attrs});
    }
  }

  std::mt19937_64 random_;
  std::vector<OpCase> cases_;
};

}  // namespace

std::vector<OpCase> resampling_cases(uint64_t seed, int windows) { return Resampling(seed).all(windows); }

}  // namespace clq::test

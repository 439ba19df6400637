// plugins/cpu_ref/kernels/resize.cpp -- larger maps of [N, C, L] and [N, C, H, W], and the gradient of making them.
// SPDX-License-Identifier: BSD-3-Clause
//
// Every element of a result is one sum in F64, in ascending order of row and column. What has the weight 0 is left out.
#include "kernels/resize.hpp"

namespace clq::ref {
namespace {

void end_element(Taps& t) { t.offset.push_back(static_cast<int64_t>(t.weight.size())); }

// Element o lies at (o + 1/2) / scale - 1/2 of the source, its first or last element where that is outside.
Taps taps_of(int64_t size, int64_t scale, bool linear) {
  Taps t{size, size * scale, {}, {0}, {}};
  for (int64_t o = 0; o < t.to; ++o) {
    const int64_t at = std::max<int64_t>(0, 2 * o + 1 - scale), unit = 2 * scale;  // the place, in parts of `unit`
    const bool between = linear && at % unit != 0 && at / unit + 1 < size;
    const double share = between ? static_cast<double>(at % unit) / static_cast<double>(unit) : 0;
    t.first.push_back(linear ? at / unit : o / scale);
    t.weight.push_back(1 - share);
    if (between) t.weight.push_back(share);
    end_element(t);
  }
  return t;
}

// The same weights from the other side.
Taps transposed(const Taps& t) {
  Taps back{t.to, t.from, {}, {0}, {}};
  int64_t o = 0;  // the first element that element i has a part in
  for (int64_t i = 0; i < t.from; ++i) {
    const auto place = [&](int64_t k) { return i - t.first[static_cast<size_t>(k)]; };
    while (place(o) >= t.count(o)) ++o;
    back.first.push_back(o);
    for (int64_t k = o; k < t.to && place(k) >= 0; ++k)
      back.weight.push_back(t.weight[static_cast<size_t>(t.offset[static_cast<size_t>(k)] + place(k))]);
    end_element(back);
  }
  return back;
}

// Row y of a plane of the result.
template <class T, int64_t L>
void sum_row(const PlaneTaps& t, const T* from, T* to, int64_t y) {
  const int64_t *h = t.h.offset.data() + y, *w = t.w.offset.data();
  const T* rows = from + t.h.first[static_cast<size_t>(y)] * t.w.from * L;
  for (int64_t x = 0; x < t.w.to; ++x) {
    double sum[L] = {};
    for (int64_t i = h[0]; i < h[1]; ++i)
      for (int64_t j = w[x]; j < w[x + 1]; ++j) {
        const T* at = rows + ((i - h[0]) * t.w.from + t.w.first[static_cast<size_t>(x)] + j - w[x]) * L;
        const double weight = t.h.weight[static_cast<size_t>(i)] * t.w.weight[static_cast<size_t>(j)];
        for (int64_t l = 0; l < L; ++l) sum[l] += weight * static_cast<double>(at[l]);
      }
    for (int64_t l = 0; l < L; ++l) to[x * L + l] = static_cast<T>(sum[l]);
  }
}

template <class T, int64_t L>
std::unique_ptr<Kernel> make_planes(PlaneTaps taps, int64_t n_planes) {
  return make_kernel([t = std::move(taps), n_planes](const Operands& io, const Context& context) {
    const int64_t in = t.h.from * t.w.from * L, row = t.w.to * L;
    parallel(context, n_planes * t.h.to, kCheapGrain / row, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        sum_row<T, L>(t, io.in<T>(0) + r / t.h.to * in, io.out<T>(0) + r * row, r % t.h.to);
    });
  });
}

std::unique_ptr<Kernel> make_resize(const OpView& op) {
  PlaneTaps taps = resize_taps(op);
  const clq_tensor_desc& src = op.src(0);
  const int64_t n_planes = src.dims[0] * src.dims[1];
  return with_float(op, src.dtype, [&]<class T>(T) { return make_planes<T, 1>(std::move(taps), n_planes); });
}

constexpr OpEntry kResizeOps[] = {{"resize/1", make_resize}, {"resize_grad/1", make_resize}};

}  // namespace

PlaneTaps resize_taps(const OpView& op) {
  op.count(1, 1);
  const bool gradient = std::string_view(op.op().name) == "resize_grad/1";
  const clq_tensor_desc &small = gradient ? op.dst(0) : op.src(0), &large = gradient ? op.src(0) : op.dst(0);
  const std::string_view mode = sdk::attr_text(op.op(), "mode", "nearest");
  op.require(mode == "nearest" || mode == "bilinear", "mode is neither nearest nor bilinear");
  const std::vector<int64_t> scales = op.list("scales");
  const size_t n = scales.size();
  if (n < 1 || n > 2 || small.rank != static_cast<int32_t>(n + 2))
    op.fail("scales needs one entry an axis of " + shape_text(small) + " after N and C");
  clq_tensor_desc want = small;
  PlaneTaps taps{{1, 1, {0}, {0, 1}, {1}}, {}};
  for (size_t a = 0; a < n; ++a) {
    op.require(scales[a] >= 1 && small.dims[a + 2] >= 1, "scales and sizes must be positive");
    want.dims[a + 2] *= scales[a];
    Taps t = taps_of(small.dims[a + 2], scales[a], mode == "bilinear");
    (a + 1 == n ? taps.w : taps.h) = gradient ? transposed(t) : std::move(t);
  }
  op.same(want, large);
  return taps;
}

std::unique_ptr<Kernel> make_resize_planes(PlaneTaps taps, int64_t n_planes, int64_t lanes) {
  if (lanes == 16) return make_planes<float, 16>(std::move(taps), n_planes);
  if (lanes == 8) return make_planes<float, 8>(std::move(taps), n_planes);
  return make_planes<float, 1>(std::move(taps), n_planes);
}

std::span<const OpEntry> resize_ops() { return kResizeOps; }

}  // namespace clq::ref

// plugins/cpu_ref/kernels/pool.cpp -- the largest and the mean value of windows over [N, C, L] and [N, C, H, W].
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "kernels/window.hpp"

namespace clq::ref {
namespace {

// The part of a window that lies inside the input.
struct Part {
  int64_t h0, h1, w0, w1;
  int64_t count() const { return (h1 - h0) * (w1 - w0); }
};

Part part_of(const Window& w, int64_t oh, int64_t ow) {
  const int64_t h = w.h.at(oh, 0), x = w.w.at(ow, 0);
  return {std::max<int64_t>(h, 0), std::min(h + w.h.kernel, w.h.in), std::max<int64_t>(x, 0),
          std::min(x + w.w.kernel, w.w.in)};
}

// The first of the largest; a NaN is larger than any number, so that it is not lost.
template <class T>
int64_t largest(const T* src, const Window& w, const Part& p) {
  int64_t best = p.h0 * w.w.in + p.w0;
  for (int64_t h = p.h0; h < p.h1; ++h)
    for (int64_t i = h * w.w.in + p.w0; i < h * w.w.in + p.w1; ++i)
      if (src[i] > src[best] || (std::isnan(src[i]) && !std::isnan(src[best]))) best = i;
  return best;
}

// body(window's part, number of the window) for all windows of a plane.
template <class Body>
void windows(const Window& w, const Body& body) {
  for (int64_t oh = 0; oh < w.h.out; ++oh)
    for (int64_t ow = 0; ow < w.w.out; ++ow) body(part_of(w, oh, ow), oh * w.w.out + ow);
}

template <class T>
void mean_plane(const Window& w, bool count_padding, const T* src, T* dst) {
  windows(w, [&](const Part& p, int64_t o) {
    double sum = 0;
    for (int64_t h = p.h0; h < p.h1; ++h)
      for (int64_t x = p.w0; x < p.w1; ++x) sum += static_cast<double>(src[h * w.w.in + x]);
    dst[o] = static_cast<T>(sum / static_cast<double>(count_padding ? w.kernel() : p.count()));
  });
}

template <class T>
void mean_plane_grad(const Window& w, bool count_padding, const T* diff_dst, T* diff_src) {
  std::fill_n(diff_src, w.in(), T{});
  windows(w, [&](const Part& p, int64_t o) {
    const T share = diff_dst[o] / static_cast<T>(count_padding ? w.kernel() : p.count());
    for (int64_t h = p.h0; h < p.h1; ++h)
      for (int64_t x = p.w0; x < p.w1; ++x) diff_src[h * w.w.in + x] += share;
  });
}

// plane(p) for each of the N C planes.
template <class Plane>
std::unique_ptr<Kernel> by_planes(int64_t n_planes, int64_t work, Plane plane) {
  return make_kernel([n_planes, work, plane](const Operands& io, const Context& context) {
    parallel(context, n_planes, std::max<int64_t>(1, kCheapGrain / work), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) plane(io, p);
    });
  });
}

Window window_of(const OpView& op, const clq_tensor_desc& src, const clq_tensor_desc& dst) {
  if (src.dtype != dst.dtype || src.rank != dst.rank || src.rank < 2 || src.dims[1] != dst.dims[1])
    op.fail(shape_text(src) + " does not pool to " + shape_text(dst));
  const Window w = read_window(op, src, dst, op.list("kernel"));
  for (const Axis& a : {w.h, w.w})
    op.require(a.dilation == 1 && a.pad < a.kernel && a.at(a.out - 1, 0) < a.in, "a window holds no value");
  return w;
}

std::unique_ptr<Kernel> make_max_pool(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc& src = op.src(0);
  const Window w = window_of(op, src, op.dst(0));
  return with_float(op, src.dtype, [&]<class T>(T) {
    return by_planes(src.dims[0] * src.dims[1], w.out() * w.kernel(), [w](const Operands& io, int64_t plane) {
      const T* from = io.in<T>(0) + plane * w.in();
      T* to = io.out<T>(0) + plane * w.out();
      windows(w, [&](const Part& p, int64_t o) { to[o] = from[largest(from, w, p)]; });
    });
  });
}

std::unique_ptr<Kernel> make_max_pool_grad(const OpView& op) {
  op.count(2, 1);
  const clq_tensor_desc& src = op.src(0);
  const Window w = window_of(op, src, op.src(1));
  op.same(src, op.dst(0));
  return with_float(op, src.dtype, [&]<class T>(T) {
    return by_planes(src.dims[0] * src.dims[1], w.out() * w.kernel(), [w](const Operands& io, int64_t plane) {
      const T *from = io.in<T>(0) + plane * w.in(), *diff_dst = io.in<T>(1) + plane * w.out();
      T* to = io.out<T>(0) + plane * w.in();
      std::fill_n(to, w.in(), T{});
      windows(w, [&](const Part& p, int64_t o) { to[largest(from, w, p)] += diff_dst[o]; });
    });
  });
}

std::unique_ptr<Kernel> make_avg_pool(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc& src = op.src(0);
  const Window w = window_of(op, src, op.dst(0));
  const bool count_padding = op.i64("count_padding", 0) != 0;
  return with_float(op, src.dtype, [&]<class T>(T) {
    return by_planes(src.dims[0] * src.dims[1], w.out() * w.kernel(),
                     [w, count_padding](const Operands& io, int64_t plane) {
                       mean_plane(w, count_padding, io.in<T>(0) + plane * w.in(), io.out<T>(0) + plane * w.out());
                     });
  });
}

std::unique_ptr<Kernel> make_avg_pool_grad(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc& diff_src = op.dst(0);
  const Window w = window_of(op, diff_src, op.src(0));
  const bool count_padding = op.i64("count_padding", 0) != 0;
  return with_float(op, diff_src.dtype, [&]<class T>(T) {
    return by_planes(diff_src.dims[0] * diff_src.dims[1], w.out() * w.kernel(),
                     [w, count_padding](const Operands& io, int64_t plane) {
                       mean_plane_grad(w, count_padding, io.in<T>(0) + plane * w.out(), io.out<T>(0) + plane * w.in());
                     });
  });
}

constexpr OpEntry kPoolOps[] = {{"max_pool/1", make_max_pool},
                                {"max_pool_grad/1", make_max_pool_grad},
                                {"avg_pool/1", make_avg_pool},
                                {"avg_pool_grad/1", make_avg_pool_grad}};

}  // namespace

std::span<const OpEntry> pool_ops() { return kPoolOps; }

}  // namespace clq::ref

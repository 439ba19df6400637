// plugins/cpu_ref/kernels/conv.cpp -- convolutions of [N, C, L] and [N, C, H, W], their gradients and transposes.
// SPDX-License-Identifier: BSD-3-Clause
//
// dst and diff_src take their terms in the operands' dtype, in ascending order of (channel, kernel element);
// diff_weights and diff_bias add in F64, in ascending order of (sample, row), a row in lanes. Each element is one
// thread's.
#include <array>

#include "kernels/window.hpp"

namespace clq::ref {
namespace {

struct Conv {
  int64_t n, c_in, c_out, groups;
  Window window;
  int64_t in_of_group() const { return c_in / groups; }
  int64_t out_of_group() const { return c_out / groups; }
  // Weights lie as [c_out, in_of_group, kernel].
  int64_t weights_at(int64_t k, int64_t c) const { return (k * in_of_group() + c) * window.kernel(); }
};

Conv conv_of(const OpView& op, const clq_tensor_desc& src, const clq_tensor_desc& weights, const clq_tensor_desc& dst) {
  if (weights.rank != src.rank || src.rank < 3 || weights.dtype != src.dtype || dst.dtype != src.dtype)
    op.fail(shape_text(weights) + " does not convolve " + shape_text(src));
  Conv c{src.dims[0], src.dims[1], weights.dims[0], op.i64("groups", 1),
         read_window(op, src, dst, {weights.dims + 2, weights.dims + weights.rank})};
  if (c.groups < 1 || c.c_in % c.groups != 0 || c.c_out % c.groups != 0 || weights.dims[1] != c.in_of_group() ||
      dst.dims[1] != c.c_out)
    op.fail(shape_text(weights) + " in " + std::to_string(c.groups) + " groups does not lead from " + shape_text(src) +
            " to " + shape_text(dst));
  return c;
}

// body(row of src, row of dst, kernel element): each meeting of a kernel element with a row, without the padding.
template <class Body>
void rows(const Window& w, const Body& body) {
  for (int64_t kh = 0; kh < w.h.kernel; ++kh)
    for (int64_t kw = 0; kw < w.w.kernel; ++kw)
      for (int64_t oh = w.h.begin(kh), end = w.h.end(kh); oh < end; ++oh)
        body(w.h.at(oh, kh) * w.w.in, oh * w.w.out, kh * w.w.kernel + kw, kw);
}

template <class T>
void forward(const Conv& c, const Operands& io, int64_t sample, int64_t k) {
  const Window& w = c.window;
  T* dst = io.out<T>(0) + (sample * c.c_out + k) * w.out();
  std::fill_n(dst, w.out(), io.src[2] != nullptr ? io.in<T>(2)[k] : T{});
  const int64_t first = k / c.out_of_group() * c.in_of_group();
  for (int64_t i = 0; i < c.in_of_group(); ++i) {
    const T* src = io.in<T>(0) + (sample * c.c_in + first + i) * w.in();
    const T* weights = io.in<T>(1) + c.weights_at(k, i);
    rows(w, [&](int64_t src_row, int64_t dst_row, int64_t element, int64_t kw) {
      const T weight = weights[element];
      const int64_t begin = w.w.begin(kw), n = w.w.end(kw) - begin, stride = w.w.stride;
      const T* x = src + src_row + w.w.at(begin, kw);
      T* y = dst + dst_row + begin;
      if (stride == 1)
        for (int64_t o = 0; o < n; ++o) y[o] += weight * x[o];
      else
        for (int64_t o = 0; o < n; ++o) y[o] += weight * x[o * stride];
    });
  }
}

// Operands as of conv_grad_src; `start` stands before the first term.
template <class T>
void backward_src(const Conv& c, const Operands& io, int64_t sample, int64_t channel, T start) {
  const Window& w = c.window;
  T* diff_src = io.out<T>(0) + (sample * c.c_in + channel) * w.in();
  std::fill_n(diff_src, w.in(), start);
  const int64_t group = channel / c.in_of_group(), i = channel % c.in_of_group();
  for (int64_t k = group * c.out_of_group(); k < (group + 1) * c.out_of_group(); ++k) {
    const T* weights = io.in<T>(0) + c.weights_at(k, i);
    const T* diff_dst = io.in<T>(1) + (sample * c.c_out + k) * w.out();
    rows(w, [&](int64_t src_row, int64_t dst_row, int64_t element, int64_t kw) {
      const T weight = weights[element];
      const int64_t begin = w.w.begin(kw), n = w.w.end(kw) - begin, stride = w.w.stride;
      T* x = diff_src + src_row + w.w.at(begin, kw);
      const T* y = diff_dst + dst_row + begin;
      if (stride == 1)
        for (int64_t o = 0; o < n; ++o) x[o] += weight * y[o];
      else
        for (int64_t o = 0; o < n; ++o) x[o * stride] += weight * y[o];
    });
  }
}

constexpr int64_t kLanes = 8;  // column o of a row is added to lane o mod 8, then the lanes in order

template <class T>
double dot(const T* x, int64_t stride, const T* y, int64_t n) {
  double lanes[kLanes] = {}, sum = 0;
  int64_t o = 0;
  for (; o + kLanes <= n; o += kLanes)
    for (int64_t l = 0; l < kLanes; ++l)
      lanes[l] += static_cast<double>(x[(o + l) * stride]) * static_cast<double>(y[o + l]);
  for (int64_t l = 0; o < n; ++o, ++l) lanes[l] += static_cast<double>(x[o * stride]) * static_cast<double>(y[o]);
  for (const double lane : lanes) sum += lane;
  return sum;
}

template <class T>
double weight_gradient(const Conv& c, const T* src, const T* diff_dst, int64_t kh, int64_t kw) {
  const Window& w = c.window;
  const int64_t begin = w.w.begin(kw), n = w.w.end(kw) - begin;
  double sum = 0;
  for (int64_t s = 0; s < c.n; ++s, src += c.c_in * w.in(), diff_dst += c.c_out * w.out())
    for (int64_t oh = w.h.begin(kh), end = w.h.end(kh); oh < end; ++oh)
      sum += dot(src + w.h.at(oh, kh) * w.w.in + w.w.at(begin, kw), w.w.stride, diff_dst + oh * w.w.out + begin, n);
  return sum;
}

template <class T>
void backward_weights(const Conv& c, const Operands& io, int64_t k, int64_t i) {
  const Window& w = c.window;
  const T* src = io.in<T>(0) + (k / c.out_of_group() * c.in_of_group() + i) * w.in();
  const T* diff_dst = io.in<T>(1) + k * w.out();
  T* diff_weights = io.out<T>(0) + c.weights_at(k, i);
  for (int64_t kh = 0; kh < w.h.kernel; ++kh)
    for (int64_t kw = 0; kw < w.w.kernel; ++kw)
      *diff_weights++ = static_cast<T>(weight_gradient(c, src, diff_dst, kh, kw));
}

template <class T>
void backward_bias(const Conv& c, const Operands& io, int64_t k) {
  double sum = 0;
  for (int64_t s = 0; s < c.n; ++s) {
    const T* diff_dst = io.in<T>(1) + (s * c.c_out + k) * c.window.out();
    for (int64_t o = 0; o < c.window.out(); ++o) sum += static_cast<double>(diff_dst[o]);
  }
  io.out<T>(1)[k] = static_cast<T>(sum);
}

// body(i, j) for i < n, j < m, cut over the threads.
template <class Body>
void pairs(const Context& context, int64_t n, int64_t m, const Body& body) {
  parallel(context, n * m, 1, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) body(p / m, p % m);
  });
}

std::unique_ptr<Kernel> make_conv(const OpView& op) {
  const bool biased = op.n_src() == 3;
  op.count(biased ? 3 : 2, 1);
  const clq_tensor_desc& src = op.src(0);
  const Conv c = conv_of(op, src, op.src(1), op.dst(0));
  if (biased) op.same(op.src(2), desc_like(src, std::array{c.c_out}));
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel([c, biased](const Operands& io, const Context& context) {
      void* const operands[] = {io.src[0], io.src[1], biased ? io.src[2] : nullptr};
      pairs(context, c.n, c.c_out, [&](int64_t s, int64_t k) { forward<T>(c, {operands, io.dst, nullptr}, s, k); });
    });
  });
}

std::unique_ptr<Kernel> make_conv_grad_src(const OpView& op) {
  op.count(2, 1);
  const clq_tensor_desc& diff_src = op.dst(0);
  const Conv c = conv_of(op, diff_src, op.src(0), op.src(1));
  return with_float(op, diff_src.dtype, [&]<class T>(T) {
    return make_kernel([c](const Operands& io, const Context& context) {
      pairs(context, c.n, c.c_in, [&](int64_t s, int64_t i) { backward_src<T>(c, io, s, i, T{}); });
    });
  });
}

// What the windows over dst leave over at its end is what output_padding says.
void expect_rest(const OpView& op, const Window& w, size_t n_axes) {
  const auto entry = [&](const char* name, size_t axis) {
    const std::vector<int64_t> list = op.list(name);
    op.require(list.empty() || list.size() == n_axes, "output_padding needs one entry an axis");
    return list.empty() ? 0 : list[axis];
  };
  for (size_t axis = 0; axis < n_axes; ++axis) {
    const Axis& a = axis + 1 == n_axes ? w.w : w.h;
    const int64_t reach = (a.out - 1) * a.stride + a.dilation * (a.kernel - 1) + 1;
    if (a.in + a.pad + entry("pads_end", axis) - reach != entry("output_padding", axis))
      op.fail("a kernel of " + std::to_string(a.kernel) + " under " + std::to_string(a.out) + " does not give " +
              std::to_string(a.in));
  }
}

// The gradient by src of the convolution that leads from dst to src.
std::unique_ptr<Kernel> make_conv_transpose(const OpView& op) {
  const bool biased = op.n_src() == 3;
  op.count(biased ? 3 : 2, 1);
  const clq_tensor_desc &src = op.src(0), &dst = op.dst(0);
  const Conv c = conv_of(op, dst, op.src(1), src);
  expect_rest(op, c.window, static_cast<size_t>(src.rank - 2));
  if (biased) op.same(op.src(2), desc_like(src, std::array{c.c_in}));
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel([c, biased](const Operands& io, const Context& context) {
      void* const operands[] = {io.src[1], io.src[0]};
      pairs(context, c.n, c.c_in, [&](int64_t s, int64_t i) {
        backward_src<T>(c, {operands, io.dst, nullptr}, s, i, biased ? io.in<T>(2)[i] : T{});
      });
    });
  });
}

std::unique_ptr<Kernel> make_conv_grad_weights(const OpView& op) {
  op.count(2, 2);
  const clq_tensor_desc &src = op.src(0), &diff_dst = op.src(1);
  if (src.rank < 3 || diff_dst.rank != src.rank) op.fail(shape_text(src) + " is no src of " + shape_text(diff_dst));
  const int64_t groups = std::max<int64_t>(1, op.i64("groups", 1));
  std::vector<int64_t> dims = {diff_dst.dims[1], src.dims[1] / groups};
  for (const int64_t size : op.list("kernel")) dims.push_back(size);
  const clq_tensor_desc weights = desc_like(src, dims);
  const Conv c = conv_of(op, src, weights, diff_dst);
  if (op.has_dst(0)) op.same(op.dst(0), weights);
  if (op.has_dst(1)) op.same(op.dst(1), desc_like(src, std::array{c.c_out}));
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel([c](const Operands& io, const Context& context) {
      if (io.dst[0] != nullptr)
        pairs(context, c.c_out, c.in_of_group(), [&](int64_t k, int64_t i) { backward_weights<T>(c, io, k, i); });
      if (io.dst[1] != nullptr) pairs(context, c.c_out, 1, [&](int64_t k, int64_t) { backward_bias<T>(c, io, k); });
    });
  });
}

constexpr OpEntry kConvOps[] = {{"conv/1", make_conv},
                                {"conv_grad_src/1", make_conv_grad_src},
                                {"conv_grad_weights/1", make_conv_grad_weights},
                                {"conv_transpose/1", make_conv_transpose}};

}  // namespace

std::span<const OpEntry> conv_ops() { return kConvOps; }

}  // namespace clq::ref

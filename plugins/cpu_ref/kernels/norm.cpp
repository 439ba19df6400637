// plugins/cpu_ref/kernels/norm.cpp -- batch normalisation of [N, C, ...]: training, gradient, inference.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

constexpr int64_t kChannels = 64;  // channels worked on together, so that [N, C] is read by rows

struct NormShape {
  int64_t n, channels, inner;  // inner: the product of the axes after C
  double eps;
  double count() const { return static_cast<double>(n * inner); }
};

NormShape shape_of(const OpView& op, const clq_tensor_desc& x) {
  if (x.rank < 2) op.fail("x must be [N, C, ...], got " + shape_text(x));
  int64_t inner = 1;
  for (int32_t d = 2; d < x.rank; ++d) inner *= x.dims[d];
  return {x.dims[0], x.dims[1], inner, op.f64("eps", 1e-5)};
}

void per_channel(const OpView& op, const clq_tensor_desc& x, const clq_tensor_desc& v) {
  if (v.dtype != x.dtype || v.rank != 1 || v.dims[0] != x.dims[1])
    op.fail(shape_text(v) + " is not one number a channel of " + shape_text(x));
}

// body(element, channel in the block) over the channels [c0, c1), in the order of memory.
template <class Body>
void over(const NormShape& s, int64_t c0, int64_t c1, const Body& body) {
  for (int64_t i = 0; i < s.n; ++i)
    for (int64_t c = c0; c < c1; ++c) {
      const int64_t at = (i * s.channels + c) * s.inner;
      for (int64_t j = 0; j < s.inner; ++j) body(at + j, c - c0);
    }
}

template <class Body>
void by_channels(const NormShape& s, const Context& context, const Body& body) {
  const int64_t block = s.inner >= kChannels ? 1 : kChannels;
  parallel(context, (s.channels + block - 1) / block, 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) body(b * block, std::min(s.channels, (b + 1) * block));
  });
}

template <class T>
void forward(const NormShape& s, const Operands& io, int64_t c0, int64_t c1) {
  const T *x = io.in<T>(0), *gamma = io.in<T>(1), *beta = io.in<T>(2);
  double mean[kChannels] = {}, variance[kChannels] = {};
  over(s, c0, c1, [&](int64_t i, int64_t c) { mean[c] += static_cast<double>(x[i]); });
  for (int64_t c = 0; c < c1 - c0; ++c) mean[c] /= s.count();
  over(s, c0, c1, [&](int64_t i, int64_t c) {
    const double d = static_cast<double>(x[i]) - mean[c];
    variance[c] += d * d;
  });
  double scale[kChannels];
  for (int64_t c = 0; c < c1 - c0; ++c) {
    variance[c] /= s.count();
    scale[c] = static_cast<double>(gamma[c0 + c]) / std::sqrt(variance[c] + s.eps);
    if (io.dst[1] != nullptr) io.out<T>(1)[c0 + c] = static_cast<T>(mean[c]);
    if (io.dst[2] != nullptr) io.out<T>(2)[c0 + c] = static_cast<T>(variance[c]);
  }
  if (io.dst[0] == nullptr) return;
  T* y = io.out<T>(0);
  over(s, c0, c1, [&](int64_t i, int64_t c) {
    y[i] = static_cast<T>((static_cast<double>(x[i]) - mean[c]) * scale[c] + static_cast<double>(beta[c0 + c]));
  });
}

// diff_x = gamma / (M sd) (M dy - sum dy - xhat sum(dy xhat)), xhat = (x - mean) / sd.
template <class T>
void backward(const NormShape& s, const Operands& io, int64_t c0, int64_t c1) {
  const T *x = io.in<T>(0), *gamma = io.in<T>(1), *diff_y = io.in<T>(4);
  double mean[kChannels], rsd[kChannels], sum[kChannels] = {}, dot[kChannels] = {};
  for (int64_t c = 0; c < c1 - c0; ++c) {
    mean[c] = static_cast<double>(io.in<T>(2)[c0 + c]);
    rsd[c] = 1 / std::sqrt(static_cast<double>(io.in<T>(3)[c0 + c]) + s.eps);
  }
  over(s, c0, c1, [&](int64_t i, int64_t c) {
    const double dy = static_cast<double>(diff_y[i]);
    sum[c] += dy;
    dot[c] += dy * (static_cast<double>(x[i]) - mean[c]) * rsd[c];
  });
  for (int64_t c = 0; c < c1 - c0; ++c) {
    if (io.dst[1] != nullptr) io.out<T>(1)[c0 + c] = static_cast<T>(dot[c]);
    if (io.dst[2] != nullptr) io.out<T>(2)[c0 + c] = static_cast<T>(sum[c]);
  }
  if (io.dst[0] == nullptr) return;
  T* diff_x = io.out<T>(0);
  over(s, c0, c1, [&](int64_t i, int64_t c) {
    const double xhat = (static_cast<double>(x[i]) - mean[c]) * rsd[c];
    const double centred = static_cast<double>(diff_y[i]) - (sum[c] + xhat * dot[c]) / s.count();
    diff_x[i] = static_cast<T>(static_cast<double>(gamma[c0 + c]) * rsd[c] * centred);
  });
}

template <class T>
void inference(const NormShape& s, const Operands& io, int64_t c0, int64_t c1) {
  const T *x = io.in<T>(0), *gamma = io.in<T>(1), *beta = io.in<T>(2), *mean = io.in<T>(3), *variance = io.in<T>(4);
  double scale[kChannels];
  for (int64_t c = c0; c < c1; ++c)
    scale[c - c0] = static_cast<double>(gamma[c]) / std::sqrt(static_cast<double>(variance[c]) + s.eps);
  T* y = io.out<T>(0);
  over(s, c0, c1, [&](int64_t i, int64_t c) {
    y[i] = static_cast<T>((static_cast<double>(x[i]) - static_cast<double>(mean[c0 + c])) * scale[c] +
                          static_cast<double>(beta[c0 + c]));
  });
}

template <class Body>
std::unique_ptr<Kernel> make(const NormShape& s, Body body) {
  return make_kernel([s, body](const Operands& io, const Context& context) {
    by_channels(s, context, [&](int64_t c0, int64_t c1) { body(s, io, c0, c1); });
  });
}

std::unique_ptr<Kernel> make_batch_norm(const OpView& op) {
  op.count(3, 3);
  const clq_tensor_desc& x = op.src(0);
  const NormShape s = shape_of(op, x);
  per_channel(op, x, op.src(1));
  per_channel(op, x, op.src(2));
  if (op.has_dst(0)) op.same(x, op.dst(0));
  for (uint32_t i : {1u, 2u})
    if (op.has_dst(i)) per_channel(op, x, op.dst(i));
  return with_float(op, x.dtype, [&]<class T>(T) { return make(s, [](auto&&... args) { forward<T>(args...); }); });
}

std::unique_ptr<Kernel> make_batch_norm_grad(const OpView& op) {
  op.count(5, 3);
  const clq_tensor_desc& x = op.src(0);
  const NormShape s = shape_of(op, x);
  for (uint32_t i : {1u, 2u, 3u}) per_channel(op, x, op.src(i));
  op.same(x, op.src(4));
  if (op.has_dst(0)) op.same(x, op.dst(0));
  for (uint32_t i : {1u, 2u})
    if (op.has_dst(i)) per_channel(op, x, op.dst(i));
  return with_float(op, x.dtype, [&]<class T>(T) { return make(s, [](auto&&... args) { backward<T>(args...); }); });
}

std::unique_ptr<Kernel> make_batch_norm_inference(const OpView& op) {
  op.count(5, 1);
  const clq_tensor_desc& x = op.src(0);
  const NormShape s = shape_of(op, x);
  for (uint32_t i = 1; i < 5; ++i) per_channel(op, x, op.src(i));
  op.same(x, op.dst(0));
  return with_float(op, x.dtype, [&]<class T>(T) { return make(s, [](auto&&... args) { inference<T>(args...); }); });
}

constexpr OpEntry kNormOps[] = {{"batch_norm/1", make_batch_norm},
                                {"batch_norm_grad/1", make_batch_norm_grad},
                                {"batch_norm_inference/1", make_batch_norm_inference}};

}  // namespace

std::span<const OpEntry> norm_ops() { return kNormOps; }

}  // namespace clq::ref

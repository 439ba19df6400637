// plugins/cpu_ref/kernels/prelu.cpp -- x where it is positive, else a slope a channel times x.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>

#include "kernels/window.hpp"

namespace clq::ref {
namespace {

struct Planes {
  int64_t n, channels, inner;
};

Planes planes_of(const OpView& op, const clq_tensor_desc& src) {
  if (src.rank < 2) op.fail("src must be [N, C, ...], got " + shape_text(src));
  op.same(op.src(1), desc_like(src, std::array{src.dims[1]}));
  int64_t inner = 1;
  for (int32_t d = 2; d < src.rank; ++d) inner *= src.dims[d];
  return {src.dims[0], src.dims[1], inner};
}

template <class T>
void forward(const Planes& s, const Operands& io, int64_t plane) {
  const T slope = io.in<T>(1)[plane % s.channels];
  const T* x = io.in<T>(0) + plane * s.inner;
  T* y = io.out<T>(0) + plane * s.inner;
  for (int64_t i = 0; i < s.inner; ++i) y[i] = x[i] > 0 ? x[i] : slope * x[i];
}

template <class T>
void backward(const Planes& s, const Operands& io, int64_t channel) {
  const T slope = io.in<T>(1)[channel];
  double sum = 0;
  for (int64_t sample = 0; sample < s.n; ++sample) {
    const int64_t at = (sample * s.channels + channel) * s.inner;
    const T *x = io.in<T>(0) + at, *diff_y = io.in<T>(2) + at;
    if (io.dst[0] != nullptr) {
      T* diff_x = io.out<T>(0) + at;
      for (int64_t i = 0; i < s.inner; ++i) diff_x[i] = x[i] > 0 ? diff_y[i] : slope * diff_y[i];
    }
    for (int64_t i = 0; i < s.inner; ++i)
      sum += x[i] > 0 ? 0.0 : static_cast<double>(x[i]) * static_cast<double>(diff_y[i]);
  }
  if (io.dst[1] != nullptr) io.out<T>(1)[channel] = static_cast<T>(sum);
}

std::unique_ptr<Kernel> make_prelu(const OpView& op) {
  op.count(2, 1);
  const Planes s = planes_of(op, op.src(0));
  op.same(op.src(0), op.dst(0));
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel([s](const Operands& io, const Context& context) {
      parallel(context, s.n * s.channels, std::max<int64_t>(1, kCheapGrain / std::max<int64_t>(1, s.inner)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t p = begin; p < end; ++p) forward<T>(s, io, p);
               });
    });
  });
}

std::unique_ptr<Kernel> make_prelu_grad(const OpView& op) {
  op.count(3, 2);
  const Planes s = planes_of(op, op.src(0));
  op.same(op.src(0), op.src(2));
  if (op.has_dst(0)) op.same(op.src(0), op.dst(0));
  if (op.has_dst(1)) op.same(op.src(1), op.dst(1));
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel([s](const Operands& io, const Context& context) {
      parallel(context, s.channels, 1, [&](int64_t begin, int64_t end) {
        for (int64_t c = begin; c < end; ++c) backward<T>(s, io, c);
      });
    });
  });
}

constexpr OpEntry kPreluOps[] = {{"prelu/1", make_prelu}, {"prelu_grad/1", make_prelu_grad}};

}  // namespace

std::span<const OpEntry> prelu_ops() { return kPreluOps; }

}  // namespace clq::ref

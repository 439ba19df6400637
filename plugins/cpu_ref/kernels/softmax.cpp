// plugins/cpu_ref/kernels/softmax.cpp -- normalised over the last axis, shifted by its maximum; cross entropies.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

struct RowShape {
  int64_t rows, n;
};

RowShape rows_of(const OpView& op, const clq_tensor_desc& src) {
  if (src.rank < 1) op.fail("needs at least one axis, got " + shape_text(src));
  const int64_t n = src.dims[src.rank - 1];
  return {n > 0 ? element_count(src) / n : 0, n};
}

int64_t row_grain(const RowShape& s) { return kDearGrain / std::max<int64_t>(1, s.n); }

template <class T>
T maximum(const T* x, int64_t n) {  // NaN wins
  T m = -std::numeric_limits<T>::infinity();
  for (int64_t i = 0; i < n; ++i) m = m >= x[i] || m != m ? m : x[i];
  return m;
}

template <class T>
T log_sum_exp(const T* x, int64_t n, T shift) {
  if (!std::isfinite(shift)) return shift;
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += std::exp(x[i] - shift);
  return shift + static_cast<T>(std::log(sum));
}

// dst may be x itself.
template <class T>
void softmax(const T* x, T* dst, int64_t n, T shift) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    dst[i] = std::exp(x[i] - shift);
    sum += dst[i];
  }
  const T scale = static_cast<T>(1 / sum);
  for (int64_t i = 0; i < n; ++i) dst[i] *= scale;
}

template <class F>
std::unique_ptr<Kernel> by_row(const OpView& op, F f) {
  op.count(1, 1);
  op.same(op.src(0), op.dst(0));
  const RowShape s = rows_of(op, op.src(0));
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel(
        [s, f](const Operands& io, const Context& context) {
          parallel(context, s.rows, row_grain(s), [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r) f(io.in<T>(0) + r * s.n, io.out<T>(0) + r * s.n, s.n);
          });
        },
        {.in_place = 1});
  });
}

std::unique_ptr<Kernel> make_softmax(const OpView& op) {
  return by_row(op, [](const auto* x, auto* dst, int64_t n) { softmax(x, dst, n, maximum(x, n)); });
}

std::unique_ptr<Kernel> make_log_softmax(const OpView& op) {
  return by_row(op, [](const auto* x, auto* dst, int64_t n) {
    // x - max - log(sum), not x - (max + log(sum)), which loses the small ones beside a large maximum
    const auto shift = maximum(x, n);
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += std::exp(x[i] - shift);
    const auto log_sum = static_cast<decltype(shift + 0)>(std::log(sum));
    for (int64_t i = 0; i < n; ++i) dst[i] = x[i] - shift - log_sum;
  });
}

std::unique_ptr<Kernel> make_log_sum_exp(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc& src = op.src(0);
  const RowShape s = rows_of(op, src);
  op.expect_dst(0, src.dtype, {src.dims, static_cast<size_t>(src.rank - 1)});
  const int64_t outputs = element_count(op.dst(0));
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel([s, outputs](const Operands& io, const Context& context) {
      const T* x = io.in<T>(0);
      parallel(context, outputs, row_grain(s), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r)
          io.out<T>(0)[r] = log_sum_exp(x + r * s.n, s.n, maximum(x + r * s.n, s.n));
      });
    });
  });
}

// -sum_k y_k log p_k of one row; a y_k of 0 adds nothing, even where log p_k is -inf.
template <class T>
T cross_entropy(const T* x, const T* y, int64_t n, T shift, T log_sum) {
  double loss = 0;
  for (int64_t k = 0; k < n; ++k)
    if (y[k] != 0) loss -= static_cast<double>(y[k]) * static_cast<double>(x[k] - shift - log_sum);
  return static_cast<T>(loss);
}

template <class T>
T cross_entropy(const T* x, int64_t label, int64_t n, T shift, T log_sum) {
  if (label < 0 || label >= n) return std::numeric_limits<T>::quiet_NaN();
  return -(x[label] - shift - log_sum);
}

template <class T, bool Index>
void cross_entropy_row(const Operands& io, int64_t r, int64_t n) {
  const T* x = io.in<T>(0) + r * n;
  const T shift = maximum(x, n);
  double sum = 0;
  for (int64_t k = 0; k < n; ++k) sum += std::exp(x[k] - shift);
  const T log_sum = static_cast<T>(std::log(sum));
  if (io.dst[0] != nullptr) {
    if constexpr (Index) {
      io.out<T>(0)[r] = cross_entropy(x, io.in<int64_t>(1)[r], n, shift, log_sum);
    } else {
      io.out<T>(0)[r] = cross_entropy(x, io.in<T>(1) + r * n, n, shift, log_sum);
    }
  }
  if (io.dst[1] != nullptr) softmax(x, io.out<T>(1) + r * n, n, shift);
}

std::unique_ptr<Kernel> make_softmax_cross_entropy(const OpView& op) {
  op.count(2, 2);
  const clq_tensor_desc &logits = op.src(0), &labels = op.src(1);
  if (logits.rank != 2 || logits.dims[1] < 1) op.fail("logits must be [N, K], got " + shape_text(logits));
  const RowShape s{logits.dims[0], logits.dims[1]};
  const bool index = labels.dtype == CLQ_I64;
  if (index && (labels.rank != 1 || labels.dims[0] != s.rows))
    op.fail("labels must be i64 [N] or like the logits, got " + shape_text(labels));
  if (!index) op.same(logits, labels);
  if (op.has_dst(0)) op.expect_dst(0, logits.dtype, {logits.dims, 1});
  if (op.has_dst(1)) op.same(logits, op.dst(1));
  return with_float(op, logits.dtype, [&]<class T>(T) {
    return make_kernel([s, index](const Operands& io, const Context& context) {
      parallel(context, s.rows, row_grain(s), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r)
          index ? cross_entropy_row<T, true>(io, r, s.n) : cross_entropy_row<T, false>(io, r, s.n);
      });
    });
  });
}

template <class T>
T sigmoid_cross_entropy(T x, T y) {
  return (x > 0 ? x : T{0}) - x * y + std::log1p(std::exp(-std::abs(x)));
}

std::unique_ptr<Kernel> make_sigmoid_cross_entropy(const OpView& op) {
  op.count(2, 1);
  op.same(op.src(0), op.src(1));
  op.same(op.src(0), op.dst(0));
  const int64_t n = element_count(op.dst(0));
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel(
        [n](const Operands& io, const Context& context) {
          const T *x = io.in<T>(0), *y = io.in<T>(1);
          T* dst = io.out<T>(0);
          parallel(context, n, kDearGrain, [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) dst[i] = sigmoid_cross_entropy(x[i], y[i]);
          });
        },
        {.in_place = 3});
  });
}

constexpr OpEntry kSoftmaxOps[] = {{"softmax/1", make_softmax},
                                   {"log_softmax/1", make_log_softmax},
                                   {"log_sum_exp/1", make_log_sum_exp},
                                   {"softmax_cross_entropy/1", make_softmax_cross_entropy},
                                   {"sigmoid_cross_entropy/1", make_sigmoid_cross_entropy}};

}  // namespace

std::span<const OpEntry> softmax_ops() { return kSoftmaxOps; }

}  // namespace clq::ref

// plugins/cpu_ref/kernels/layer_norm.cpp -- rows of the last axis normalised, and the gradient of that.
// SPDX-License-Identifier: BSD-3-Clause
//
// Sums along a row are in F64, element i in lane i mod 16, then the lanes in order; diff_gamma and diff_beta add in F64
// in ascending order of rows.
#include <array>
#include <cmath>

#include "kernels/window.hpp"

namespace clq::ref {
namespace {

constexpr int64_t kRowLanes = 16;
constexpr int64_t kColumnBlock = 64;  // columns added up together, so that rows are read in the order of memory

struct NormRows {
  int64_t rows, n;
  double eps;
  int64_t grain() const { return std::max<int64_t>(1, kDearGrain * 4 / n); }
};

template <class Term>
double lane_sum(int64_t n, const Term& term) {
  double lanes[kRowLanes] = {}, sum = 0;
  int64_t i = 0;
  for (; i + kRowLanes <= n; i += kRowLanes)
    for (int64_t l = 0; l < kRowLanes; ++l) lanes[l] += term(i + l);
  for (int64_t l = 0; i < n; ++i, ++l) lanes[l] += term(i);
  for (const double lane : lanes) sum += lane;
  return sum;
}

template <class T>
void normalise_row(const NormRows& s, const Operands& io, int64_t r) {
  const T *x = io.in<T>(0) + r * s.n, *gamma = io.in<T>(1), *beta = io.in<T>(2);
  const auto count = static_cast<double>(s.n);
  const double mean = lane_sum(s.n, [&](int64_t i) { return static_cast<double>(x[i]); }) / count;
  const double squares = lane_sum(s.n, [&](int64_t i) {
    const double d = static_cast<double>(x[i]) - mean;
    return d * d;
  });
  const double rstd = 1 / std::sqrt(squares / count + s.eps);
  if (io.dst[1] != nullptr) io.out<T>(1)[r] = static_cast<T>(mean);
  if (io.dst[2] != nullptr) io.out<T>(2)[r] = static_cast<T>(rstd);
  if (io.dst[0] == nullptr) return;
  T* y = io.out<T>(0) + r * s.n;
  for (int64_t i = 0; i < s.n; ++i)
    y[i] = static_cast<T>((static_cast<double>(x[i]) - mean) * rstd * static_cast<double>(gamma[i]) +
                          static_cast<double>(beta[i]));
}

// xhat = (x - mean) rstd, g = gamma dy: diff_x = rstd (g - (sum g + xhat sum(g xhat)) / C).
template <class T>
void row_gradient(const NormRows& s, const Operands& io, int64_t r) {
  const T *x = io.in<T>(0) + r * s.n, *gamma = io.in<T>(1), *diff_y = io.in<T>(4) + r * s.n;
  const auto mean = static_cast<double>(io.in<T>(2)[r]), rstd = static_cast<double>(io.in<T>(3)[r]);
  const auto xhat = [&](int64_t i) { return (static_cast<double>(x[i]) - mean) * rstd; };
  const auto g = [&](int64_t i) { return static_cast<double>(gamma[i]) * static_cast<double>(diff_y[i]); };
  const double sum = lane_sum(s.n, g), dot = lane_sum(s.n, [&](int64_t i) { return g(i) * xhat(i); });
  T* diff_x = io.out<T>(0) + r * s.n;
  for (int64_t i = 0; i < s.n; ++i)
    diff_x[i] = static_cast<T>(rstd * (g(i) - (sum + xhat(i) * dot) / static_cast<double>(s.n)));
}

// diff_gamma and diff_beta of the columns [c0, c1).
template <class T>
void column_gradients(const NormRows& s, const Operands& io, int64_t c0, int64_t c1) {
  double dot[kColumnBlock] = {}, sum[kColumnBlock] = {};
  for (int64_t r = 0; r < s.rows; ++r) {
    const T *x = io.in<T>(0) + r * s.n, *diff_y = io.in<T>(4) + r * s.n;
    const auto mean = static_cast<double>(io.in<T>(2)[r]), rstd = static_cast<double>(io.in<T>(3)[r]);
    for (int64_t c = c0; c < c1; ++c) {
      const auto dy = static_cast<double>(diff_y[c]);
      dot[c - c0] += dy * ((static_cast<double>(x[c]) - mean) * rstd);
      sum[c - c0] += dy;
    }
  }
  for (int64_t c = c0; c < c1; ++c) {
    if (io.dst[1] != nullptr) io.out<T>(1)[c] = static_cast<T>(dot[c - c0]);
    if (io.dst[2] != nullptr) io.out<T>(2)[c] = static_cast<T>(sum[c - c0]);
  }
}

// Of operands: those in `of_columns` are [C], those in `of_rows` [...] of src [..., C].
NormRows norm_rows(const OpView& op, std::initializer_list<const clq_tensor_desc*> of_columns,
                   std::initializer_list<const clq_tensor_desc*> of_rows) {
  const clq_tensor_desc& x = op.src(0);
  if (x.rank < 1 || x.dims[x.rank - 1] < 1) op.fail("src must be [..., C], got " + shape_text(x));
  const int64_t n = x.dims[x.rank - 1];
  for (const clq_tensor_desc* d : of_columns) op.same(*d, desc_like(x, std::array{n}));
  for (const clq_tensor_desc* d : of_rows) op.same(*d, desc_like(x, {x.dims, static_cast<size_t>(x.rank - 1)}));
  return {element_count(x) / n, n, op.f64("eps", 1e-5)};
}

template <class Body>
void by_rows(const NormRows& s, const Context& context, const Body& body) {
  parallel(context, s.rows, s.grain(), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) body(r);
  });
}

std::unique_ptr<Kernel> make_layer_norm(const OpView& op) {
  op.count(3, 3);
  const NormRows s = norm_rows(op, {&op.src(1), &op.src(2)}, {});
  if (op.has_dst(0)) op.same(op.src(0), op.dst(0));
  for (uint32_t i : {1u, 2u})
    if (op.has_dst(i)) norm_rows(op, {}, {&op.dst(i)});
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel([s](const Operands& io, const Context& context) {
      by_rows(s, context, [&](int64_t r) { normalise_row<T>(s, io, r); });
    });
  });
}

std::unique_ptr<Kernel> make_layer_norm_grad(const OpView& op) {
  op.count(5, 3);
  const NormRows s = norm_rows(op, {&op.src(1)}, {&op.src(2), &op.src(3)});
  op.same(op.src(0), op.src(4));
  if (op.has_dst(0)) op.same(op.src(0), op.dst(0));
  for (uint32_t i : {1u, 2u})
    if (op.has_dst(i)) op.same(op.src(1), op.dst(i));
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel([s](const Operands& io, const Context& context) {
      if (io.dst[0] != nullptr) by_rows(s, context, [&](int64_t r) { row_gradient<T>(s, io, r); });
      if (io.dst[1] == nullptr && io.dst[2] == nullptr) return;
      parallel(context, (s.n + kColumnBlock - 1) / kColumnBlock, 1, [&](int64_t begin, int64_t end) {
        for (int64_t b = begin; b < end; ++b)
          column_gradients<T>(s, io, b * kColumnBlock, std::min(s.n, (b + 1) * kColumnBlock));
      });
    });
  });
}

constexpr OpEntry kLayerNormOps[] = {{"layer_norm/1", make_layer_norm}, {"layer_norm_grad/1", make_layer_norm_grad}};

}  // namespace

std::span<const OpEntry> layer_norm_ops() { return kLayerNormOps; }

}  // namespace clq::ref

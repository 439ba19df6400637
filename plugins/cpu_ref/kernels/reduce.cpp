// plugins/cpu_ref/kernels/reduce.cpp -- sums, means and extremes over any axes, in F64 and in one fixed order.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <limits>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

struct Sum {
  static constexpr double kStart = 0;
  static double combine(double a, double b) { return a + b; }
};
struct Max {  // NaN wins
  static constexpr double kStart = -std::numeric_limits<double>::infinity();
  static double combine(double a, double b) { return a >= b || a != a ? a : b; }
};
struct Min {
  static constexpr double kStart = std::numeric_limits<double>::infinity();
  static double combine(double a, double b) { return a <= b || a != a ? a : b; }
};

// Neighbouring axes of one sort are one axis: kept and reduced ones alternate.
struct Axes {
  struct Axis {
    int64_t n, step;
  };
  std::array<Axis, CLQ_MAX_RANK> kept{}, reduced{};
  int n_kept = 0, n_reduced = 0;
  int64_t inner = 1;  // elements of the last axis, which has step 1
  bool inner_reduced = true;
  int64_t outputs = 1, terms = 1;
};

Axes sort_axes(const clq_tensor_desc& src, uint32_t reduced_mask) {
  Axes axes;
  int64_t step = 1;
  int last = -1;  // the sort of the axis before: 1 reduced, 0 kept
  for (int32_t d = src.rank - 1; d >= 0; --d) {
    if (src.dims[d] == 1) continue;
    const int sort = (reduced_mask >> d) & 1;
    auto& list = sort != 0 ? axes.reduced : axes.kept;
    int& n = sort != 0 ? axes.n_reduced : axes.n_kept;
    if (sort != last) list[n++] = {1, step};
    list[n - 1].n *= src.dims[d];
    (sort != 0 ? axes.terms : axes.outputs) *= src.dims[d];
    if (last == -1) axes.inner_reduced = sort != 0;
    last = sort;
    step *= src.dims[d];
  }
  auto& list = axes.inner_reduced ? axes.reduced : axes.kept;
  int& n = axes.inner_reduced ? axes.n_reduced : axes.n_kept;
  if (n > 0) {
    axes.inner = list[0].n;  // taken out of the list: it is the loop that vectorises
    for (int i = 1; i < n; ++i) list[i - 1] = list[i];
    --n;
  }
  return axes;
}

int64_t offset(const std::array<Axes::Axis, CLQ_MAX_RANK>& axes, int n, int64_t index) {
  int64_t at = 0;
  for (int i = 0; i < n; ++i) {
    at += index % axes[i].n * axes[i].step;
    index /= axes[i].n;
  }
  return at;
}

// A row in 16 lanes, then the lanes in order: the same sum on every machine.
template <class T, class R>
double reduce_row(const T* row, int64_t n) {
  constexpr int kLanes = 16;
  double lane[kLanes];
  for (double& x : lane) x = R::kStart;
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) lane[j] = R::combine(lane[j], static_cast<double>(row[i + j]));
  for (int j = 0; i < n; ++i, ++j) lane[j] = R::combine(lane[j], static_cast<double>(row[i]));
  double total = lane[0];
  for (int j = 1; j < kLanes; ++j) total = R::combine(total, lane[j]);
  return total;
}

constexpr int64_t kBlock = 8192;  // elements of a partial result when everything goes into one number

template <class T, class R>
class Reduce {
 public:
  Reduce(const Axes& axes, double divisor) : axes_(axes), divisor_(divisor) {}
  int64_t workspace_bytes() const { return one_row() ? blocks() * static_cast<int64_t>(sizeof(double)) : 0; }

  void operator()(const Operands& io, const Context& context) const {
    const T* src = io.in<T>(0);
    T* dst = io.out<T>(0);
    if (axes_.outputs == 0) return;
    if (axes_.terms == 0) return std::fill(dst, dst + axes_.outputs, static_cast<T>(R::kStart / divisor_));
    if (one_row()) return whole(src, dst, reinterpret_cast<double*>(io.workspace), context);
    if (axes_.inner_reduced) return over_inner(src, dst, context);
    over_outer(src, dst, context);
  }

 private:
  bool one_row() const { return axes_.outputs == 1 && axes_.inner_reduced && axes_.n_reduced == 0; }
  int64_t blocks() const { return (axes_.inner + kBlock - 1) / kBlock; }

  void whole(const T* src, T* dst, double* partial, const Context& context) const {
    parallel(context, blocks(), 2, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b)
        partial[b] = reduce_row<T, R>(src + b * kBlock, std::min(kBlock, axes_.inner - b * kBlock));
    });
    double total = R::kStart;
    for (int64_t b = 0; b < blocks(); ++b) total = R::combine(total, partial[b]);
    dst[0] = static_cast<T>(total / divisor_);
  }

  void over_inner(const T* src, T* dst, const Context& context) const {
    const int64_t rows = axes_.terms / axes_.inner;
    parallel(context, axes_.outputs, kCheapGrain / axes_.terms, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; ++o) {
        const T* from = src + offset(axes_.kept, axes_.n_kept, o);
        double total = R::kStart;
        for (int64_t r = 0; r < rows; ++r)
          total = R::combine(total, reduce_row<T, R>(from + offset(axes_.reduced, axes_.n_reduced, r), axes_.inner));
        dst[o] = static_cast<T>(total / divisor_);
      }
    });
  }

  // Whole rows of kept elements are added up, 256 columns at a time.
  void over_outer(const T* src, T* dst, const Context& context) const {
    constexpr int64_t kColumns = 256;
    const int64_t outer = axes_.outputs / axes_.inner, blocks = (axes_.inner + kColumns - 1) / kColumns;
    parallel(context, outer * blocks, kCheapGrain / (axes_.terms * std::min(kColumns, axes_.inner)),
             [&](int64_t begin, int64_t end) {
               for (int64_t i = begin; i < end; ++i) {
                 const int64_t o = i / blocks, column = i % blocks * kColumns,
                               n = std::min(kColumns, axes_.inner - column);
                 const T* from = src + offset(axes_.kept, axes_.n_kept, o) + column;
                 double total[kColumns];
                 std::fill(total, total + n, R::kStart);
                 for (int64_t t = 0; t < axes_.terms; ++t) {
                   const T* row = from + offset(axes_.reduced, axes_.n_reduced, t);
                   for (int64_t j = 0; j < n; ++j) total[j] = R::combine(total[j], static_cast<double>(row[j]));
                 }
                 for (int64_t j = 0; j < n; ++j)
                   dst[o * axes_.inner + column + j] = static_cast<T>(total[j] / divisor_);
               }
             });
  }

  Axes axes_;
  double divisor_;
};

uint32_t reduced_mask(const OpView& op, const clq_tensor_desc& src) {
  if (!op.has("axes")) return (1u << src.rank) - 1;
  uint32_t mask = 0;
  for (int64_t axis : op.list("axes")) {
    if (axis < -src.rank || axis >= src.rank)
      op.fail("axis " + std::to_string(axis) + " is not one of " + shape_text(src));
    mask |= 1u << (axis < 0 ? axis + src.rank : axis);
  }
  return mask;
}

template <class R>
std::unique_ptr<Kernel> make_reduce(const OpView& op, bool mean) {
  op.count(1, 1);
  const clq_tensor_desc& src = op.src(0);
  const uint32_t mask = reduced_mask(op, src);
  const bool keep = op.i64("keepdims", 0) != 0;
  std::vector<int64_t> dims;
  for (int32_t d = 0; d < src.rank; ++d) {
    const bool reduced = ((mask >> d) & 1) != 0;
    if (!reduced || keep) dims.push_back(reduced ? 1 : src.dims[d]);
  }
  op.expect_dst(0, src.dtype, dims);
  const Axes axes = sort_axes(src, mask);
  const double divisor = mean ? static_cast<double>(axes.terms) : 1.0;
  return with_float(op, src.dtype, [&]<class T>(T) {
    Reduce<T, R> reduce(axes, divisor);
    const int64_t bytes = reduce.workspace_bytes();
    return make_kernel(std::move(reduce), {.workspace_bytes = bytes});
  });
}

constexpr OpEntry kReduceOps[] = {{"reduce_sum/1", [](const OpView& op) { return make_reduce<Sum>(op, false); }},
                                  {"reduce_mean/1", [](const OpView& op) { return make_reduce<Sum>(op, true); }},
                                  {"reduce_max/1", [](const OpView& op) { return make_reduce<Max>(op, false); }},
                                  {"reduce_min/1", [](const OpView& op) { return make_reduce<Min>(op, false); }}};

}  // namespace

std::span<const OpEntry> reduce_ops() { return kReduceOps; }

}  // namespace clq::ref

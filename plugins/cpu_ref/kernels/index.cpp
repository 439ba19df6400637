// plugins/cpu_ref/kernels/index.cpp -- ops about positions: argmax, one_hot, cumsum, gather, scatter_add.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <limits>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

std::vector<int64_t> joined(std::span<const int64_t> a, std::span<const int64_t> b) {
  std::vector<int64_t> dims(a.begin(), a.end());
  dims.insert(dims.end(), b.begin(), b.end());
  return dims;
}

void indices_are_i64(const OpView& op, const clq_tensor_desc& indices) {
  if (indices.dtype != CLQ_I64) op.fail("indices must be i64, got " + shape_text(indices));
}

std::unique_ptr<Kernel> make_argmax(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc& src = op.src(0);
  if (src.rank < 1 || src.dims[src.rank - 1] < 1)
    op.fail("needs a last axis that is not empty, got " + shape_text(src));
  op.expect_dst(0, CLQ_I64, dims_view(src).first(static_cast<size_t>(src.rank - 1)));
  const int64_t rows = element_count(op.dst(0)), n = src.dims[src.rank - 1];
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel([rows, n](const Operands& io, const Context& context) {
      parallel(context, rows, kCheapGrain / n, [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r) {
          const T* x = io.in<T>(0) + r * n;
          int64_t best = 0;  // the first NaN wins, as in NumPy
          for (int64_t k = 1; k < n && x[best] == x[best]; ++k)
            if (x[k] > x[best] || x[k] != x[k]) best = k;
          io.out<int64_t>(0)[r] = best;
        }
      });
    });
  });
}

std::unique_ptr<Kernel> make_one_hot(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc &indices = op.src(0), &dst = op.dst(0);
  indices_are_i64(op, indices);
  const int64_t depth = op.i64("depth", 0), rows = element_count(indices);
  op.expect_dst(0, static_cast<int32_t>(op.i64("dtype", dst.dtype)), joined(dims_view(indices), std::array{depth}));
  return with_number(op, dst.dtype, [&]<class T>(T) {
    return make_kernel([rows, depth](const Operands& io, const Context&) {
      T* to = io.out<T>(0);
      std::fill(to, to + rows * depth, T{0});
      for (int64_t r = 0; r < rows; ++r) {
        const int64_t i = io.in<int64_t>(0)[r];
        if (i >= 0 && i < depth) to[r * depth + i] = 1;
      }
    });
  });
}

template <class T>
void cumsum_row(const T* x, T* dst, int64_t n, bool exclusive, bool reverse) {
  T sum = 0;
  for (int64_t k = 0; k < n; ++k) {
    const int64_t i = reverse ? n - 1 - k : k;
    const T next = sum + x[i];
    dst[i] = exclusive ? sum : next;
    sum = next;
  }
}

std::unique_ptr<Kernel> make_cumsum(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc& src = op.src(0);
  op.same(src, op.dst(0));
  op.require(src.rank >= 1, "needs at least one axis");
  const int64_t n = src.dims[src.rank - 1], rows = n > 0 ? element_count(src) / n : 0;
  const bool exclusive = op.i64("exclusive", 0) != 0, reverse = op.i64("reverse", 0) != 0;
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel(
        [=](const Operands& io, const Context& context) {
          parallel(context, rows, kCheapGrain / std::max<int64_t>(1, n), [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r)
              cumsum_row(io.in<T>(0) + r * n, io.out<T>(0) + r * n, n, exclusive, reverse);
          });
        },
        {.in_place = 1});
  });
}

std::unique_ptr<Kernel> make_gather(const OpView& op) {
  op.count(2, 1);
  const clq_tensor_desc &table = op.src(0), &indices = op.src(1);
  indices_are_i64(op, indices);
  if (table.rank < 1) op.fail("the table needs at least one axis, got " + shape_text(table));
  const auto row_dims = dims_view(table).subspan(1);
  op.expect_dst(0, table.dtype, joined(dims_view(indices), row_dims));
  int64_t width = 1;
  for (int64_t d : row_dims) width *= d;
  const int64_t n = element_count(indices), depth = table.dims[0];
  return with_float(op, table.dtype, [&]<class T>(T) {
    return make_kernel([=](const Operands& io, const Context& context) {
      parallel(context, n, kCheapGrain / std::max<int64_t>(1, width), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r) {
          const int64_t i = io.in<int64_t>(1)[r];
          T* to = io.out<T>(0) + r * width;
          if (i >= 0 && i < depth)
            std::copy_n(io.in<T>(0) + i * width, width, to);
          else
            std::fill_n(to, width, std::numeric_limits<T>::quiet_NaN());
        }
      });
    });
  });
}

// Rows [first, last) of dst: every chunk reads all indices, so that each element is summed in their order.
template <class T>
void scatter_range(const Operands& io, int64_t n, int64_t width, int64_t first, int64_t last) {
  T* dst = io.out<T>(0);
  std::fill(dst + first * width, dst + last * width, T{0});
  for (int64_t r = 0; r < n; ++r) {
    const int64_t i = io.in<int64_t>(0)[r];
    if (i < first || i >= last) continue;
    const T* row = io.in<T>(1) + r * width;
    for (int64_t j = 0; j < width; ++j) dst[i * width + j] += row[j];
  }
}

std::unique_ptr<Kernel> make_scatter_add(const OpView& op) {
  op.count(2, 1);
  const clq_tensor_desc &indices = op.src(0), &rows = op.src(1);
  indices_are_i64(op, indices);
  const int64_t depth = op.i64("depth", 0), n = element_count(indices);
  if (rows.rank < indices.rank || !std::equal(indices.dims, indices.dims + indices.rank, rows.dims))
    op.fail(shape_text(rows) + " are not rows for the indices " + shape_text(indices));
  const auto row_dims = dims_view(rows).subspan(static_cast<size_t>(indices.rank));
  op.expect_dst(0, rows.dtype, joined(std::array{depth}, row_dims));
  int64_t width = 1;
  for (int64_t d : row_dims) width *= d;
  const int64_t grain = std::max(depth / 8, kCheapGrain / std::max<int64_t>(1, width));
  return with_float(op, rows.dtype, [&]<class T>(T) {
    return make_kernel([=](const Operands& io, const Context& context) {
      parallel(context, depth, grain, [&](int64_t begin, int64_t end) { scatter_range<T>(io, n, width, begin, end); });
    });
  });
}

constexpr OpEntry kIndexOps[] = {{"argmax/1", make_argmax},
                                 {"one_hot/1", make_one_hot},
                                 {"cumsum/1", make_cumsum},
                                 {"gather/1", make_gather},
                                 {"scatter_add/1", make_scatter_add}};

}  // namespace

std::span<const OpEntry> index_ops() { return kIndexOps; }

}  // namespace clq::ref

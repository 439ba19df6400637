// plugins/cpu_ref/kernels/matmul.cpp -- dst = a b in register tiles, one product or a batch, transposed or not.
// SPDX-License-Identifier: BSD-3-Clause
//
// Every element of dst is one sum over k in ascending order, product and sum rounded apart: the bits depend neither on
// the tile, nor on the instruction set, nor on the threads.
#include <array>
#include <cstring>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

struct Shape {
  int64_t m, n, k;
  int64_t a_row, a_k;     // steps of a to the next row, to the next k
  int64_t b_k, b_column;  // steps of b
};

// A panel of b: `width` columns, k rows `step` apart.
template <class T>
struct Panel {
  const T* data;
  int64_t step;
};

// Rows x (2 vectors) of dst. Always inlined, so that it takes the instruction set of the function around it.
template <class T, int Bytes, int Rows>
[[gnu::always_inline]] inline void tile(const Shape& s, const T* a, Panel<T> b, T* dst, int64_t columns) {
  typedef T Vector __attribute__((vector_size(Bytes)));
  constexpr int64_t kLanes = Bytes / static_cast<int>(sizeof(T));
  Vector sum[Rows][2] = {};
  for (int64_t k = 0; k < s.k; ++k) {
    Vector b0, b1;
    std::memcpy(&b0, b.data + k * b.step, Bytes);
    std::memcpy(&b1, b.data + k * b.step + kLanes, Bytes);
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) {
      const T x = a[r * s.a_row + k * s.a_k];
      sum[r][0] += x * b0;
      sum[r][1] += x * b1;
    }
  }
  for (int r = 0; r < Rows; ++r) std::memcpy(dst + r * s.n, sum[r], static_cast<size_t>(columns) * sizeof(T));
}

template <class T, int Bytes, int MaxRows>
[[gnu::always_inline]] inline void rows(const Shape& s, const T* a, Panel<T> b, T* dst, int64_t n_rows,
                                        int64_t columns) {
  int64_t r = 0;
  for (; r + MaxRows <= n_rows; r += MaxRows) tile<T, Bytes, MaxRows>(s, a + r * s.a_row, b, dst + r * s.n, columns);
  for (; r + 2 <= n_rows; r += 2) tile<T, Bytes, 2>(s, a + r * s.a_row, b, dst + r * s.n, columns);
  for (; r < n_rows; ++r) tile<T, Bytes, 1>(s, a + r * s.a_row, b, dst + r * s.n, columns);
}

template <class T>
using Rows = void (*)(const Shape&, const T*, Panel<T>, T*, int64_t, int64_t);

template <class T>
void rows_baseline(const Shape& s, const T* a, Panel<T> b, T* dst, int64_t n_rows, int64_t columns) {
  rows<T, 16, 4>(s, a, b, dst, n_rows, columns);
}

#if defined(__x86_64__)
template <class T>
[[gnu::target("avx2")]] void rows_avx2(const Shape& s, const T* a, Panel<T> b, T* dst, int64_t n_rows,
                                       int64_t columns) {
  rows<T, 32, 4>(s, a, b, dst, n_rows, columns);
}

template <class T>
[[gnu::target("avx512f")]] void rows_avx512(const Shape& s, const T* a, Panel<T> b, T* dst, int64_t n_rows,
                                            int64_t columns) {
  rows<T, 64, 8>(s, a, b, dst, n_rows, columns);
}
#endif

template <class T>
struct Choice {
  Rows<T> rows;
  int64_t width;  // columns a panel
};

template <class T>
Choice<T> choose() {
  constexpr int64_t kTwo = 2 * 64 / static_cast<int64_t>(sizeof(T));
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {rows_avx512<T>, kTwo};
  if (__builtin_cpu_supports("avx2")) return {rows_avx2<T>, kTwo / 2};
#endif
  return {rows_baseline<T>, kTwo / 4};
}

template <class T>
class Matmul {
 public:
  explicit Matmul(const Shape& s) : s_(s), choice_(choose<T>()) {
    panels_ = (s.n + choice_.width - 1) / choice_.width;
    // Panels are read where they lie when that is cheaper than packing them; the last, narrow one is always packed.
    const bool direct = s.b_column == 1 && s.m <= 4 * kRowGrain;
    first_packed_ = direct ? s.n / choice_.width : 0;
  }
  int64_t workspace_bytes() const {
    return (panels_ - first_packed_) * panel_elements() * static_cast<int64_t>(sizeof(T));
  }

  void operator()(const Operands& io, const Context& context) const {
    const T *a = io.in<T>(0), *b = io.in<T>(1);
    T* dst = io.out<T>(0);
    T* packed = reinterpret_cast<T*>(io.workspace);
    parallel(context, panels_ - first_packed_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) pack(b, first_packed_ + p, packed + p * panel_elements());
    });
    const int64_t row_blocks = (s_.m + kRowGrain - 1) / kRowGrain;
    parallel(context, row_blocks * panels_, tiles_a_chunk(), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; ++t) {
        const int64_t row = t % row_blocks * kRowGrain, panel = t / row_blocks, column = panel * choice_.width;
        choice_.rows(s_, a + row * s_.a_row, panel_at(b, packed, panel), dst + row * s_.n + column,
                     std::min(kRowGrain, s_.m - row), std::min(choice_.width, s_.n - column));
      }
    });
  }

 private:
  static constexpr int64_t kRowGrain = 32;
  int64_t panel_elements() const { return s_.k * choice_.width; }
  // A chunk is worth waking a thread for: about 2^18 multiplications.
  int64_t tiles_a_chunk() const { return (int64_t{1} << 18) / std::max<int64_t>(1, kRowGrain * panel_elements()); }

  Panel<T> panel_at(const T* b, const T* packed, int64_t panel) const {
    if (panel < first_packed_) return {b + panel * choice_.width, s_.b_k};
    return {packed + (panel - first_packed_) * panel_elements(), choice_.width};
  }

  void pack(const T* b, int64_t panel, T* dst) const {
    const int64_t column = panel * choice_.width, n = std::min(choice_.width, s_.n - column);
    const T* src = b + column * s_.b_column;
    for (int64_t k = 0; k < s_.k; ++k) {
      for (int64_t j = 0; j < n; ++j) dst[k * choice_.width + j] = src[k * s_.b_k + j * s_.b_column];
      for (int64_t j = n; j < choice_.width; ++j) dst[k * choice_.width + j] = 0;
    }
  }

  Shape s_;
  Choice<T> choice_;
  int64_t panels_, first_packed_;
};

// Of two matrices, or of those that are the last two axes of more.
Shape product_shape(const OpView& op) {
  op.count(2, 1);
  const clq_tensor_desc &a = op.src(0), &b = op.src(1);
  const int32_t lead = a.rank - 2;
  const bool ta = op.i64("transpose_a", 0) != 0, tb = op.i64("transpose_b", 0) != 0;
  Shape s{};
  s.m = a.dims[lead + (ta ? 1 : 0)];
  s.k = a.dims[lead + (ta ? 0 : 1)];
  s.n = b.dims[lead + (tb ? 0 : 1)];
  if (b.dims[lead + (tb ? 1 : 0)] != s.k)
    op.fail("inner sizes differ: " + shape_text(a) + (ta ? " transposed" : "") + " by " + shape_text(b) +
            (tb ? " transposed" : ""));
  std::vector<int64_t> dims(a.dims, a.dims + lead);
  dims.insert(dims.end(), {s.m, s.n});
  op.expect_dst(0, a.dtype, dims);
  s.a_row = ta ? 1 : s.k;
  s.a_k = ta ? s.m : 1;
  s.b_k = tb ? 1 : s.n;
  s.b_column = tb ? s.k : 1;
  return s;
}

std::unique_ptr<Kernel> make_matmul(const OpView& op) {
  const clq_tensor_desc &a = op.src(0), &b = op.src(1);
  if (a.rank != 2 || b.rank != 2 || a.dtype != b.dtype)
    op.fail("takes two matrices of one dtype, got " + shape_text(a) + " and " + shape_text(b));
  const Shape s = product_shape(op);
  return with_float(op, a.dtype, [&]<class T>(T) {
    Matmul<T> matmul(s);
    const int64_t bytes = matmul.workspace_bytes();
    return make_kernel(std::move(matmul), {.workspace_bytes = bytes});
  });
}

// Matrices one after the other; threads take whole ones, each with a workspace of its own.
template <class T>
class BatchMatmul {
 public:
  BatchMatmul(const Shape& s, int64_t batch) : s_(s), batch_(batch), matmul_(s) {}
  int64_t workspace_bytes() const { return batch_ * matmul_.workspace_bytes(); }

  void operator()(const Operands& io, const Context& context) const {
    const int64_t grain = (int64_t{1} << 18) / std::max<int64_t>(1, s_.m * s_.n * s_.k);
    parallel(context, batch_, grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        void* const src[] = {const_cast<T*>(io.in<T>(0) + i * s_.m * s_.k),
                             const_cast<T*>(io.in<T>(1) + i * s_.k * s_.n)};
        void* const dst[] = {io.out<T>(0) + i * s_.m * s_.n};
        matmul_({src, dst, io.workspace + i * matmul_.workspace_bytes()}, {nullptr, nullptr, nullptr});
      }
    });
  }

 private:
  Shape s_;
  int64_t batch_;
  Matmul<T> matmul_;
};

std::unique_ptr<Kernel> make_batch_matmul(const OpView& op) {
  const clq_tensor_desc &a = op.src(0), &b = op.src(1);
  if (a.rank < 2 || a.rank != b.rank || a.dtype != b.dtype || !std::equal(a.dims, a.dims + a.rank - 2, b.dims))
    op.fail("takes matrices of one dtype behind equal axes, got " + shape_text(a) + " and " + shape_text(b));
  const Shape s = product_shape(op);
  int64_t batch = 1;
  for (int32_t d = 0; d + 2 < a.rank; ++d) batch *= a.dims[d];
  return with_float(op, a.dtype, [&]<class T>(T) {
    BatchMatmul<T> matmul(s, batch);
    const int64_t bytes = matmul.workspace_bytes();
    return make_kernel(std::move(matmul), {.workspace_bytes = bytes});
  });
}

constexpr OpEntry kMatmulOps[] = {{"matmul/1", make_matmul}, {"batch_matmul/1", make_batch_matmul}};

}  // namespace

std::span<const OpEntry> matmul_ops() { return kMatmulOps; }

}  // namespace clq::ref

// plugins/cpu_ref/kernels/check.cpp -- is everything finite, and how long is the gradient.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

constexpr int64_t kBlock = 8192;  // elements of a partial result, whatever the number of threads

// One block of one input.
struct Block {
  uint32_t src;
  bool wide;  // F64
  int64_t begin, end;
};

std::vector<Block> blocks_of(const OpView& op) {
  std::vector<Block> blocks;
  op.require(op.n_dst() == 1 && op.dst(0).rank == 0, "gives one number");
  for (uint32_t i = 0; i < op.n_src(); ++i) {
    const int64_t n = element_count(op.src(i));
    const bool wide = with_float(op, op.src(i).dtype, []<class T>(T) { return sizeof(T) == sizeof(double); });
    for (int64_t at = 0; at < n; at += kBlock) blocks.push_back({i, wide, at, std::min(n, at + kBlock)});
  }
  return blocks;
}

// x - x is 0 for numbers, NaN for NaN and infinities: a test that vectorises.
template <class T>
uint8_t all_finite(const T* x, int64_t n) {
  int bad = 0;
  for (int64_t i = 0; i < n; ++i) bad |= !(x[i] - x[i] == 0);
  return bad == 0;
}

template <class T>
double sum_squares(const T* x, int64_t n) {
  constexpr int kLanes = 8;
  double lane[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) lane[j] += static_cast<double>(x[i + j]) * static_cast<double>(x[i + j]);
  for (int j = 0; i < n; ++i, ++j) lane[j] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  double total = 0;
  for (const double v : lane) total += v;
  return total;
}

std::unique_ptr<Kernel> make_is_finite(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc& src = op.src(0);
  op.expect_dst(0, CLQ_U8, {src.dims, static_cast<size_t>(src.rank)});
  const int64_t n = element_count(src);
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel([n](const Operands& io, const Context& context) {
      const T* x = io.in<T>(0);
      uint8_t* dst = io.out<uint8_t>(0);
      parallel(context, n, kCheapGrain, [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) dst[i] = x[i] - x[i] == 0;
      });
    });
  });
}

// One partial result a block in the workspace, then all of them in order.
template <class Partial, class Of, class Join>
std::unique_ptr<Kernel> by_blocks(std::vector<Block> blocks, Partial start, Of of, Join join) {
  const int64_t bytes = static_cast<int64_t>(blocks.size() * sizeof(Partial));
  return make_kernel(
      [=, blocks = std::move(blocks)](const Operands& io, const Context& context) {
        Partial* partial = reinterpret_cast<Partial*>(io.workspace);
        const int64_t n = static_cast<int64_t>(blocks.size());
        parallel(context, n, 2, [&](int64_t begin, int64_t end) {
          for (int64_t b = begin; b < end; ++b) {
            const Block& k = blocks[static_cast<size_t>(b)];
            partial[b] = k.wide ? of(io.in<double>(k.src) + k.begin, k.end - k.begin)
                                : of(io.in<float>(k.src) + k.begin, k.end - k.begin);
          }
        });
        Partial total = start;
        for (int64_t b = 0; b < n; ++b) total = join(total, partial[b]);
        *io.out<Partial>(0) = total;
      },
      {.workspace_bytes = bytes});
}

std::unique_ptr<Kernel> make_all_finite(const OpView& op) {
  op.expect_dst(0, CLQ_U8, {});
  return by_blocks<uint8_t>(
      blocks_of(op), 1, [](const auto* x, int64_t n) { return all_finite(x, n); },
      [](uint8_t a, uint8_t b) { return static_cast<uint8_t>(a & b); });
}

std::unique_ptr<Kernel> make_sum_squares(const OpView& op) {
  op.expect_dst(0, CLQ_F64, {});
  return by_blocks<double>(
      blocks_of(op), 0.0, [](const auto* x, int64_t n) { return sum_squares(x, n); },
      [](double a, double b) { return a + b; });
}

constexpr OpEntry kCheckOps[] = {
    {"is_finite/1", make_is_finite}, {"all_finite/1", make_all_finite}, {"sum_squares/1", make_sum_squares}};

}  // namespace

std::span<const OpEntry> check_ops() { return kCheckOps; }

}  // namespace clq::ref

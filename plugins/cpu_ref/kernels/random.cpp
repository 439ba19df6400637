// plugins/cpu_ref/kernels/random.cpp -- counter-based random numbers, bit-defined in docs/ops.md.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <numbers>

#include "kernels/op_view.hpp"
#include "kernels/philox.hpp"

namespace clq::ref {
namespace {

using Words = std::array<uint32_t, 4>;

double unit(uint32_t word) { return static_cast<double>(word >> 8) * 0x1p-24; }  // [0, 1), exact in F32

template <class T>
void uniform(const Words& w, T* out) {
  for (int j = 0; j < 4; ++j) out[j] = static_cast<T>(unit(w[j]));
}

template <class T>
void normal(const Words& w, T* out) {  // Box-Muller
  for (int j = 0; j < 4; j += 2) {
    const double r = std::sqrt(-2 * std::log((static_cast<double>(w[j] >> 8) + 1) * 0x1p-24));
    const double angle = 2 * std::numbers::pi * unit(w[j + 1]);
    out[j] = static_cast<T>(r * std::cos(angle));
    out[j + 1] = static_cast<T>(r * std::sin(angle));
  }
}

template <class T, class Draw>
std::unique_ptr<Kernel> make(const OpView& op, Draw draw) {
  const clq_tensor_desc& dst = op.dst(0);
  const int64_t rows = dst.rank > 0 ? dst.dims[0] : 1, n = rows > 0 ? element_count(dst) / rows : 0;
  const uint64_t stream = static_cast<uint64_t>(op.i64("stream", 0));
  return make_kernel([=](const Operands& io, const Context& context) {
    const uint64_t k = *io.in<uint64_t>(0) ^ stream;
    const uint32_t step = static_cast<uint32_t>(*io.in<uint64_t>(1));
    const uint64_t first = *io.in<uint64_t>(2);
    parallel(context, rows, kDearGrain / std::max<int64_t>(1, n), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const uint64_t sample = first + static_cast<uint64_t>(r);
        for (int64_t i = 0; i < n; i += 4) {
          T block[4];
          draw(philox4x32({static_cast<uint32_t>(i / 4), step, static_cast<uint32_t>(sample),
                           static_cast<uint32_t>(sample >> 32)},
                          {static_cast<uint32_t>(k), static_cast<uint32_t>(k >> 32)}),
               block);
          std::copy_n(block, std::min<int64_t>(4, n - i), io.out<T>(0) + r * n + i);
        }
      }
    });
  });
}

std::unique_ptr<Kernel> make_random(const OpView& op) {
  op.count(3, 1);
  constexpr int32_t kScalars[] = {CLQ_U64, CLQ_I64, CLQ_I64};
  constexpr const char* kNames[] = {"seed", "step", "first_sample"};
  for (uint32_t i = 0; i < 3; ++i)
    if (op.src(i).dtype != kScalars[i] || op.src(i).rank != 0)
      op.fail(std::string(kNames[i]) + " must be " + dtype_name(kScalars[i]) + " [], got " + shape_text(op.src(i)));
  op.expect_dst(0, static_cast<int32_t>(op.i64("dtype", op.dst(0).dtype)), op.list("shape"));
  const std::string_view distribution = sdk::attr_text(op.op(), "distribution", "uniform");
  if (distribution != "uniform" && distribution != "normal")
    op.fail("distribution must be uniform or normal, got \"" + std::string(distribution) + "\"");
  return with_float(op, op.dst(0).dtype, [&]<class T>(T) {
    if (distribution == "normal") return make<T>(op, [](const Words& w, T* out) { normal(w, out); });
    return make<T>(op, [](const Words& w, T* out) { uniform(w, out); });
  });
}

constexpr OpEntry kRandomOps[] = {{"random/1", make_random}};

}  // namespace

std::span<const OpEntry> random_ops() { return kRandomOps; }

}  // namespace clq::ref

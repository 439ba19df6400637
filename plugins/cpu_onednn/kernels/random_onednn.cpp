// plugins/cpu_onednn/kernels/random_onednn.cpp -- uniform numbers of cpu_ref's bits, a register of counters at once.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstring>
#include <utility>

#include "kernels/isa.hpp"
#include "plan/lowering.hpp"

namespace clq::onednn {
namespace {

template <int bytes>
struct Register {
  typedef uint64_t Words __attribute__((vector_size(bytes)));  // 32 bits of each count, so that products fit
  typedef int32_t Integers __attribute__((vector_size(bytes)));
  typedef float Floats __attribute__((vector_size(bytes)));
};
template <int bytes>
using Words = typename Register<bytes>::Words;

struct Seed {
  uint32_t key0, key1, step;
};

// Of the lower halves. Compilers multiply all 64 bits by 64, in three times the time, where they do not know that the
// upper ones do not count.
template <int bytes>
CLQ_INLINE void multiply(const Words<bytes>& a, const Words<bytes>& b, Words<bytes>& product) {
#if defined(__x86_64__)
  if constexpr (bytes > 16) {
    asm("vpmuludq %2, %1, %0" : "=v"(product) : "v"(a), "v"(b));
    return;
  }
#endif
  product = (a & 0xFFFFFFFF) * b;
}

// (ab0 cd0 ab1 cd1 ...), each a pair of numbers of 24 bits, as floats in [0, 1).
template <int bytes, size_t... l>
CLQ_INLINE void interleave(const Words<bytes>& ab, const Words<bytes>& cd, float* out, std::index_sequence<l...>) {
  using Integers = typename Register<bytes>::Integers;
  using Floats = typename Register<bytes>::Floats;
  constexpr size_t n = sizeof...(l);
  const Integers low = reinterpret_cast<Integers>(__builtin_shufflevector(ab, cd, (l % 2 * n + l / 2)...));
  const Integers high = reinterpret_cast<Integers>(__builtin_shufflevector(ab, cd, (l % 2 * n + (n + l) / 2)...));
  const Floats first = __builtin_convertvector(low, Floats) * 0x1p-24f;
  const Floats second = __builtin_convertvector(high, Floats) * 0x1p-24f;
  std::memcpy(out, &first, bytes);
  std::memcpy(out + bytes / 4, &second, bytes);
}

// Numbers [4 counter, 4 counter + bytes / 2) of a sample; philox.hpp of cpu_ref says what the rounds are.
template <int bytes>
CLQ_INLINE void draw(const Seed& seed, uint64_t sample, uint32_t counter, float* out) {
  constexpr int kCounters = bytes / 8;
  const Words<bytes> none = {}, m0 = none + 0xD2511F53, m1 = none + 0xCD9E8D57;
  Words<bytes> a, b = none + seed.step, c = none + sample, d = none + (sample >> 32);
  for (int l = 0; l < kCounters; ++l) a[l] = counter + static_cast<uint32_t>(l);
  Words<bytes> key0 = none + seed.key0, key1 = none + seed.key1;  // the upper halves do not count
  for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9, key1 += 0xBB67AE85) {
    Words<bytes> p0, p1;
    multiply<bytes>(a, m0, p0);
    multiply<bytes>(c, m1, p1);
    a = (p1 >> 32) ^ b ^ key0;
    b = p1;
    c = (p0 >> 32) ^ d ^ key1;
    d = p0;
  }
  const auto pair = [](const Words<bytes>& x, const Words<bytes>& y, Words<bytes>& xy) CLQ_VECTORISED {
    xy = ((x & 0xFFFFFFFF) >> 8) | (y >> 8 << 32 & 0x00FFFFFF00000000);
  };
  Words<bytes> ab, cd;
  pair(a, b, ab);
  pair(c, d, cd);
  interleave<bytes>(ab, cd, out, std::make_index_sequence<kCounters>());
}

void draw_row(const Seed& seed, uint64_t sample, float* out, int64_t n) {
  vectorised([&]<int bytes>(isa::Width<bytes>) CLQ_VECTORISED {
    constexpr int64_t kNumbers = bytes / 2;
    for (int64_t i = 0; i < n; i += kNumbers) {
      alignas(64) float numbers[kNumbers];
      draw<bytes>(seed, sample, static_cast<uint32_t>(i / 4), numbers);
      std::memcpy(out + i, numbers, static_cast<size_t>(std::min(kNumbers, n - i)) * sizeof(float));
    }
  });
}

}  // namespace

bool lower_random(Lowering& lowering, const ref::OpView& op) {
  if (std::string_view(op.op().name) != "random/1" || op.dst(0).dtype != CLQ_F32 || op.dst(0).rank == 0 ||
      sdk::attr_text(op.op(), "distribution", "uniform") != std::string_view("uniform"))
    return false;
  const int64_t rows = op.dst(0).dims[0], n = rows > 0 ? ref::element_count(op.dst(0)) / rows : 0;
  const uint64_t stream = static_cast<uint64_t>(op.i64("stream", 0));
  auto kernel = ref::make_kernel([=](const ref::Operands& io, const ref::Context& context) {
    const uint64_t key = *io.in<uint64_t>(0) ^ stream, first = *io.in<uint64_t>(2);
    const Seed seed{static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32),
                    static_cast<uint32_t>(*io.in<uint64_t>(1))};
    ref::parallel(context, rows, ref::kCheapGrain / std::max<int64_t>(1, n), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r)
        draw_row(seed, first + static_cast<uint64_t>(r), io.out<float>(0) + r * n, n);
    });
  });
  std::vector<uint32_t> operands;
  for (uint32_t i = 0; i < 3; ++i) operands.push_back(lowering.use(op.op().inputs[i], kPlainLayout));
  const uint32_t result = lowering.make(op.op().outputs[0], kPlainLayout);
  lowering.add_step(std::move(kernel), std::move(operands), {result});
  return true;
}

}  // namespace clq::onednn

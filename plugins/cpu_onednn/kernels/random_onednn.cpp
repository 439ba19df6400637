// plugins/cpu_onednn/kernels/random_onednn.cpp -- uniform numbers of cpu_ref's bits, 8 counters of Philox at once.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include "kernels/isa.hpp"
#include "plan/lowering.hpp"

namespace clq::onednn {
namespace {

constexpr int64_t kCounters = 8, kNumbers = 4 * kCounters;
typedef uint64_t Words __attribute__((vector_size(8 * kCounters)));  // of 32 bits each, so that products fit

struct Seed {
  uint32_t key0, key1, step;
};

// Numbers [4 counter, 4 counter + 32) of a sample; philox.hpp of cpu_ref says what the rounds are.
CLQ_INLINE void draw(const Seed& seed, uint64_t sample, uint32_t counter, float* out) {
  constexpr uint64_t kLow = 0xFFFFFFFF;
  const Words none = {}, lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  Words a = (lanes + counter) & kLow, b = none + seed.step, c = none + (sample & kLow), d = none + (sample >> 32);
  uint32_t key0 = seed.key0, key1 = seed.key1;
  for (int round = 0; round < 10; ++round, key0 += 0x9E3779B9, key1 += 0xBB67AE85) {
    const Words p0 = a * 0xD2511F53, p1 = c * 0xCD9E8D57;
    a = (p1 >> 32) ^ b ^ key0;
    b = p1 & kLow;
    c = (p0 >> 32) ^ d ^ key1;
    d = p0 & kLow;
  }
  for (int64_t l = 0; l < kCounters; ++l) {
    const uint64_t words[] = {a[l], b[l], c[l], d[l]};
    for (int64_t j = 0; j < 4; ++j) out[4 * l + j] = static_cast<float>(static_cast<int32_t>(words[j] >> 8)) * 0x1p-24f;
  }
}

void draw_row(const Seed& seed, uint64_t sample, float* out, int64_t n) {
  vectorised([&]() CLQ_VECTORISED {
    for (int64_t i = 0; i < n; i += kNumbers) {
      alignas(64) float numbers[kNumbers];
      draw(seed, sample, static_cast<uint32_t>(i / 4), numbers);
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

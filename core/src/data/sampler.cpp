// core/src/data/sampler.cpp -- which sample comes next, for any seed and epoch.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/sampler.hpp"

#include <algorithm>
#include <array>
#include <bit>

#define XXH_INLINE_ALL  // six hashes of 32 bytes a sample and pass: the call would cost more than the hash
#include <xxhash.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

static_assert(std::endian::native == std::endian::little, "the shuffle hashes little-endian words");

constexpr uint64_t kRounds = 6;

uint64_t round_value(uint64_t seed, int64_t epoch, uint64_t round, uint64_t half) {
  const std::array<uint64_t, 4> words{seed, static_cast<uint64_t>(epoch), round, half};
  return XXH3_64bits(words.data(), sizeof(words));
}

}  // namespace

// The definition, which is part of the interface. Let b be the bits of n - 1, rounded up to an even number, at least 2;
// h = b / 2; F(round, x) the low h bits of XXH3-64 (seed 0) of the 32 bytes (seed, epoch, round, x), four little-endian
// 64-bit words. Start with x = position and repeat, until x < n: L = x >> h, R = the low h bits of x; for round 0..5
// (L, R) = (R, L xor F(round, R)); x = L << h | R. Each pass is a bijection of [0, 2^b), so walking on until x < n
// is one of [0, n); 2^b < 4 n for n > 4, so about 4 passes are the worst mean.
int64_t order_at(uint64_t seed, int64_t epoch, int64_t n, int64_t position) {
  CLQ_REQUIRE(n >= 1 && position >= 0 && position < n, "position {} is not in 0..{}", position, n - 1);
  const int bits = std::max(2, (static_cast<int>(std::bit_width(static_cast<uint64_t>(n - 1))) + 1) / 2 * 2);
  const int half = bits / 2;
  const uint64_t mask = (uint64_t{1} << half) - 1;
  auto x = static_cast<uint64_t>(position);
  do {
    uint64_t left = x >> half, right = x & mask;
    for (uint64_t round = 0; round < kRounds; ++round) {
      const uint64_t next = left ^ (round_value(seed, epoch, round, right) & mask);
      left = right;
      right = next;
    }
    x = left << half | right;
  } while (x >= static_cast<uint64_t>(n));
  return static_cast<int64_t>(x);
}

Sampler::Sampler(const RowSet& rows, int64_t batch, uint64_t seed, bool shuffle, bool drop_remainder, int64_t views)
    : rows_(rows),
      batch_(batch / views),
      n_(rows.size()),
      views_(views),
      seed_(seed),
      shuffle_(shuffle),
      drop_remainder_(drop_remainder) {
  CLQ_REQUIRE(batch_ > 0, "a batch must have a row or more, got {}", batch);
  CLQ_REQUIRE(batch % views_ == 0, "a batch of {} rows is not of whole samples, which have {} each", batch, views_);
  CLQ_REQUIRE(n_ > 0, "there is no row to read, of {}", rows.universe());
  CLQ_REQUIRE(!drop_remainder_ || n_ >= batch_, "a batch of {} is larger than the {} rows", batch_, n_);
}

int64_t Sampler::batches_per_epoch() const { return n_ / batch_ + (!drop_remainder_ && n_ % batch_ != 0 ? 1 : 0); }

BatchRows Sampler::batch(int64_t number) const {
  BatchRows rows;
  rows.epoch = number / batches_per_epoch();
  rows.first_position = number % batches_per_epoch() * batch_;
  const int64_t end = std::min(rows.first_position + batch_, n_);
  rows.views = views_;
  rows.samples.reserve(static_cast<size_t>(batch_ * views_));
  for (int64_t p = rows.first_position; p < end; ++p)
    rows.samples.insert(rows.samples.end(), static_cast<size_t>(views_),
                        rows_.select(shuffle_ ? order_at(seed_, rows.epoch, n_, p) : p));
  return rows;
}

}  // namespace clq

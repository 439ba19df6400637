// projects/deepdip/plugin/simulator/random.cpp -- random numbers that are a pure function of (seed, galaxy, use).
// SPDX-License-Identifier: BSD-3-Clause
#include "random.hpp"

#include <cmath>
#include <numbers>

namespace deepdip::sim {

Words philox(uint64_t key, Words counter) noexcept {
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{0xD2511F53u} * counter[0], p1 = uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<uint32_t>(p1 >> 32) ^ counter[1] ^ k0, static_cast<uint32_t>(p1),
               static_cast<uint32_t>(p0 >> 32) ^ counter[3] ^ k1, static_cast<uint32_t>(p0)};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return counter;
}

Words Random::block() noexcept {
  return philox(seed_, {next_++, static_cast<uint32_t>(use_), static_cast<uint32_t>(galaxy_),
                        static_cast<uint32_t>(galaxy_ >> 32)});
}

double Random::uniform() noexcept {
  if (left_ == 0) {
    words_ = block();
    left_ = 4;
  }
  return (words_[--left_] + 0.5) * 0x1p-32;
}

// Box-Muller.
double Random::normal() noexcept {
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace deepdip::sim

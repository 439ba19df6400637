// core/src/base/philox.hpp -- Philox4x32-10: random numbers that depend on a key and a counter alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace clq {

using PhiloxBlock = std::array<uint32_t, 4>;

inline PhiloxBlock philox(uint64_t key, PhiloxBlock counter) noexcept {
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

// In [0, 1), 24 bits.
inline double philox_uniform(uint32_t word) noexcept { return (word >> 8) * 0x1p-24; }

// Box-Muller: the words (0, 1) and (2, 3) of a block give two standard normal numbers each.
inline std::array<double, 4> philox_normal(const PhiloxBlock& block) noexcept {
  std::array<double, 4> out{};
  for (size_t i = 0; i < 4; i += 2) {
    const double r = std::sqrt(-2.0 * std::log(((block[i] >> 8) + 1) * 0x1p-24));
    const double angle = 2.0 * 3.14159265358979323846 * philox_uniform(block[i + 1]);
    out[i] = r * std::cos(angle);
    out[i + 1] = r * std::sin(angle);
  }
  return out;
}

}  // namespace clq

// projects/deepdip/plugin/simulator/random.hpp -- random numbers that are a pure function of (seed, galaxy, use).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>

namespace deepdip::sim {

using Words = std::array<uint32_t, 4>;

// Philox4x32-10 (Salmon et al. 2011, SC'11).
Words philox(uint64_t key, Words counter) noexcept;

// One use of numbers by one galaxy: drawing more for one purpose never moves those of another.
enum class Use : uint32_t { galaxy = 1, neighbours, noise };

class Random {
 public:
  Random(uint64_t seed, int64_t galaxy, Use use) : seed_(seed), galaxy_(static_cast<uint64_t>(galaxy)), use_(use) {}

  Words block() noexcept;     // the next four words
  double uniform() noexcept;  // in (0, 1)
  double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }
  double normal() noexcept;
  double normal(double mean, double sigma) noexcept { return mean + sigma * normal(); }

 private:
  uint64_t seed_, galaxy_;
  Use use_;
  uint32_t next_ = 0;  // block
  Words words_{};
  uint32_t left_ = 0;  // words of the block not yet used
};

}  // namespace deepdip::sim

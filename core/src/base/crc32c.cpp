// core/src/base/crc32c.cpp -- the CRC-32C (Castagnoli) of some bytes, as in RFC 3720.
// SPDX-License-Identifier: BSD-3-Clause
#include "base/crc32c.hpp"

#include <array>

namespace clq {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // its bits reversed

constexpr std::array<uint32_t, 256> kTable = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kPolynomial : 0);
    table[byte] = remainder;
  }
  return table;
}();

}  // namespace

uint32_t crc32c(std::string_view bytes) noexcept {
  uint32_t remainder = ~uint32_t{0};
  for (const char c : bytes) remainder = kTable[(remainder ^ static_cast<uint8_t>(c)) & 0xff] ^ (remainder >> 8);
  return ~remainder;
}

}  // namespace clq

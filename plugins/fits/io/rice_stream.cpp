// plugins/fits/io/rice_stream.cpp -- whether a tile packed by RICE holds all of its pixels.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/rice_stream.hpp"

#include <algorithm>
#include <bit>

namespace clq::fits {
namespace {

class Bits {
 public:
  explicit Bits(std::span<const unsigned char> bytes) : bytes_(bytes), left_(8 * static_cast<int64_t>(bytes.size())) {}

  bool skip(int64_t n) {
    if (n > left_) return false;
    left_ -= n;
    at_ += n;
    return true;
  }
  // The next n < 8 bits; -1: they are not there.
  int read(int n) {
    if (n > left_) return -1;
    const auto byte = static_cast<size_t>(at_ / 8);
    const int next = byte + 1 < bytes_.size() ? bytes_[byte + 1] : 0;
    const int both = bytes_[byte] << 8 | next;
    const int value = both >> (16 - static_cast<int>(at_ % 8) - n) & ((1 << n) - 1);
    skip(n);
    return value;
  }
  // Over zeros and the one behind them.
  bool skip_unary() {
    while (left_ > 0) {
      const auto rest = static_cast<unsigned char>(bytes_[static_cast<size_t>(at_ / 8)] << (at_ % 8));
      const int64_t here = std::min<int64_t>(8 - at_ % 8, left_);
      if (rest != 0) return skip(std::countl_zero(rest) + 1);
      skip(here);
    }
    return false;
  }

 private:
  std::span<const unsigned char> bytes_;
  int64_t at_ = 0, left_;
};

}  // namespace

bool rice_is_whole(std::span<const unsigned char> packed, int64_t pixels, int64_t block, int bytes) {
  const int length_bits = bytes == 1 ? 3 : bytes == 2 ? 4 : 5, plain = bytes == 1 ? 6 : bytes == 2 ? 14 : 25;
  Bits bits(packed);
  if (!bits.skip(8 * bytes)) return false;
  for (int64_t i = 0; i < pixels; i += block) {
    const int64_t here = std::min(block, pixels - i);
    const int length = bits.read(length_bits) - 1;
    if (length < -1) return false;
    if (length == plain && !bits.skip(8 * bytes * here)) return false;
    for (int64_t k = 0; length >= 0 && length != plain && k < here; ++k)
      if (!bits.skip_unary() || !bits.skip(length)) return false;
  }
  return true;
}

}  // namespace clq::fits

// tests/fuzz/bytes.hpp -- an input taken apart into choices; 0, and what lies behind its end, is the sane one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>

namespace clq::fuzz {

class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : at_(data), end_(data + size) {}

  bool empty() const { return at_ == end_; }
  uint8_t byte() { return empty() ? uint8_t{0} : *at_++; }

  uint64_t word() {
    uint64_t value = 0;
    const size_t n = std::min<size_t>(sizeof value, static_cast<size_t>(end_ - at_));
    std::memcpy(&value, at_, n);
    at_ += n;
    return value;
  }

  // At most 255 bytes, their number first.
  std::string text() {
    const size_t wanted = byte(), n = std::min(wanted, static_cast<size_t>(end_ - at_));
    std::string taken(reinterpret_cast<const char*>(at_), n);
    at_ += n;
    return taken;
  }

  template <class T>
  T pick(std::initializer_list<T> choices) {
    return choices.begin()[byte() % choices.size()];
  }

 private:
  const uint8_t *at_, *end_;
};

}  // namespace clq::fuzz

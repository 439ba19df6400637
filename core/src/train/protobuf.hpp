// core/src/train/protobuf.hpp -- fields of a protobuf message, appended to its bytes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace clq::protobuf {

static_assert(std::endian::native == std::endian::little);  // as the wire format

inline void put_varint(std::string& out, uint64_t value) {
  for (; value > 0x7f; value >>= 7) out += static_cast<char>(0x80 | (value & 0x7f));
  out += static_cast<char>(value);
}

enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
inline void put_key(std::string& out, uint64_t field, WireType type) { put_varint(out, field << 3 | type); }

template <class T>
void put_raw(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

inline void put_int(std::string& out, uint64_t field, int64_t value) {
  put_key(out, field, kVarint);
  put_varint(out, static_cast<uint64_t>(value));
}

inline void put_double(std::string& out, uint64_t field, double value) {
  put_key(out, field, kFixed64);
  put_raw(out, value);
}

inline void put_float(std::string& out, uint64_t field, float value) {
  put_key(out, field, kFixed32);
  put_raw(out, value);
}

inline void put_bytes(std::string& out, uint64_t field, std::string_view bytes) {  // a text or a message too
  put_key(out, field, kBytes);
  put_varint(out, bytes.size());
  out += bytes;
}

inline void put_packed(std::string& out, uint64_t field, std::span<const double> values) {
  put_bytes(out, field, {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

}  // namespace clq::protobuf

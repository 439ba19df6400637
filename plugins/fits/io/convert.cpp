// plugins/fits/io/convert.cpp -- big-endian table cells to the dtype a slot wants, in one pass.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/convert.hpp"

#include <bit>
#include <charconv>
#include <limits>
#include <type_traits>

#include "table/dtype.hpp"
#include "table/fingerprint.hpp"

namespace clq::fits {
namespace {

template <class T>
T load(const std::byte* src) {
  using Bits = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  Bits bits;
  std::memcpy(&bits, src, sizeof bits);
  if constexpr (sizeof(T) == 2) bits = __builtin_bswap16(bits);
  if constexpr (sizeof(T) == 4) bits = __builtin_bswap32(bits);
  if constexpr (sizeof(T) == 8) bits = __builtin_bswap64(bits);
  return std::bit_cast<T>(bits);
}

// Each reading of a cell: how to load element e, whether it is null, and its value.
template <class T>
struct Plain {
  using Raw = T;
  static Raw raw(const std::byte* cell, int64_t e) { return load<T>(cell + e * static_cast<int64_t>(sizeof(T))); }
  static bool is_null(Raw raw, const Column& column) {
    if constexpr (std::integral<T>) return column.null.has_value() && std::cmp_equal(raw, *column.null);
    return false;
  }
  static T value(Raw raw, const Column&) { return raw; }
};

template <class T>
struct Flipped : Plain<T> {
  using Value = std::conditional_t<std::is_signed_v<T>, std::make_unsigned_t<T>, std::make_signed_t<T>>;
  static Value value(T raw, const Column&) {
    using Bits = std::make_unsigned_t<T>;
    return static_cast<Value>(static_cast<Bits>(raw) ^ static_cast<Bits>(Bits{1} << (8 * sizeof(T) - 1)));
  }
};

template <class T>
struct Scaled : Plain<T> {
  static double value(T raw, const Column& column) { return static_cast<double>(raw) * column.scale + column.zero; }
};

struct Logical {
  static int8_t raw(const std::byte* cell, int64_t e) { return static_cast<int8_t>(cell[e]); }
  static bool is_null(int8_t raw, const Column&) { return raw != 'T' && raw != 'F'; }
  // NaN, so that no integer takes an undefined logical.
  static double value(int8_t raw, const Column&) { return raw == 'T' ? 1 : raw == 'F' ? 0 : std::nan(""); }
};

struct Bit {
  static int8_t raw(const std::byte* cell, int64_t e) {
    return static_cast<int8_t>((std::to_integer<unsigned>(cell[e / 8]) >> (7 - e % 8)) & 1U);
  }
  static bool is_null(int8_t, const Column&) { return false; }
  static int8_t value(int8_t raw, const Column&) { return raw; }
};

template <class Reading, class Dst>
int64_t convert(const Cells& cells) {
  for (int64_t row = 0; row < cells.rows; ++row) {
    const std::byte* src = cells.src + row * cells.src_stride;
    std::byte* dst = cells.dst + row * cells.dst_stride;
    for (int64_t e = 0; e < cells.elements; ++e, dst += sizeof(Dst)) {
      const auto raw = Reading::raw(src, e);
      if (std::is_floating_point_v<Dst> && Reading::is_null(raw, *cells.column))
        table::store<Dst>(std::numeric_limits<float>::quiet_NaN(), dst);
      else if (!table::store<Dst>(Reading::value(raw, *cells.column), dst))
        return row;
    }
  }
  return cells.rows;
}

int64_t convert_text(const Cells& cells) {
  for (int64_t row = 0; row < cells.rows; ++row) {
    const auto* cell = reinterpret_cast<const char*>(cells.src + row * cells.src_stride);
    const std::string_view text = table::trim_text({cell, static_cast<size_t>(cells.column->repeat)});
    std::byte* dst = cells.dst + row * cells.dst_stride;
    if (text.size() > static_cast<size_t>(cells.elements)) return row;
    std::memcpy(dst, text.data(), text.size());
    std::memset(dst + text.size(), 0, static_cast<size_t>(cells.elements) - text.size());
  }
  return cells.rows;
}

template <class Reading>
Convert find_for(int32_t dtype) {
  return table::with_type(dtype, []<class Dst>() -> Convert { return &convert<Reading, Dst>; });
}

template <class T>
Convert find_integer(const Column& column, int32_t dtype) {
  if (column.is_flipped()) return find_for<Flipped<T>>(dtype);
  return column.is_scaled() ? find_for<Scaled<T>>(dtype) : find_for<Plain<T>>(dtype);
}

template <class T>
Convert find_float(const Column& column, int32_t dtype) {
  return column.is_scaled() ? find_for<Scaled<T>>(dtype) : find_for<Plain<T>>(dtype);
}

std::string in_words(const std::byte* cell, int64_t e, const Column& column) {
  if (column.code == 'L') {
    const int8_t raw = Logical::raw(cell, e);
    return raw == 'T' ? "T" : raw == 'F' ? "F" : "an undefined logical";
  }
  std::byte exact[8];
  const Cells one{cell + e * (column.bytes / column.repeat), exact, 0, 0, 1, 1, &column};
  const bool integer = !table::is_float(column.field.dtype);
  const int32_t dtype = !integer ? CLQ_F64 : column.field.dtype == CLQ_U64 ? CLQ_U64 : CLQ_I64;
  find_convert(column, dtype)(one);
  if (dtype == CLQ_U64) return std::to_string(std::bit_cast<uint64_t>(exact));
  if (dtype == CLQ_I64) return std::to_string(std::bit_cast<int64_t>(exact));
  char text[32];
  const double value = std::bit_cast<double>(exact);
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 9).ptr};
}

}  // namespace

Convert find_convert(const Column& column, int32_t dtype) {
  switch (column.code) {
    case 'L':
      return find_for<Logical>(dtype);
    case 'X':
      return find_for<Bit>(dtype);
    case 'B':
      return find_integer<uint8_t>(column, dtype);
    case 'I':
      return find_integer<int16_t>(column, dtype);
    case 'J':
      return find_integer<int32_t>(column, dtype);
    case 'K':
      return find_integer<int64_t>(column, dtype);
    case 'E':
      return find_float<float>(column, dtype);
    case 'D':
      return find_float<double>(column, dtype);
    default:
      return &convert_text;
  }
}

std::string first_misfit(const std::byte* cell, const Column& column, int32_t dtype, int64_t width) {
  if (column.field.text) return "a text longer than the slot's " + std::to_string(width) + " bytes";
  std::byte room[8];
  for (int64_t e = 0; e < column.repeat; ++e) {
    const Cells one{cell + e * (column.bytes / column.repeat), room, 0, 0, 1, 1, &column};
    if (find_convert(column, dtype)(one) == 1) continue;
    const std::string element = column.repeat > 1 ? " (element " + std::to_string(e) + ")" : "";
    return table::misfit(in_words(cell, e, column) + element, dtype);
  }
  return "a value that does not fit";
}

}  // namespace clq::fits

// tests/conformance/sink/sample_table.cpp -- columns of all kinds and the values in them.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/sink/sample_table.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "conformance/segment_builder.hpp"
#include "conformance/source/number_at.hpp"

namespace clq::conformance {
namespace {

// SplitMix64.
uint64_t mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

template <class T>
T special_or_random(uint64_t index, uint64_t bits) {
  using Limits = std::numeric_limits<T>;
  const T special[] = {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), T{-0.0},
                       Limits::max(),       Limits::lowest(),   Limits::min(),       Limits::denorm_min()};
  if (index < std::size(special)) return special[index];
  if (bits % 32 == 0) return Limits::quiet_NaN();
  const double mantissa = static_cast<double>(bits >> 11) * 0x1p-52 - 1;
  return static_cast<T>(mantissa * std::pow(10.0, static_cast<double>(bits % 13) - 6));
}

// The smallest, the largest, 0 and then any.
uint64_t integer_bits(int32_t dtype, uint64_t index, uint64_t bits) {
  const auto width = static_cast<unsigned>(8 * test::width_of(dtype));
  const uint64_t all = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
  const bool is_signed = dtype == CLQ_I8 || dtype == CLQ_I16 || dtype == CLQ_I32 || dtype == CLQ_I64;
  const uint64_t least = is_signed ? uint64_t{1} << (width - 1) : 0;
  const uint64_t special[] = {least, all ^ least, 0};
  return index < std::size(special) ? special[index] : bits & all;
}

// NaN, infinity, and then any without the top bit of the exponent: finite as either of the half floats.
uint16_t half_bits(int32_t dtype, uint64_t index, uint64_t bits) {
  const uint16_t infinity = dtype == CLQ_F16 ? 0x7C00 : 0x7F80;
  if (index == 0) return infinity | 0x40;
  return index == 1 ? infinity : static_cast<uint16_t>(bits & 0xBFFF);
}

template <class T>
void put(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

void put_number(std::byte* to, int32_t dtype, uint64_t index, uint64_t bits) {
  switch (dtype) {
    case CLQ_F32:
      return put(to, special_or_random<float>(index, bits));
    case CLQ_F64:
      return put(to, special_or_random<double>(index, bits));
    case CLQ_F16:
    case CLQ_BF16:
      return put(to, half_bits(dtype, index, bits));
    default: {
      const uint64_t value = integer_bits(dtype, index, bits);
      std::memcpy(to, &value, static_cast<size_t>(test::width_of(dtype)));
    }
  }
}

// What hurts a text format; no blank at the end, which FITS does not keep.
void put_text(std::byte* to, int64_t width, uint64_t index) {
  constexpr const char* kTexts[] = {"",      "plain", "a,b", "say \"x\"",    "#7",
                                    " lead", "it's",  "007", "twelve-bytes", "a;b|c"};
  std::memcpy(to, kTexts[index % std::size(kTexts)],
              std::min(std::strlen(kTexts[index % std::size(kTexts)]), static_cast<size_t>(width)));
}

}  // namespace

std::vector<SampleColumn> every_column() {
  std::vector<SampleColumn> all = {{"ID", "", "", CLQ_ROLE_ID, 0, CLQ_I64, {}}};
  constexpr const char* kNames[] = {"",    "F16", "BF16", "F32", "F64", "I8", "U8",
                                    "I16", "U16", "I32",  "U32", "I64", "U64"};
  for (int32_t dtype = CLQ_F16; dtype <= CLQ_U64; ++dtype)
    all.push_back({std::string("A_") + kNames[dtype], "mag", "", CLQ_ROLE_OTHER, 0, dtype, {}});
  all.push_back({"TEXT", "", "", CLQ_ROLE_OTHER, CLQ_FIELD_TEXT, CLQ_U8, {12}});
  all.push_back({"V_F32", "Jy", "c", CLQ_ROLE_OTHER, 0, CLQ_F32, {3}});
  all.push_back({"V_F64", "", "c", CLQ_ROLE_OTHER, 0, CLQ_F64, {2}});
  all.push_back({"V_I16", "", "c", CLQ_ROLE_OTHER, 0, CLQ_I16, {4}});
  all.push_back({"V_U8", "", "c", CLQ_ROLE_OTHER, 0, CLQ_U8, {5}});
  all.push_back({"IMAGE", "nMgy", "cyx", CLQ_ROLE_IMAGE, 0, CLQ_F32, {2, 5, 7}});
  return all;
}

clq_field to_field(const SampleColumn& column) {
  clq_field field{column.name.c_str(), column.unit.c_str(), column.axes.c_str(), column.role, column.flags, {}};
  field.sample.dtype = column.dtype;
  field.sample.rank = static_cast<int32_t>(column.dims.size());
  int64_t stride = 1;
  for (size_t d = column.dims.size(); d-- > 0; stride *= column.dims[d])
    field.sample.dims[d] = column.dims[d], field.sample.strides[d] = stride;
  return field;
}

SampleTable::SampleTable(std::vector<SampleColumn> columns, int64_t rows, uint64_t seed)
    : columns_(std::move(columns)), rows_(rows) {
  for (size_t c = 0; c < columns_.size(); ++c) {
    fields_.push_back(to_field(columns_[c]));
    int64_t bytes = test::width_of(columns_[c].dtype);
    for (const int64_t dim : columns_[c].dims) bytes *= dim;
    widths_.push_back(bytes);
    data_.emplace_back(static_cast<size_t>(bytes * rows));
    make_column(c, mixed(seed) + c);
  }
}

void SampleTable::make_column(size_t c, uint64_t seed) {
  const SampleColumn& column = columns_[c];
  const int64_t element = test::width_of(column.dtype);
  for (int64_t row = 0; row < rows_; ++row) {
    std::byte* to = data_[c].data() + row * widths_[c];
    if (column.role == CLQ_ROLE_ID)
      put(to, int64_t{1'000'000'000'000} + row * 7919);
    else if ((column.flags & CLQ_FIELD_TEXT) != 0)
      put_text(to, widths_[c], mixed(seed ^ static_cast<uint64_t>(row)));
    else
      for (int64_t e = 0; e < widths_[c] / element; ++e) {
        const auto index = static_cast<uint64_t>(row * (widths_[c] / element) + e);
        put_number(to + e * element, column.dtype, index, mixed(seed * 1315423911 + index));
      }
  }
}

std::vector<clq_slot> SampleTable::slots(int64_t first, uint32_t n) const {
  std::vector<clq_slot> slots;
  for (size_t c = 0; c < fields_.size(); ++c)
    slots.push_back({const_cast<std::byte*>(at(c, first)), widths_[c], widths_[c] * n, nullptr, fields_[c].sample,
                     static_cast<uint32_t>(c), 0});
  return slots;
}

bool same_values(int32_t dtype, const std::byte* a, const std::byte* b, int64_t bytes) {
  const int64_t width = test::width_of(dtype);
  for (int64_t e = 0; e < bytes / width; ++e) {
    if (std::memcmp(a + e * width, b + e * width, static_cast<size_t>(width)) == 0) continue;
    const bool both_nan = dtype <= CLQ_F64 && std::isnan(number_at(dtype, a, e)) && std::isnan(number_at(dtype, b, e));
    if (!both_nan) return false;
  }
  return true;
}

}  // namespace clq::conformance

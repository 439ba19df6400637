// plugins/csv/table/dtype.cpp -- names and sizes of dtypes, one row each.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/dtype.hpp"

namespace clq::table {
namespace {

struct Row {
  const char* name;
  int64_t bytes;
  const char* range;
};

constexpr Row kRows[] = {
    {"unknown", 0, ""},
    {"F16", 2, "+-65504"},
    {"BF16", 2, "+-3.38e38"},
    {"F32", 4, "+-3.4028235e38"},
    {"F64", 8, "+-1.797e308"},
    {"I8", 1, "-128..127"},
    {"U8", 1, "0..255"},
    {"I16", 2, "-32768..32767"},
    {"U16", 2, "0..65535"},
    {"I32", 4, "-2147483648..2147483647"},
    {"U32", 4, "0..4294967295"},
    {"I64", 8, "-9223372036854775808..9223372036854775807"},
    {"U64", 8, "0..18446744073709551615"},
};

const Row& row(int32_t dtype) { return kRows[dtype >= CLQ_F16 && dtype <= CLQ_U64 ? dtype : 0]; }

}  // namespace

const char* dtype_name(int32_t dtype) { return row(dtype).name; }

int64_t dtype_bytes(int32_t dtype) { return row(dtype).bytes; }

std::string misfit(const std::string& value, int32_t dtype) {
  std::string text = value;
  text.append(" does not fit ").append(row(dtype).name).append(" (").append(row(dtype).range);
  return text.append(is_float(dtype) ? ")" : ", no fractions)");
}

bool is_float(int32_t dtype) { return dtype >= CLQ_F16 && dtype <= CLQ_F64; }

bool is_storable(int32_t dtype) { return dtype >= CLQ_F32 && dtype <= CLQ_U64; }

}  // namespace clq::table

// plugins/fits/io/convert.hpp -- big-endian table cells to the dtype a slot wants, in one pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "io/column.hpp"

namespace clq::fits {

// `rows` cells of one column, src_stride bytes apart, and where their values go.
struct Cells {
  const std::byte* src;
  std::byte* dst;
  int64_t src_stride, dst_stride, rows;
  int64_t elements;  // a cell; text: the width of the slot
  const Column* column;
};

// Converts cell by cell and returns the first row that does not fit, or `rows`. Earlier rows are written in full.
// A null integer becomes NaN in a float; an integer slot receives the stored value.
using Convert = int64_t (*)(const Cells&);

Convert find_convert(const Column& column, int32_t dtype);

// The value in words, for the error text of the row that `convert` stopped at.
std::string first_misfit(const std::byte* cell, const Column& column, int32_t dtype, int64_t width);

}  // namespace clq::fits

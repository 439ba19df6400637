// plugins/fits/io/row_reader.hpp -- runs of rows of some columns of one table, read with as few calls as possible.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "io/convert.hpp"
#include "io/handle.hpp"
#include "io/table.hpp"

namespace clq::fits {

// Owns one cfitsio handle and one scratch buffer of about 1 MiB (or one row, when that is longer).
class RowReader {
 public:
  // `columns` index table.columns; the table must outlive the reader.
  RowReader(const Table& table, const std::vector<size_t>& columns);

  int64_t most_rows() const { return most_rows_; }

  // Brings rows [first, first + n), n <= most_rows(), into the scratch. [one thread per reader]
  void load(int64_t first, int64_t n);

  // Converts loaded rows [0, n) of a column; returns the first row that does not fit, or n.
  int64_t convert(size_t column, Convert convert, int64_t n, std::byte* dst, int64_t dst_stride,
                  int64_t elements) const;

  const std::byte* cell(size_t column, int64_t row) const {
    return scratch_.data() + row * stride_ + offset_of_[column];
  }

 private:
  struct Segment {
    int64_t first_byte, bytes, offset;  // in the row, and of its copy in the scratch
  };
  void cut_segments(std::vector<size_t> columns);

  const Table& table_;
  Handle handle_;
  std::vector<Segment> segments_;
  std::vector<int64_t> offset_of_;  // by column
  std::vector<std::byte> scratch_;
  int64_t stride_ = 0, most_rows_ = 1;
};

}  // namespace clq::fits

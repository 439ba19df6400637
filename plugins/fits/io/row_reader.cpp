// plugins/fits/io/row_reader.cpp -- runs of rows of some columns of one table, read with as few calls as possible.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/row_reader.hpp"

#include <algorithm>

#include <calanque/plugin/sdk.hpp>

namespace clq::fits {
namespace {

constexpr int64_t kScratchBytes = int64_t{1} << 20;
constexpr int64_t kLongestRow = int64_t{1} << 28;
// Columns closer than one record of cfitsio's buffer are cheaper read together than apart.
constexpr int64_t kGap = kRecordBytes;

}  // namespace

RowReader::RowReader(const Table& table, const std::vector<size_t>& columns)
    : table_(table), handle_(table.file, table.hdu), offset_of_(table.columns.size(), 0) {
  cut_segments(columns);
  if (stride_ > kLongestRow)
    sdk::fail(CLQ_E_DATA, table.place + ": the wanted columns have " + std::to_string(stride_) +
                              " bytes a row, at most " + std::to_string(kLongestRow) + " are read");
  const int64_t room = kScratchBytes / std::max<int64_t>(1, stride_);
  most_rows_ = std::max<int64_t>(1, std::min(table.rows, room));
  scratch_.resize(static_cast<size_t>(most_rows_ * stride_));
}

void RowReader::cut_segments(std::vector<size_t> columns) {
  std::sort(columns.begin(), columns.end());
  int64_t wanted = 0;
  for (const size_t c : columns) {
    const Column& column = table_.columns[c];
    const int64_t end = segments_.empty() ? 0 : segments_.back().first_byte + segments_.back().bytes;
    if (segments_.empty() || column.first_byte - end > kGap) segments_.push_back({column.first_byte, 0, wanted});
    Segment& segment = segments_.back();
    offset_of_[c] = segment.offset + column.first_byte - segment.first_byte;
    segment.bytes = column.first_byte + column.bytes - segment.first_byte;
    wanted = segment.offset + segment.bytes;
  }
  stride_ = wanted;
  if (segments_.size() != 1 || 2 * wanted < table_.row_bytes) return;
  // Most of the row is wanted: whole rows, so that neighbours come in one call.
  stride_ = table_.row_bytes;
  for (const size_t c : columns) offset_of_[c] = table_.columns[c].first_byte;
  segments_ = {{0, table_.row_bytes, 0}};
}

void RowReader::load(int64_t first, int64_t n) {
  const bool whole = segments_.size() == 1 && segments_[0].bytes == table_.row_bytes;
  if (whole) return handle_.read(first, 0, n * stride_, scratch_.data());
  for (int64_t row = 0; row < n; ++row)
    for (const Segment& s : segments_)
      handle_.read(first + row, s.first_byte, s.bytes, scratch_.data() + row * stride_ + s.offset);
}

int64_t RowReader::convert(size_t column, Convert convert, int64_t n, std::byte* dst, int64_t dst_stride,
                           int64_t elements) const {
  return convert({cell(column, 0), dst, stride_, dst_stride, n, elements, &table_.columns[column]});
}

}  // namespace clq::fits

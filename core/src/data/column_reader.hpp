// core/src/data/column_reader.hpp -- one thread's way from rows of a source to tensors laid out as a batch.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "data/batch_layout.hpp"

namespace clq {

struct ReadFault {        // a row that the source could not give
  int64_t position = -1;  // in the samples asked for; -1: none
  clq_status status = CLQ_OK;
  std::string words;  // the row is named in them
};

// Columns go straight to their place in the tensors. [one thread]
class ColumnReader {
 public:
  // Reads the tensors of `layout` that `tensors` lists, by index. `cancelled` may be null. With `views` each sample
  // goes to the first of so many rows.
  ColumnReader(const DataSource& source, const BatchLayout& layout, const std::vector<uint32_t>& tensors,
               uint32_t reader, uint32_t n_readers, const std::atomic<bool>* cancelled, int64_t views = 1);
  // data[t]: row 0 of tensor t. Rows with CLQ_E_DATA get unreadable[i] = 1 and reading goes on; `first` is the first of
  // them. Any other fault ends the read and is thrown as an Error (CLQ_E_CANCELLED too).
  void read(const std::vector<std::byte*>& data, std::span<const int64_t> samples, std::vector<uint8_t>& unreadable,
            ReadFault& first);

 private:
  uint32_t read_range(const std::vector<std::byte*>& data, std::span<const int64_t> samples, int64_t begin, int64_t n,
                      ReadFault& fault);
  static int32_t CLQ_CALL is_cancelled(const clq_read* io);
  const DataSource& source_;
  std::vector<LayoutColumn> columns_;
  std::vector<clq_slot> slots_;  // one a column; data and bytes are set for each read
  Reader reader_;
  const std::atomic<bool>* cancelled_;
};

std::vector<uint32_t> read_tensors(const BatchLayout& layout);  // those that have columns

}  // namespace clq

// core/src/data/row_blocks.hpp -- one input of many rows, block by block on several threads.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <limits>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "data/column_reader.hpp"

namespace clq {

struct RowBlock {
  int64_t index = 0, first = 0;         // of the block; of its first row in the pass
  int64_t width = 0;                    // elements a row
  std::span<float> values;              // rows x width, to be changed at will
  std::span<const uint8_t> unreadable;  // one a row
  const ReadFault& fault;               // of the first of these
  int64_t rows() const { return static_cast<int64_t>(unreadable.size()); }
};

// Why the first row of a pass that cannot be read cannot, whichever thread meets it when. [any thread]
class FirstUnreadable {
 public:
  void keep(const RowBlock& block);
  // CLQ_E_DATA of a pass that read none of its rows.
  [[noreturn]] void fail_none(int64_t rows) const;

 private:
  std::mutex mutex_;
  int64_t block_ = std::numeric_limits<int64_t>::max();
  std::string words_;
};

// Reads the F32 tensor `tensor` of the layout. Calls use() once for each block of `block` rows of [0, n), samples[i] =
// sample_of(i); in any order, `readers` at a time, and done() after each run of consecutive blocks, in order. The error
// of the lowest block is thrown.
void for_each_block(const DataSource& source, const BatchLayout& layout, uint32_t tensor, uint32_t readers, int64_t n,
                    int64_t block, const std::function<int64_t(int64_t)>& sample_of,
                    const std::function<void(const RowBlock&)>& use,
                    const std::function<void(int64_t first, int64_t end)>& done);

inline constexpr int64_t kBlocksInFlight = 64;  // the longest run of done()

}  // namespace clq

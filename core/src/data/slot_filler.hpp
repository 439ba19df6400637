// core/src/data/slot_filler.hpp -- one thread's way from the rows of a batch to a slot that a device may read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "data/column_reader.hpp"
#include "data/slot.hpp"
#include "data/transforms.hpp"

namespace clq {

enum class OnBad { error, skip };  // data.on_bad; predict flags instead of failing: skip

// Decodes, copies views, transforms, judges bad rows. [one thread]
class SlotFiller {
 public:
  struct Options {
    uint32_t reader = 0, n_readers = 1;
    int64_t views = 1;
    OnBad on_bad = OnBad::error;
    std::optional<uint64_t> vary = std::nullopt;  // the seed of the transforms of training; none: they do nothing
  };
  // What is given by reference outlives it; `cancelled` may be null.
  SlotFiller(const DataSource& source, const BatchLayout& layout, const Transforms& transforms, const Options& options,
             const std::atomic<bool>* cancelled);
  // Of slot.rows. Throws what was met, the file and the row named; with OnBad::error also for the first bad row.
  void fill(Slot& slot);

 private:
  void copy_views(const Slot& slot) const;
  void require_good_rows(Slot& slot);
  const DataSource& source_;
  const BatchLayout& layout_;
  const Transforms& transforms_;
  const Options options_;
  ColumnReader columns_;
  std::vector<int64_t> samples_;  // each once
  std::vector<uint8_t> unreadable_;
  ReadFault fault_;
};

}  // namespace clq

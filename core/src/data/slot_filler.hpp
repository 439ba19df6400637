// core/src/data/slot_filler.hpp -- one thread's way from the rows of a batch to a slot that a device may read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <optional>
#include <string>
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
  // Of the first bad row of a slot that was filled: where it is and what is wrong with it; "" where none is bad. It is
  // read again, into the slot's first row, since fill has cleared it.
  std::string why_bad(Slot& slot);

 private:
  void copy_views(const Slot& slot) const;
  const DataSource& source_;
  const BatchLayout& layout_;
  const Transforms& transforms_;
  const Options options_;
  ColumnReader columns_;
  std::vector<int64_t> samples_;  // each once
  std::vector<uint8_t> unreadable_;
  ReadFault fault_;
};

// Where a sample is and why it is a bad row, "cat.fits[1], row 7: MAG_R is NaN or null"; only where it is, if it is
// none. Throws what else is met.
std::string why_bad(const DataSource& source, const BatchLayout& layout, const Transforms& transforms, int64_t sample);

}  // namespace clq

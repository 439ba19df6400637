// core/src/data/slot_filler.cpp -- one thread's way from the rows of a batch to a slot that a device may read.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/slot_filler.hpp"

#include <algorithm>
#include <cstring>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr const char* kLeaveOut = "; set data.on_bad = \"skip\" to leave such rows out";

}  // namespace

SlotFiller::SlotFiller(const DataSource& source, const BatchLayout& layout, const Transforms& transforms,
                       const Options& options, const std::atomic<bool>* cancelled)
    : source_(source),
      layout_(layout),
      transforms_(transforms),
      options_(options),
      columns_(source, layout, read_tensors(layout), options.reader, options.n_readers, cancelled, options.views) {}

void SlotFiller::fill(Slot& slot) {
  const std::vector<int64_t>& samples = slot.rows.samples;
  CLQ_REQUIRE(static_cast<int64_t>(samples.size()) <= slot.capacity, "a batch of {} rows for a slot of {}",
              samples.size(), slot.capacity);
  const auto views = static_cast<size_t>(slot.rows.views);
  samples_.clear();
  for (size_t i = 0; i < samples.size(); i += views) samples_.push_back(samples[i]);
  columns_.read(slot.data, samples_, unreadable_, fault_);
  copy_views(slot);
  slot.bad.assign(static_cast<size_t>(slot.capacity), 0);
  for (size_t i = 0; i < samples.size(); ++i)
    if (unreadable_[i / views] != 0) slot.bad[i] = kBadUnreadable;
  transforms_.apply(slot, layout_, options_.vary);
  if (options_.on_bad == OnBad::error) require_good_rows(slot);
}

// A sample is read once, into its first row; the others begin as that one.
void SlotFiller::copy_views(const Slot& slot) const {
  for (size_t t = 0; t < layout_.tensors.size(); ++t) {
    const int64_t bytes = layout_.tensors[t].desc.bytes();
    for (int64_t i = 0; i < static_cast<int64_t>(slot.rows.samples.size()); ++i)
      if (i % slot.rows.views != 0)
        std::memcpy(slot.data[t] + i * bytes, slot.data[t] + (i - 1) * bytes, static_cast<size_t>(bytes));
  }
}

// The first bad row is read again, since apply has cleared it.
void SlotFiller::require_good_rows(Slot& slot) {
  const auto bad = std::find_if(slot.bad.begin(), slot.bad.end(), [](uint8_t bits) { return bits != 0; });
  if (bad == slot.bad.end()) return;
  const auto row = static_cast<size_t>(bad - slot.bad.begin());
  if ((*bad & kBadUnreadable) != 0) fail(CLQ_E_DATA, "{}{}", fault_.words, kLeaveOut);
  const int64_t sample = slot.rows.samples[row];
  columns_.read(slot.data, {&sample, 1}, unreadable_, fault_);
  fail(CLQ_E_DATA, "{}: {}{}", source_.locate(sample), transforms_.explain(slot, layout_, 0), kLeaveOut);
}

}  // namespace clq

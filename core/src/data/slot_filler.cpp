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
  if (options_.on_bad != OnBad::error) return;
  if (const std::string words = why_bad(slot); !words.empty()) fail(CLQ_E_DATA, "{}{}", words, kLeaveOut);
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

std::string SlotFiller::why_bad(Slot& slot) {
  const auto bad = std::find_if(slot.bad.begin(), slot.bad.end(), [](uint8_t bits) { return bits != 0; });
  if (bad == slot.bad.end()) return "";
  if ((*bad & kBadUnreadable) != 0) return fault_.words;
  const int64_t sample = slot.rows.samples[static_cast<size_t>(bad - slot.bad.begin())];
  columns_.read(slot.data, {&sample, 1}, unreadable_, fault_);
  return fmt::format("{}: {}", source_.locate(sample), transforms_.explain(slot, layout_, 0));
}

std::string why_bad(const DataSource& source, const BatchLayout& layout, const Transforms& transforms, int64_t sample) {
  Slot slot;
  std::vector<Tensor> memory;
  for (const InputField& tensor : layout.tensors) slot.data.push_back(memory.emplace_back(tensor.desc).bytes());
  slot.capacity = 1;
  slot.rows = {0, 0, {sample}, 1};
  SlotFiller filler(source, layout, transforms, {.on_bad = OnBad::skip}, nullptr);
  filler.fill(slot);
  const std::string words = filler.why_bad(slot);
  return words.empty() ? source.locate(sample) : words;
}

}  // namespace clq

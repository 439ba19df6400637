// core/src/train/own_batches.hpp -- batches that the host chose, of any source, in a slot of the trainer's.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>

#include <calanque/core/config.hpp>
#include <calanque/core/model.hpp>

#include "data/slot_filler.hpp"
#include "train/slot_memory.hpp"

namespace clq {

// Rows go through the model's transforms as those of the trainer's own order do. [trainer's thread]
class OwnBatches {
 public:
  // Slot 0 of the memory, which no reader has. data: the run's [data]; a whole batch is wanted where `whole` says so.
  OwnBatches(const Model& model, const Config& data, const SlotMemory& memory, const SlotFiller::Options& how,
             bool whole);
  // The slot with these samples, each in how.views rows; what varies is drawn for the epoch. Throws what cannot be
  // read.
  void fill(const std::shared_ptr<DataSource>& source, std::span<const int64_t> samples, int64_t epoch);
  const Slot& slot() const { return slot_; }

 private:
  void bind(const std::shared_ptr<DataSource>& source);
  void require_samples(std::span<const int64_t> samples) const;
  const Model& model_;
  const Config data_;
  const SlotFiller::Options how_;
  const bool whole_;
  std::shared_ptr<DataSource> given_, source_;  // as it came, and with the targets that are computed
  BatchLayout layout_;
  std::unique_ptr<SlotFiller> filler_;
  Slot slot_;
};

}  // namespace clq

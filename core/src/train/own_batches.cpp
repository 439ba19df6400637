// core/src/train/own_batches.cpp -- batches that the host chose, of any source, in a slot of the trainer's.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/own_batches.hpp"

#include "data/computed_targets.hpp"
#include "train/source_rows.hpp"

namespace clq {

OwnBatches::OwnBatches(const Model& model, const Config& data, const SlotMemory& memory, const SlotFiller::Options& how,
                       bool whole)
    : model_(model), data_(data), how_(how), whole_(whole) {
  slot_.data = memory.slot(0).tensors();
  slot_.capacity = memory.capacity();
}

void OwnBatches::bind(const std::shared_ptr<DataSource>& source) {
  if (source == given_) return;
  given_ = nullptr;
  filler_ = nullptr;
  source->require_random_access("training");
  source_ = with_computed_targets(source, data_, true);
  if (!source_) source_ = source;
  layout_ = bind_to_source(model_.layout, *source_, true);
  filler_ = std::make_unique<SlotFiller>(*source_, layout_, model_.transforms, how_, nullptr);
  given_ = source;
}

void OwnBatches::require_samples(std::span<const int64_t> samples) const {
  const auto n = static_cast<int64_t>(samples.size());
  const int64_t most = slot_.capacity / how_.views;
  CLQ_REQUIRE(n >= 1 && n <= most, "a batch has 1 to {} samples, as train.batch says, got {}", most, n);
  CLQ_REQUIRE(!whole_ || n == most, "a batch of {} samples: batch norm needs the {} of a whole batch", n, most);
  const int64_t count = source_->schema().n_samples;
  for (const int64_t sample : samples)
    CLQ_REQUIRE(sample >= 0 && sample < count, "{}: there is no sample {}, the source has 0 to {}", source_->uri(),
                sample, count - 1);
}

void OwnBatches::fill(const std::shared_ptr<DataSource>& source, std::span<const int64_t> samples, int64_t epoch) {
  bind(source);
  require_samples(samples);
  slot_.rows = {epoch, 0, {}, how_.views};
  for (const int64_t sample : samples)
    slot_.rows.samples.insert(slot_.rows.samples.end(), static_cast<size_t>(how_.views), sample);
  filler_->fill(slot_);
}

}  // namespace clq

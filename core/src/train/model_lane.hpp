// core/src/train/model_lane.hpp -- one model's way through a source: its readers, its transforms, its network.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "data/feeder.hpp"
#include "train/d4_mean.hpp"
#include "train/inference.hpp"
#include "train/metric_sums.hpp"
#include "train/predictor.hpp"
#include "train/shown_layers.hpp"
#include "train/slot_memory.hpp"
#include "train/source_rows.hpp"
#include "train/stage.hpp"

namespace clq {

class ModelLane {  // [one thread]
 public:
  ModelLane(Device& device, Stream& stream, std::shared_ptr<const Model> model, const DataSource& source,
            const RowSet& rows, bool with_target, const PredictOptions& options, const Registry& registry)
      : model_(std::move(model)),
        layout_(bind_to_source(model_->layout, source, with_target)),
        stage_(device, stream, Inference(*model_, options, registry)),
        sampler_(rows, options.batch, 0, false, false),
        memory_(device, layout_, options.batch, std::max<int64_t>(3, int64_t{options.readers} + 2)),
        feeder_(source, layout_, model_->transforms, sampler_, memory_.addresses(), options.batch,
                {options.readers, 0, sampler_.batches_per_epoch(), {OnBad::skip, -1}}) {
    for (size_t s = 0; s < memory_.depth(); ++s) {
      std::map<std::string, void*> inputs;
      for (size_t t = 0; t < layout_.tensors.size(); ++t)
        inputs[layout_.tensors[t].name] = memory_.slot(s).tensors()[t];
      stage_.runner.bind(inputs, memory_.slot(s).kind());
    }
    if (averages_d4(*model_, options)) mean_ = std::make_unique<D4Mean>(device, stage_, layout_, options.batch);
  }

  // Reads and computes the next batch; nullptr at the end. The slot is the caller's until give_back.
  Slot* next() {
    slot_ = feeder_.next();
    if (slot_ == nullptr) return nullptr;
    if (mean_)
      mean_->run(*slot_);
    else
      stage_.runner.run(feeder_.index(*slot_), {});
    return slot_;
  }
  void give_back() { feeder_.give_back(slot_); }
  const Tensor& prediction() const { return mean_ ? mean_->prediction() : stage_.runner.output("prediction"); }
  const Tensor& layer(const std::string& name) const { return stage_.runner.output(std::string(kLayer) + name); }
  const BatchLayout& layout() const { return layout_; }

 private:
  std::shared_ptr<const Model> model_;
  BatchLayout layout_;
  Stage stage_;
  Sampler sampler_;
  SlotMemory memory_;
  Feeder feeder_;
  std::unique_ptr<D4Mean> mean_;  // nullptr: one orientation
  Slot* slot_ = nullptr;
};

}  // namespace clq

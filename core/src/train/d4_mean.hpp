// core/src/train/d4_mean.hpp -- a network's prediction averaged over the eight orientations of its images.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "data/slot.hpp"
#include "train/predictor.hpp"
#include "train/slot_memory.hpp"
#include "train/stage.hpp"

namespace clq {

// "d4" of the options, else of the model, where its images can be turned; anything that cannot is an error.
bool averages_d4(const Model& model, const PredictOptions& options);

class D4Mean {  // [one thread]
 public:
  D4Mean(Device& device, Stage& forward, const BatchLayout& layout, int64_t rows);
  void run(const Slot& slot);  // eight runs of the network
  const Tensor& prediction() const { return mean_; }

 private:
  void turn(const Slot& slot, size_t tensor, int orientation);
  Stage& forward_;
  const BatchLayout& layout_;
  BatchMemory inputs_;
  size_t binding_;
  std::vector<double> sum_;
  Tensor mean_;
};

}  // namespace clq

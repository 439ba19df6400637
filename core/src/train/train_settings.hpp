// core/src/train/train_settings.hpp -- the numbers of a training, and how a batch is shared.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

#include "compile/programs.hpp"
#include "data/feeder.hpp"
#include "train/device_choice.hpp"

namespace clq {

struct TrainSettings {  // the resolved [train] table
  int64_t epochs = 30, batch = 32, micro_batch = 32, patience = 0, log_every = 50;
  uint64_t seed = 1;
  double checkpoint_minutes = 10;
  std::string monitor;  // a metric of metrics.csv, "" for the loss
  TrainSpec spec;
};
// micro_batch: where the run file does not say, a replica's share of the batch.
TrainSettings read_train(const Config& train, const Compute& compute);
BadPolicy read_bad_policy(const Config& data);

}  // namespace clq

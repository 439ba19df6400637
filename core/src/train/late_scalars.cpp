// core/src/train/late_scalars.cpp -- the running loss and the counts of bad steps, read without waiting for a device.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/late_scalars.hpp"

namespace clq {
namespace {

constexpr const char* kNames[] = {"train.loss_sum", "train.weight_sum", "train.bad_steps", "train.skipped_steps"};

}  // namespace

LateScalars::LateScalars(Device& device, StateStore& states) : states_(states), storage_{}, exported_(device) {
  for (size_t i = 0; i < storage_.size(); ++i) {
    storage_[i] = &states.require(kNames[i]);
    plain_[i] = Tensor(storage_[i]->desc);
  }
}

void LateScalars::queue(Stream& stream) {
  for (size_t i = 0; i < storage_.size(); ++i)
    storage_[i]->owner->export_state(storage_[i]->index, stream, plain_[i].bytes(), storage_[i]->buffer.data());
  exported_.record(stream.c());
  waiting_ = true;
}

bool LateScalars::take() {
  if (!waiting_) return false;
  exported_.sync(Sync::scalars_read);
  waiting_ = false;
  return true;
}

void LateScalars::clear_sums_of(StateStore& states, Stream& stream) {
  states.import_zeros(stream, {kNames[0], kNames[1]});
}

void LateScalars::clear_sums(Stream& stream) {
  clear_sums_of(states_, stream);
  plain_[0] = Tensor(plain_[0].desc());
  plain_[1] = Tensor(plain_[1].desc());
}

}  // namespace clq

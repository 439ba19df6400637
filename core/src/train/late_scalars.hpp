// core/src/train/late_scalars.hpp -- the running loss and the counts of bad steps, read without waiting for a device.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

#include "train/session.hpp"

namespace clq {

class LateScalars {  // [trainer's thread]
 public:
  LateScalars(Device& device, StateStore& states);
  void queue(Stream& stream);  // hot: asks for the values of now
  bool take();                 // hot: waits for what was asked; false when nothing was
  double loss_sum() const { return plain_[0].as<double>()[0]; }
  double weight_sum() const { return plain_[1].as<double>()[0]; }
  int64_t bad_steps() const { return plain_[2].as<int64_t>()[0]; }
  int64_t skipped_steps() const { return plain_[3].as<int64_t>()[0]; }
  // On the device and here. The other replicas' sums are cleared by clear_sums_of.
  void clear_sums(Stream& stream);
  static void clear_sums_of(StateStore& states, Stream& stream);

 private:
  StateStore& states_;
  std::array<StateStore::Storage*, 4> storage_;
  std::array<Tensor, 4> plain_;
  Event exported_;
  bool waiting_ = false;
};

}  // namespace clq

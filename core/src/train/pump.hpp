// core/src/train/pump.hpp -- batches from a feeder through the replicas, without waiting where nothing needs it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "data/feeder.hpp"
#include "train/input_lane.hpp"
#include "train/replicas.hpp"

namespace clq {

// Replica r of n takes the r-th n-th of each batch's micro-batches. [trainer's thread]
class Pump {
 public:
  Pump(Replicas& replicas, const BatchLayout& layout, const SlotMemory& memory);
  ~Pump();
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;
  void warm_up(const SlotMemory& memory);             // a step on its first slot; no feeder has it yet
  void attach(Feeder& feeder) { feeder_ = &feeder; }  // over the same memory; the one before was drained
  bool wait(std::chrono::milliseconds most);          // hot; as Feeder::wait
  Slot* next();                                       // hot; nullptr at the feeder's end
  // hot: a step on the slot, which goes back to the feeder as soon as no device reads it. scalars: first_sample is not
  // looked at.
  void step(Slot* slot, const CompiledProgram::Scalars& scalars);
  // On a slot that is no feeder's, the memory's first; until the devices have done it.
  void step_alone(const Slot& slot, const CompiledProgram::Scalars& scalars);
  void gradients_alone(const Slot& slot, const CompiledProgram::Scalars& scalars);
  void apply_alone(const CompiledProgram::Scalars& scalars);
  void give_back(Slot* slot) { feeder_->give_back(slot); }  // of next(), without a step
  void drain();                                             // waits for every slot and gives it back
  int64_t device_bytes() const;

 private:
  void give_back_oldest();
  template <class Body>
  void alone(Body&& body);
  bool passed(size_t slot);  // no device computes on it any more
  Replicas& replicas_;
  std::vector<std::unique_ptr<InputLane>> lanes_;
  Feeder* feeder_ = nullptr;
  std::array<Slot*, 2> waiting_{};  // slots given to the devices, oldest first
  size_t n_waiting_ = 0;
};

}  // namespace clq

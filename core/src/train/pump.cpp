// core/src/train/pump.cpp -- batches from a feeder through the replicas, without waiting where nothing needs it.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/pump.hpp"

#include <algorithm>

namespace clq {

Pump::Pump(Replicas& replicas, const BatchLayout& layout, const SlotMemory& memory) : replicas_(replicas) {
  const int64_t pieces = replicas.first().pieces(), rows = replicas.first().rows();
  const auto n = static_cast<int64_t>(replicas.size());
  if (n * pieces * rows != memory.capacity())
    fail(CLQ_E_INTERNAL, "{} replicas of {} micro-batches of {} rows are no batch of {}", n, pieces, rows,
         memory.capacity());
  for (int64_t i = 0; i < n; ++i)
    lanes_.push_back(std::make_unique<InputLane>(replicas.lane(static_cast<size_t>(i)), layout, memory, i * pieces,
                                                 replicas.comm(static_cast<size_t>(i))));
}

// The devices may still read what the owner frees next.
Pump::~Pump() {
  try {
    replicas_.each([this](size_t i) { replicas_.lane(i).settle(); });
  } catch (const std::exception&) {
    // A lost device reads nothing.
  }
}

void Pump::warm_up(const SlotMemory& memory) {
  Slot slot;
  slot.data = memory.slot(0).tensors();
  step_alone(slot, {.batch_count = 1});
}

template <class Body>
void Pump::alone(Body&& body) {
  replicas_.each([&](size_t i) {
    body(*lanes_[i]);
    replicas_.lane(i).settle();
  });
}

void Pump::step_alone(const Slot& slot, const CompiledProgram::Scalars& scalars) {
  alone([&](InputLane& lane) { lane.step(slot, 0, scalars); });
}

void Pump::gradients_alone(const Slot& slot, const CompiledProgram::Scalars& scalars) {
  alone([&](InputLane& lane) { lane.gradients(slot, 0, scalars); });
}

void Pump::apply_alone(const CompiledProgram::Scalars& scalars) {
  alone([&](InputLane& lane) { lane.apply(scalars); });
}

bool Pump::wait(std::chrono::milliseconds most) {
  if (n_waiting_ == waiting_.size()) give_back_oldest();
  return feeder_->wait(most);
}

Slot* Pump::next() { return feeder_->next(); }

void Pump::step(Slot* slot, const CompiledProgram::Scalars& scalars) {
  const size_t index = feeder_->index(*slot);
  replicas_.each([&](size_t i) { lanes_[i]->step(*slot, index, scalars); });
  if (n_waiting_ == 0 && passed(index)) return feeder_->give_back(slot);
  waiting_[n_waiting_++] = slot;
}

bool Pump::passed(size_t slot) {
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [slot](const auto& lane) { return lane->in_place() && lane->passed(slot); });
}

void Pump::give_back_oldest() {
  Slot* slot = waiting_[0];
  for (size_t i = 1; i < n_waiting_; ++i) waiting_[i - 1] = waiting_[i];
  --n_waiting_;
  const size_t index = feeder_->index(*slot);
  replicas_.each([&](size_t i) { lanes_[i]->wait(index); });
  feeder_->give_back(slot);
}

void Pump::drain() {
  while (n_waiting_ > 0) give_back_oldest();
}

int64_t Pump::device_bytes() const {
  int64_t bytes = 0;
  for (const auto& lane : lanes_) bytes += lane->device_bytes();
  return bytes;
}

}  // namespace clq

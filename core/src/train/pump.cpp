// core/src/train/pump.cpp -- batches from a feeder through a training program, without waiting where nothing needs it.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/pump.hpp"

#include <utility>

namespace clq {
namespace {

constexpr size_t kSets = 2;  // one is computed on while the other is filled

}  // namespace

Pump::Pump(Device& device, Stream& compute, CompiledProgram& program, const BatchLayout& layout,
           const SlotMemory& memory, void* workspace)
    : device_(device),
      compute_(compute),
      program_(program),
      layout_(layout),
      rows_(program.program().batch),
      pieces_(memory.capacity() / rows_) {
  CLQ_REQUIRE(pieces_ * rows_ == memory.capacity(), "train.batch {} is not a multiple of train.micro_batch {}",
              memory.capacity(), rows_);
  if (!program.program().graph.outputs.empty()) fail(CLQ_E_INTERNAL, "a training program has outputs");
  in_place_ = device.shares_host_memory();
  for (const NamedValue& input : program.program().graph.inputs) {
    const int64_t tensor = layout.tensor(input.name);
    if (tensor < 0) fail(CLQ_E_INVALID, "the network reads '{}', which no column feeds", input.name);
    input_tensors_.push_back(static_cast<size_t>(tensor));
    // Micro-batches start inside a slot: where that breaks the alignment they are copied instead.
    const int64_t piece_bytes = layout.tensors[static_cast<size_t>(tensor)].desc.bytes() * rows_;
    if (pieces_ > 1 && piece_bytes % 64 != 0) in_place_ = false;
  }
  for (size_t i = 0; i < memory.depth(); ++i) slot_events_.emplace_back(device);
  if (in_place_)
    bind_slots(memory, workspace);
  else
    make_sets(workspace);
}

// The device may still read what the owner frees next.
Pump::~Pump() {
  try {
    Event end(device_);
    end.record(compute_.c());
    end.sync(Sync::pump_closed);
  } catch (const Error&) {
    // A lost device reads nothing.
  }
}

std::unique_ptr<Binding> Pump::bind(const std::vector<std::byte*>& tensors, int64_t first_row, void* workspace) {
  std::vector<void*> inputs;
  for (const size_t t : input_tensors_) inputs.push_back(tensors[t] + first_row * layout_.tensors[t].desc.bytes());
  return program_.bind(inputs, {}, workspace);
}

void Pump::bind_slots(const SlotMemory& memory, void* workspace) {
  slot_bindings_.resize(memory.depth());
  for (size_t s = 0; s < memory.depth(); ++s)
    for (int64_t p = 0; p < pieces_; ++p)
      slot_bindings_[s].push_back(bind(memory.slot(s).tensors(), p * rows_, workspace));
}

void Pump::make_sets(void* workspace) {
  copy_ = std::make_unique<Stream>(device_);
  for (size_t i = 0; i < kSets; ++i) {
    sets_.push_back({BatchMemory(device_, layout_, rows_, CLQ_MEM_DEVICE), Event(device_), Event(device_), nullptr});
    sets_.back().binding = bind(sets_.back().memory.tensors(), 0, workspace);
  }
}

Slot* Pump::next() {
  if (n_waiting_ == waiting_.size()) give_back_oldest();
  return feeder_->next();
}

void Pump::run(const Slot& slot, int64_t piece, const CompiledProgram::Scalars& scalars) {
  if (!in_place_) return copy_and_run(slot, piece, scalars);
  program_.run(*slot_bindings_[feeder_->index(slot)][static_cast<size_t>(piece)], compute_, scalars);
}

void Pump::copy_and_run(const Slot& slot, int64_t piece, const CompiledProgram::Scalars& scalars) {
  InputSet& set = sets_[next_set_];
  next_set_ = (next_set_ + 1) % sets_.size();
  if (set.used) copy_->wait(set.consumed, Sync::slot_reused);
  const uint32_t kind = device_.shares_host_memory() ? CLQ_MEM_HOST : CLQ_MEM_HOST_PINNED;
  for (const size_t t : input_tensors_) {
    const int64_t bytes = layout_.tensors[t].desc.bytes() * rows_;
    copy_->copy(set.memory.tensors()[t], CLQ_MEM_DEVICE, slot.data[t] + piece * bytes, kind, bytes);
  }
  set.copied.record(copy_->c());
  compute_.wait(set.copied, Sync::input_copied);
  program_.run(*set.binding, compute_, scalars);
  set.consumed.record(compute_.c());
  set.used = true;
}

// In place the slot is free once it was computed on, otherwise once it was copied.
void Pump::done(Slot* slot) {
  Event& event = slot_events_[feeder_->index(*slot)];
  event.record(in_place_ ? compute_.c() : copy_->c());
  if (in_place_ && n_waiting_ == 0 && event.passed(Sync::slot_passed)) return feeder_->give_back(slot);
  waiting_[n_waiting_++] = slot;
}

void Pump::give_back_oldest() {
  Slot* slot = waiting_[0];
  for (size_t i = 1; i < n_waiting_; ++i) waiting_[i - 1] = waiting_[i];
  --n_waiting_;
  slot_events_[feeder_->index(*slot)].sync(Sync::slot_returned);
  feeder_->give_back(slot);
}

void Pump::drain() {
  while (n_waiting_ > 0) give_back_oldest();
}

int64_t Pump::device_bytes() const {
  int64_t bytes = 0;
  for (const InputSet& set : sets_) bytes += set.memory.bytes();
  return bytes;
}

}  // namespace clq

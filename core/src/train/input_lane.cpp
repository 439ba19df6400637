// core/src/train/input_lane.cpp -- how a replica reads its share of each slot.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/input_lane.hpp"

namespace clq {
namespace {

constexpr size_t kSets = 2;  // one is computed on while the other is filled

}  // namespace

InputLane::InputLane(Lane& lane, const BatchLayout& layout, const SlotMemory& memory, int64_t first_piece,
                     const clq_comm* comm)
    : lane_(lane),
      layout_(layout),
      comm_(comm),
      first_piece_(first_piece),
      slot_kind_(memory.slot(0).kind()),
      in_place_(lane.device().shares_host_memory()) {
  find_inputs();
  for (size_t i = 0; i < memory.depth(); ++i) slot_events_.emplace_back(lane.device());
  if (in_place_)
    bind_slots(memory);
  else
    make_sets();
  if (lane.apply() != nullptr) apply_ = lane.apply()->bind({}, {}, lane.workspace(), comm);
}

void InputLane::find_inputs() {
  const Graph& graph = lane_.program(0).program().graph;
  if (!graph.outputs.empty()) fail(CLQ_E_INTERNAL, "a training program has outputs");
  for (const NamedValue& input : graph.inputs) {
    const int64_t tensor = layout_.tensor(input.name);
    if (tensor < 0) fail(CLQ_E_INVALID, "the network reads '{}', which no column feeds", input.name);
    input_tensors_.push_back(static_cast<size_t>(tensor));
    // Micro-batches start inside a slot: where that breaks the alignment they are copied instead.
    const int64_t piece_bytes = layout_.tensors[static_cast<size_t>(tensor)].desc.bytes() * lane_.rows();
    if ((first_piece_ > 0 || lane_.pieces() > 1) && piece_bytes % 64 != 0) in_place_ = false;
  }
}

std::unique_ptr<Binding> InputLane::bind(int64_t piece, const std::vector<std::byte*>& tensors, int64_t first_row) {
  std::vector<void*> inputs;
  for (const size_t t : input_tensors_) inputs.push_back(tensors[t] + first_row * layout_.tensors[t].desc.bytes());
  return lane_.program(piece).bind(inputs, {}, lane_.workspace(), comm_);
}

void InputLane::bind_slots(const SlotMemory& memory) {
  slot_bindings_.resize(memory.depth());
  for (size_t s = 0; s < memory.depth(); ++s)
    for (int64_t p = 0; p < lane_.pieces(); ++p)
      slot_bindings_[s].push_back(bind(p, memory.slot(s).tensors(), (first_piece_ + p) * lane_.rows()));
}

void InputLane::make_sets() {
  Device& device = lane_.device();
  copy_ = std::make_unique<Stream>(device);
  for (size_t i = 0; i < kSets; ++i) {
    sets_.push_back({BatchMemory(device, layout_, lane_.rows(), CLQ_MEM_DEVICE), Event(device), Event(device), {}});
    auto& bindings = sets_.back().bindings;
    for (int64_t p = 0; p < lane_.pieces(); ++p) {
      int64_t q = 0;
      while (&lane_.program(q) != &lane_.program(p)) ++q;
      bindings.push_back(q < p ? bindings[static_cast<size_t>(q)] : bind(p, sets_.back().memory.tensors(), 0));
    }
  }
}

void InputLane::gradients(const Slot& slot, size_t index, const CompiledProgram::Scalars& scalars) {
  CompiledProgram::Scalars cells = scalars;
  for (int64_t piece = 0; piece < lane_.pieces(); ++piece) {
    cells.first_sample = (first_piece_ + piece) * lane_.rows();
    run(slot, index, piece, cells);
  }
}

void InputLane::apply(const CompiledProgram::Scalars& scalars) { lane_.apply()->run(*apply_, lane_.stream(), scalars); }

void InputLane::step(const Slot& slot, size_t index, const CompiledProgram::Scalars& scalars) {
  gradients(slot, index, scalars);
  if (apply_) apply(scalars);
  // In place the slot is free once it was computed on, otherwise once it was copied. Where replicas wait for one
  // another each waits for its computing: only so is an error heard on which others wait.
  slot_events_[index].record(in_place_ || comm_ != nullptr ? lane_.stream().c() : copy_->c());
}

void InputLane::run(const Slot& slot, size_t index, int64_t piece, const CompiledProgram::Scalars& scalars) {
  if (!in_place_) return copy_and_run(slot, piece, scalars);
  lane_.program(piece).run(*slot_bindings_[index][static_cast<size_t>(piece)], lane_.stream(), scalars);
}

void InputLane::copy_and_run(const Slot& slot, int64_t piece, const CompiledProgram::Scalars& scalars) {
  InputSet& set = sets_[next_set_];
  next_set_ = (next_set_ + 1) % sets_.size();
  if (set.used) copy_->wait(set.consumed, Sync::slot_reused);
  for (const size_t t : input_tensors_) {
    const int64_t bytes = layout_.tensors[t].desc.bytes() * lane_.rows();
    copy_->copy(set.memory.tensors()[t], CLQ_MEM_DEVICE, slot.data[t] + (first_piece_ + piece) * bytes, slot_kind_,
                bytes);
  }
  set.copied.record(copy_->c());
  lane_.stream().wait(set.copied, Sync::input_copied);
  lane_.program(piece).run(*set.bindings[static_cast<size_t>(piece)], lane_.stream(), scalars);
  set.consumed.record(lane_.stream().c());
  set.used = true;
}

bool InputLane::passed(size_t index) { return slot_events_[index].passed(Sync::slot_passed); }

void InputLane::wait(size_t index) { slot_events_[index].sync(Sync::slot_returned); }

int64_t InputLane::device_bytes() const {
  int64_t bytes = 0;
  for (const InputSet& set : sets_) bytes += set.memory.bytes();
  return bytes;
}

}  // namespace clq

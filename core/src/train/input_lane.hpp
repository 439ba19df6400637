// core/src/train/input_lane.hpp -- how a replica reads its share of each slot.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <vector>

#include "data/slot.hpp"
#include "train/lane.hpp"
#include "train/slot_memory.hpp"

namespace clq {

// A device that computes in the host's memory has one binding a slot and piece; any other has two sets of inputs with
// bindings each, filled by a copy stream. [the thread that drives the lane]
class InputLane {
 public:
  // The replica's micro-batches are those from first_piece on.
  InputLane(Lane& lane, const BatchLayout& layout, const SlotMemory& memory, int64_t first_piece, const clq_comm* comm);
  // hot: the replica's part of a step, queued. slot: the one of that index in the memory.
  void step(const Slot& slot, size_t index, const CompiledProgram::Scalars& scalars);
  // A step in two, where its plan has two programs.
  void gradients(const Slot& slot, size_t index, const CompiledProgram::Scalars& scalars);
  void apply(const CompiledProgram::Scalars& scalars);
  bool passed(size_t index);  // the device reads that slot no more
  void wait(size_t index);    // until then
  bool in_place() const { return in_place_; }
  int64_t device_bytes() const;

 private:
  struct InputSet {
    BatchMemory memory;
    Event copied, consumed;
    std::vector<std::shared_ptr<Binding>> bindings;  // by piece; pieces of one program share one
    bool used = false;
  };
  void find_inputs();
  std::unique_ptr<Binding> bind(int64_t piece, const std::vector<std::byte*>& tensors, int64_t first_row);
  void bind_slots(const SlotMemory& memory);
  void make_sets();
  void run(const Slot& slot, size_t index, int64_t piece, const CompiledProgram::Scalars& scalars);
  void copy_and_run(const Slot& slot, int64_t piece, const CompiledProgram::Scalars& scalars);
  Lane& lane_;
  const BatchLayout& layout_;
  const clq_comm* comm_;
  int64_t first_piece_;
  uint32_t slot_kind_;  // CLQ_MEM_*
  bool in_place_;
  std::vector<size_t> input_tensors_;                                 // graph.inputs -> layout tensors
  std::vector<std::vector<std::unique_ptr<Binding>>> slot_bindings_;  // in place: [slot][piece]
  std::unique_ptr<Stream> copy_;
  std::vector<InputSet> sets_;
  size_t next_set_ = 0;
  std::unique_ptr<Binding> apply_;
  std::vector<Event> slot_events_;  // after it has passed the device reads this slot no more
};

}  // namespace clq

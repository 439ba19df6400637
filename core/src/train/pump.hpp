// core/src/train/pump.hpp -- batches from a feeder through a training program, without waiting where nothing needs it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "data/feeder.hpp"
#include "train/session.hpp"
#include "train/slot_memory.hpp"

namespace clq {

// A batch is one run of the program, or several (micro-batches). A device that computes in the host's memory has one
// binding a slot and piece; any other has two sets of inputs with a binding each, filled by a copy stream. [trainer's
// thread]
class Pump {
 public:
  Pump(Device& device, Stream& compute, CompiledProgram& program, const BatchLayout& layout, const SlotMemory& memory,
       void* workspace);
  ~Pump();
  void attach(Feeder& feeder) { feeder_ = &feeder; }  // over the same memory; the one before was drained
  Slot* next();                                       // hot; nullptr at the feeder's end
  // The program on rows [piece * rows, (piece + 1) * rows) of the slot; rows is the program's batch.
  void run(const Slot& slot, int64_t piece, const CompiledProgram::Scalars& scalars);  // hot
  void done(Slot* slot);                                                               // hot; after the slot's last run
  void drain();  // waits for every slot and gives it back
  int64_t pieces() const { return pieces_; }
  int64_t device_bytes() const;

 private:
  struct InputSet {
    BatchMemory memory;
    Event copied, consumed;
    std::unique_ptr<Binding> binding;
    bool used = false;
  };
  std::unique_ptr<Binding> bind(const std::vector<std::byte*>& tensors, int64_t first_row, void* workspace);
  void bind_slots(const SlotMemory& memory, void* workspace);
  void make_sets(void* workspace);
  void copy_and_run(const Slot& slot, int64_t piece, const CompiledProgram::Scalars& scalars);
  void give_back_oldest();
  Device& device_;
  Stream& compute_;
  CompiledProgram& program_;
  const BatchLayout& layout_;
  Feeder* feeder_ = nullptr;
  int64_t rows_, pieces_;
  bool in_place_;
  std::vector<size_t> input_tensors_;                                 // graph.inputs -> layout tensors
  std::vector<std::vector<std::unique_ptr<Binding>>> slot_bindings_;  // in place: [slot][piece]
  std::unique_ptr<Stream> copy_;
  std::vector<InputSet> sets_;
  size_t next_set_ = 0;
  std::vector<Event> slot_events_;  // after it has passed the device reads this slot no more
  std::array<Slot*, 2> waiting_{};  // slots given to the device, oldest first
  size_t n_waiting_ = 0;
};

}  // namespace clq

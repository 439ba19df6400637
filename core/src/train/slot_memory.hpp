// core/src/train/slot_memory.hpp -- the memory of a ring of slots, where readers write and devices read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "data/batch_layout.hpp"
#include "runtime/device.hpp"

namespace clq {

int64_t align64(int64_t bytes);

// The tensors of one batch one behind the other, each 64-byte aligned.
class BatchMemory {
 public:
  BatchMemory(Device& device, const BatchLayout& layout, int64_t rows, uint32_t kind);
  const std::vector<std::byte*>& tensors() const { return tensors_; }
  int64_t bytes() const { return buffer_.bytes(); }
  uint32_t kind() const { return buffer_.kind(); }

 private:
  Buffer buffer_;
  std::vector<std::byte*> tensors_;
};

class SlotMemory {
 public:
  SlotMemory(Device& device, const BatchLayout& layout, int64_t capacity, int64_t depth);
  std::vector<std::vector<std::byte*>> addresses() const;
  int64_t capacity() const { return capacity_; }
  size_t depth() const { return slots_.size(); }
  const BatchMemory& slot(size_t i) const { return slots_[i]; }
  void clear(size_t i);  // zeros in a slot: no reader has it yet
  int64_t bytes() const;

 private:
  int64_t capacity_;
  std::vector<BatchMemory> slots_;
};

}  // namespace clq

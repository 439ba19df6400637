// core/src/train/slot_memory.cpp -- the memory of a ring of slots, where readers write and devices read.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/slot_memory.hpp"

#include <cstring>

namespace clq {
namespace {

constexpr int64_t kMostBytes = int64_t{1} << 56;  // no machine has more, and sums of a few stay in 64 bits

int64_t tensor_bytes(const InputField& tensor, int64_t rows) {
  TensorDesc batch = tensor.desc;
  batch.dims.insert(batch.dims.begin(), rows);
  const int64_t bytes = batch.bytes();
  CLQ_REQUIRE(bytes <= kMostBytes, "a batch of {} rows has too many bytes", rows);
  return align64(bytes);
}

int64_t batch_bytes(const BatchLayout& layout, int64_t rows) {
  int64_t bytes = 0;
  for (const InputField& tensor : layout.tensors) bytes += tensor_bytes(tensor, rows);
  return bytes;
}

}  // namespace

int64_t align64(int64_t bytes) { return (bytes + 63) / 64 * 64; }

BatchMemory::BatchMemory(Device& device, const BatchLayout& layout, int64_t rows, uint32_t kind)
    : buffer_(device, batch_bytes(layout, rows), kind) {
  auto* at = static_cast<std::byte*>(buffer_.data());
  for (const InputField& tensor : layout.tensors) {
    tensors_.push_back(at);
    at += tensor_bytes(tensor, rows);
  }
}

SlotMemory::SlotMemory(Device& device, const BatchLayout& layout, int64_t capacity, int64_t depth)
    : capacity_(capacity) {
  const uint32_t kind = device.shares_host_memory() ? CLQ_MEM_HOST : CLQ_MEM_HOST_PINNED;
  for (int64_t i = 0; i < depth; ++i) slots_.emplace_back(device, layout, capacity, kind);
}

void SlotMemory::clear(size_t i) {
  const BatchMemory& slot = slots_[i];
  if (slot.bytes() > 0) std::memset(slot.tensors().front(), 0, static_cast<size_t>(slot.bytes()));
}

std::vector<std::vector<std::byte*>> SlotMemory::addresses() const {
  std::vector<std::vector<std::byte*>> addresses;
  for (const BatchMemory& slot : slots_) addresses.push_back(slot.tensors());
  return addresses;
}

int64_t SlotMemory::bytes() const {
  int64_t bytes = 0;
  for (const BatchMemory& slot : slots_) bytes += slot.bytes();
  return bytes;
}

}  // namespace clq

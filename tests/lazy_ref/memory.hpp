// tests/lazy_ref/memory.hpp -- device memory that faults when the host touches it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace clq::lazy {

class DeviceMemory {
 public:
  DeviceMemory() = default;
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;
  ~DeviceMemory();
  void* alloc(int64_t bytes);  // filled with 0xFF: NaN in every float type; a page that faults behind it
  bool free(void* data);       // false: not ours. The addresses fault until the end of the device
  bool contains(const void* data, int64_t bytes) const;
  bool owns(const void* data) const { return contains(data, 1); }
  bool is_foreign(const void* data) const;  // it never was ours
  // The kernels may read and write between open() and close(), nobody may otherwise.
  void open() { protect(true); }
  void close() { protect(false); }

 private:
  struct Block {
    std::byte* data;
    size_t bytes, mapped;
    bool live;
  };
  void protect(bool usable);
  std::vector<Block> blocks_;
};

}  // namespace clq::lazy

// tests/lazy_ref/memory.cpp -- blocks of pages, opened only while the device works.
// SPDX-License-Identifier: BSD-3-Clause
#include "memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace clq::lazy {

DeviceMemory::~DeviceMemory() {
  for (const Block& b : blocks_) munmap(b.data, b.mapped);
}

void* DeviceMemory::alloc(int64_t bytes) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t used = std::max<size_t>(1, (static_cast<size_t>(bytes) + page - 1) / page) * page;
  void* p = mmap(nullptr, used + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) throw std::bad_alloc();
  std::memset(p, 0xFF, used);
  mprotect(p, used + page, PROT_NONE);
  blocks_.push_back({static_cast<std::byte*>(p), used, used + page, true});
  return p;
}

bool DeviceMemory::free(void* data) {
  for (Block& b : blocks_) {
    if (b.data != data || !b.live) continue;
    b.live = false;
    madvise(b.data, b.bytes, MADV_DONTNEED);
    return true;
  }
  return false;
}

bool DeviceMemory::contains(const void* data, int64_t bytes) const {
  const auto at = reinterpret_cast<uintptr_t>(data);
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& b) {
    const auto begin = reinterpret_cast<uintptr_t>(b.data);
    return b.live && at >= begin && at + static_cast<uintptr_t>(bytes) <= begin + b.bytes;
  });
}

bool DeviceMemory::is_foreign(const void* data) const {
  const auto* at = static_cast<const std::byte*>(data);
  return std::none_of(blocks_.begin(), blocks_.end(),
                      [at](const Block& b) { return at >= b.data && at < b.data + b.mapped; });
}

void DeviceMemory::protect(bool usable) {
  for (const Block& b : blocks_)
    if (b.live) mprotect(b.data, b.bytes, usable ? PROT_READ | PROT_WRITE : PROT_NONE);
}

}  // namespace clq::lazy

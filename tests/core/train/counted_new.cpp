// tests/core/train/counted_new.cpp -- operator new that counts; alone here, so that no caller sees into it.
// SPDX-License-Identifier: BSD-3-Clause
#include "counted_new.hpp"

#include <cstdlib>
#include <new>

namespace {

// Behind functions: g++ 12 with -fsanitize=undefined takes another file's thread_local for a null pointer.
thread_local bool counting = false;
thread_local int64_t allocations = 0;

void* counted(std::size_t bytes, std::size_t align) {
  if (counting) ++allocations;
  void* p = std::aligned_alloc(align, (bytes + align - 1) / align * align + (bytes == 0 ? align : 0));
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

namespace clq::toy {

void start_counting() {
  allocations = 0;
  counting = true;
}

int64_t stop_counting() {
  counting = false;
  return allocations;
}

}  // namespace clq::toy

void* operator new(std::size_t bytes) { return counted(bytes, 16); }
void* operator new[](std::size_t bytes) { return counted(bytes, 16); }
void* operator new(std::size_t bytes, std::align_val_t align) {
  return counted(bytes, static_cast<std::size_t>(align));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return counted(bytes, 16); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return counted(bytes, 16); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

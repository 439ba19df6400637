// tests/support/scarce_memory.cpp -- operator new that fails when a test says so.
// SPDX-License-Identifier: BSD-3-Clause
#include "support/scarce_memory.hpp"

#include <cstdlib>
#include <new>

namespace {

void* take(size_t bytes) {
  int64_t& left = clq::test::allocations_left;
  if (left == 0) throw std::bad_alloc();
  if (left > 0) --left;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(size_t bytes) { return take(bytes); }
void* operator new[](size_t bytes) { return take(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

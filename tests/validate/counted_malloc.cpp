// tests/validate/counted_malloc.cpp -- malloc, mmap and operator new of this program, which know who calls them.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/allocation_count.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "own_code.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // whose malloc it must be
#define CLQ_COUNTS_MALLOC 0
#else
#define CLQ_COUNTS_MALLOC 1
extern "C" void* __libc_malloc(size_t);
extern "C" void* __libc_calloc(size_t, size_t);
extern "C" void* __libc_realloc(void*, size_t);
extern "C" void* __libc_memalign(size_t, size_t);
#endif

namespace {

std::atomic<bool> counting{false};
std::atomic<int64_t> allocations{0};
thread_local bool looking = false;  // what looking allocates is not counted

void note(const void* caller) {
  if (!counting.load(std::memory_order_relaxed) || looking) return;
  looking = true;
  if (clq::validate::called_by_own_code(caller)) allocations.fetch_add(1, std::memory_order_relaxed);
  looking = false;
}

void* aligned(std::size_t align, std::size_t bytes) {
#if CLQ_COUNTS_MALLOC
  return __libc_memalign(align, bytes);
#else
  return std::aligned_alloc(align, (bytes + align - 1) / align * align);
#endif
}

void* made(std::size_t bytes, std::size_t align, const void* caller) {
  note(caller);
  void* p = aligned(align, bytes == 0 ? 1 : bytes);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

namespace clq::conformance {

void count_allocations_of(const std::string& file) {
  validate::look_for_code_of(file);
  allocations = 0;
  counting = true;
}

int64_t stop_counting_allocations() {
  counting = false;
  return allocations;
}

}  // namespace clq::conformance

#define CALLER __builtin_return_address(0)

#if CLQ_COUNTS_MALLOC
#define COUNTED extern "C" __attribute__((visibility("default"))) void*
COUNTED malloc(size_t bytes) {
  note(CALLER);
  return __libc_malloc(bytes);
}
COUNTED calloc(size_t n, size_t bytes) {
  note(CALLER);
  return __libc_calloc(n, bytes);
}
COUNTED realloc(void* p, size_t bytes) {
  note(CALLER);
  return __libc_realloc(p, bytes);
}
COUNTED memalign(size_t align, size_t bytes) {
  note(CALLER);
  return __libc_memalign(align, bytes);
}
COUNTED aligned_alloc(size_t align, size_t bytes) {
  note(CALLER);
  return __libc_memalign(align, bytes);
}
COUNTED valloc(size_t bytes) {
  note(CALLER);
  return __libc_memalign(static_cast<size_t>(sysconf(_SC_PAGESIZE)), bytes);
}
extern "C" __attribute__((visibility("default"))) int posix_memalign(void** out, size_t align, size_t bytes) {
  note(CALLER);
  if (align % sizeof(void*) != 0 || align == 0 || (align & (align - 1)) != 0) return EINVAL;
  void* p = __libc_memalign(align, bytes);
  if (p == nullptr) return ENOMEM;
  *out = p;
  return 0;
}
COUNTED mmap(void* at, size_t bytes, int protection, int flags, int file, off_t offset) {
  note(CALLER);
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, bytes, protection, flags, file, offset));
}
COUNTED mmap64(void* at, size_t bytes, int protection, int flags, int file, off64_t offset) {
  note(CALLER);
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, bytes, protection, flags, file, offset));
}
#endif

void* operator new(std::size_t bytes) { return made(bytes, 16, CALLER); }
void* operator new[](std::size_t bytes) { return made(bytes, 16, CALLER); }
void* operator new(std::size_t bytes, std::align_val_t align) {
  return made(bytes, static_cast<std::size_t>(align), CALLER);
}
void* operator new[](std::size_t bytes, std::align_val_t align) {
  return made(bytes, static_cast<std::size_t>(align), CALLER);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

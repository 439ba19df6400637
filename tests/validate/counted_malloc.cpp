// tests/validate/counted_malloc.cpp -- malloc and operator new of this program, which know who calls them.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <vector>

#include <link.h>

namespace {

struct Text {
  uintptr_t begin, end;
};
std::vector<Text>& texts() {
  static std::vector<Text> list;
  return list;
}
std::atomic<bool> counting{false};
std::atomic<int64_t> allocations{0};

void note(const void* caller) {
  if (!counting.load(std::memory_order_relaxed)) return;
  const auto at = reinterpret_cast<uintptr_t>(caller);
  for (const Text& text : texts())
    if (at >= text.begin && at < text.end) allocations.fetch_add(1, std::memory_order_relaxed);
}

int add_texts(dl_phdr_info* info, size_t, void* wanted) {
  std::error_code failed;
  if (!std::filesystem::equivalent(info->dlpi_name, *static_cast<const std::string*>(wanted), failed)) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info->dlpi_phdr[i];
    if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0)
      texts().push_back({info->dlpi_addr + part.p_vaddr, info->dlpi_addr + part.p_vaddr + part.p_memsz});
  }
  return 0;
}

void* made(std::size_t bytes, std::size_t align, const void* caller) {
  note(caller);
  void* p = std::aligned_alloc(align, (bytes + align - 1) / align * align + (bytes == 0 ? align : 0));
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

namespace clq::conformance {

void count_allocations_of(const std::string& file) {
  texts().clear();
  dl_iterate_phdr(add_texts, const_cast<std::string*>(&file));
  if (texts().empty()) throw std::runtime_error(file + ": is not mapped, so its allocations cannot be counted");
  allocations = 0;
  counting = true;
}

int64_t stop_counting_allocations() {
  counting = false;
  return allocations;
}

}  // namespace clq::conformance

#define CALLER __builtin_return_address(0)

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // whose malloc it must be
extern "C" void* __libc_malloc(size_t);
extern "C" void* __libc_calloc(size_t, size_t);
extern "C" void* __libc_realloc(void*, size_t);
extern "C" __attribute__((visibility("default"))) void* malloc(size_t bytes) {
  note(CALLER);
  return __libc_malloc(bytes);
}
extern "C" __attribute__((visibility("default"))) void* calloc(size_t n, size_t bytes) {
  note(CALLER);
  return __libc_calloc(n, bytes);
}
extern "C" __attribute__((visibility("default"))) void* realloc(void* p, size_t bytes) {
  note(CALLER);
  return __libc_realloc(p, bytes);
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

// capi/src/process.cpp -- a page that no forked child inherits.
// SPDX-License-Identifier: BSD-3-Clause
#include "process.hpp"

#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace clq::capi {

ProcessMark::ProcessMark() {
#ifdef MADV_WIPEONFORK
  const auto bytes = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* page = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return;
  if (::madvise(page, bytes, MADV_WIPEONFORK) != 0) {
    ::munmap(page, bytes);
    return;
  }
  word_ = new (page) std::atomic<int>(1);
#endif
}

}  // namespace clq::capi

// tests/support/hot_path/next.hpp -- the function of a name that this library stands in front of.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>

#include <dlfcn.h>

namespace hot_path {

// By version: without one a name may mean its oldest edition, and this library has a dlsym of its own.
template <class Function>
Function next(const char* name) noexcept {
  for (const char* version : {"GLIBC_2.34", "GLIBC_2.30", "GLIBC_2.3.2", "GLIBC_2.17", "GLIBC_2.2.5", "GLIBC_2.2"})
    if (void* found = dlvsym(RTLD_NEXT, name, version)) return reinterpret_cast<Function>(found);
  std::abort();
}

}  // namespace hot_path

// tests/core/train/interrupted.test.cpp -- a signal in the middle of a write is no failed write.
// SPDX-License-Identifier: BSD-3-Clause
#include <cerrno>
#include <filesystem>

#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <calanque/plugin/abi.h>

#include "train/atomic_file.hpp"

namespace {

int interruptions = 0;  // still to come

}  // namespace

// In front of the C library's. A job that is told to stop is interrupted here: some file systems look for signals.
extern "C" CLQ_EXPORT int posix_fallocate(int file, off_t begin, off_t bytes) {
  if (interruptions > 0) return --interruptions, EINTR;
  return reinterpret_cast<int (*)(int, off_t, off_t)>(dlsym(RTLD_NEXT, "posix_fallocate"))(file, begin, bytes);
}

namespace clq {
namespace {

TEST(AtomicFile, IsWrittenDespiteASignal) {
  const auto path = std::filesystem::temp_directory_path() / ("clq-interrupted-" + std::to_string(getpid()));
  interruptions = 2;
  EXPECT_NO_THROW(write_file(path, "whole"));
  EXPECT_EQ(interruptions, 0);
  EXPECT_EQ(std::filesystem::file_size(path), 5u);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace clq

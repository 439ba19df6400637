// tests/fuzz/fuzz.cpp -- what may never happen, and the input as a file.
// SPDX-License-Identifier: BSD-3-Clause
#include "fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <sys/mman.h>
#include <unistd.h>

// cfitsio does not free the buffers of a damaged tile; without AddressSanitizer nobody asks.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:imcomp_decompress_tile\n"; }

namespace clq::fuzz {
namespace {

namespace fs = std::filesystem;

struct OwnFolder {
  std::string path;

  OwnFolder() {
    std::error_code failed;
    const fs::path memory = "/dev/shm";
    path = ((fs::is_directory(memory, failed) ? memory : fs::temp_directory_path()) / "clq-fuzz.XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) fault("no folder " + path);
  }
  ~OwnFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

}  // namespace

void fault(const std::string& words) {
  std::fprintf(stderr, "fault: %s\n", words.c_str());
  std::abort();
}

void require_error(clq_status status, const std::string& words) {
  require(status < 0, "an error with a status that says none");
  if (status == CLQ_E_INTERNAL) fault("an internal error: " + words);
  require(!words.empty(), "an error without words");
  const bool one_line = std::none_of(words.begin(), words.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (!one_line) fault("an error's words hold control characters: " + words);
}

InputFile::InputFile() : fd_(::memfd_create("input", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(fd_)) {
  require(fd_ >= 0, "no file in memory");
}

InputFile::~InputFile() { ::close(fd_); }

void InputFile::fill(const uint8_t* data, size_t size) const {
  const bool filled = ::ftruncate(fd_, 0) == 0 && ::pwrite(fd_, data, size, 0) == static_cast<ssize_t>(size);
  require(filled, "the file in memory cannot be written");
}

const std::string& folder() {
  static const OwnFolder own;
  return own.path;
}

}  // namespace clq::fuzz

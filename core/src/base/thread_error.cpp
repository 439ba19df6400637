// core/src/base/thread_error.cpp -- this thread's error text, set by plugins through their host table.
// SPDX-License-Identifier: BSD-3-Clause
#include "base/thread_error.hpp"

#include <algorithm>
#include <cstring>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

// Without a destructor, which the C library would need memory for in each thread, and end the process without.
thread_local char error_text[4096];

}  // namespace

// A longer text is cut, not in the middle of a character.
void set_thread_error(const char* text) {
  const std::string line = one_line(text == nullptr ? "" : text);
  size_t bytes = std::min(line.size(), sizeof error_text - 1);
  while (bytes > 0 && bytes < line.size() && (static_cast<unsigned char>(line[bytes]) & 0xC0) == 0x80) --bytes;
  std::memcpy(error_text, line.data(), bytes);
  error_text[bytes] = '\0';
}

std::string take_thread_error() {
  std::string text = error_text;
  error_text[0] = '\0';
  return text;
}

}  // namespace clq

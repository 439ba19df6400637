// capi/src/guard.cpp -- this thread's last error.
// SPDX-License-Identifier: BSD-3-Clause
#include "guard.hpp"

#include <algorithm>

namespace clq::capi {
namespace {

thread_local clq_status last_status = CLQ_OK;
thread_local char last_text[4096];

}  // namespace

clq_status set_error(clq_status status, const char* text) noexcept {
  size_t n = std::min(std::strlen(text), sizeof last_text - 1);
  if (text[n] != '\0')  // cut between characters, not inside one
    while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;
  std::transform(text, text + n, last_text, [](char c) {  // one line, as of clq::Error: paths may hold anything
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f ? '?' : c;
  });
  last_text[n] = '\0';
  last_status = status;
  return status;
}

clq_status error_code() noexcept { return last_status; }
const char* error_text() noexcept { return last_text; }

}  // namespace clq::capi

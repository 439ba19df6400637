// capi/src/library.cpp -- version, errors, log.
// SPDX-License-Identifier: BSD-3-Clause
#include <mutex>
#include <optional>

#include <calanque/calanque.h>
#include <calanque/version.h>

#include "guard.hpp"
#include "runtime/log.hpp"

using namespace clq;
using namespace clq::capi;

const char* clq_version(void) { return CLQ_VERSION_TEXT; }

int64_t clq_error_text(char* text, int64_t capacity) {
  if (capacity < 0 || (text == nullptr && capacity > 0)) return CLQ_E_INVALID;  // and the words are kept
  return copy_text(error_text(), std::strlen(error_text()), text, capacity);
}

clq_status clq_error_code(void) { return error_code(); }

clq_status clq_log_level(int32_t level) {
  return guard([&] {
    CLQ_REQUIRE(level >= 0 && level <= 4, "log level must be from 0 to 4, got {}", level);
    set_log_level(level);
  });
}

int64_t clq_log_next(char* line, int64_t capacity) {
  return guard_any([&]() -> int64_t {
    static std::mutex mutex;  // a line that did not fit waits here
    static auto& waiting = *new std::optional<std::string>;
    const std::lock_guard lock(mutex);
    if (!waiting) waiting = next_log_line();
    if (!waiting) return copy_nothing(line, capacity);
    const int64_t needed = copy_text(waiting->data(), waiting->size(), line, capacity);
    if (needed <= capacity) waiting.reset();
    return needed;
  });
}

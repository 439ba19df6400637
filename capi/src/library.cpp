// capi/src/library.cpp -- version, errors, log.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>
#include <optional>
#include <string>

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
    require_room(line, capacity);                                       // before a line leaves the queue
    const std::optional<std::string> oldest = next_log_line(capacity);  // a line that does not fit waits
    return oldest ? copy_text(oldest->data(), oldest->size(), line, capacity) : copy_nothing(line, capacity);
  });
}

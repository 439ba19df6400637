// core/src/runtime/log.hpp -- the library's log: lines kept in a bounded queue until the host asks; nothing is printed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/thread_error.hpp"

namespace clq {

// level: CLQ_LOG_ERROR ... CLQ_LOG_DEBUG. At most 1000 lines wait; the oldest go first and are counted. [any-thread]
void log_line(int level, const std::string& text);
void set_log_level(int level);  // 0: off
// The oldest line, as "warning: 12 rows skipped"; one that needs `room` bytes or more stays. [any-thread]
std::optional<std::string> next_log_line(int64_t room = INT64_MAX);
void open_log();  // what is opened before another part holds over a fork after it

}  // namespace clq

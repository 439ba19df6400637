// core/src/runtime/log.cpp -- a bounded queue of log lines, emptied by the host.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/log.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include <calanque/plugin/entry.h>

namespace clq {
namespace {

constexpr size_t kCapacity = 1000;
constexpr std::array kLevels = {"off", "error", "warning", "info", "debug"};

struct Log {
  std::mutex mutex;
  std::deque<std::string> lines;
  int64_t dropped = 0;
  int level = CLQ_LOG_INFO;
};

// Leaked on purpose: a plugin's own thread may still log while static destructors run.
Log& the_log() {
  static Log& log = *new Log;
  return log;
}

// One message is one line, whatever a plugin puts into it.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\r', ' ');
  return text;
}

}  // namespace

void log_line(int level, const std::string& text) {
  level = std::clamp<int>(level, CLQ_LOG_ERROR, CLQ_LOG_DEBUG);
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  if (level > log.level) return;
  if (log.lines.size() == kCapacity) {
    log.lines.pop_front();
    ++log.dropped;
  }
  log.lines.push_back(fmt::format("{}: {}", kLevels[static_cast<size_t>(level)], one_line(text)));
}

void set_log_level(int level) {
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  log.level = std::clamp<int>(level, 0, CLQ_LOG_DEBUG);
}

std::optional<std::string> next_log_line() {
  Log& log = the_log();
  const std::lock_guard lock(log.mutex);
  if (log.dropped > 0) return fmt::format("warning: {} older log lines were dropped", std::exchange(log.dropped, 0));
  if (log.lines.empty()) return std::nullopt;
  std::string line = std::move(log.lines.front());
  log.lines.pop_front();
  return line;
}

}  // namespace clq

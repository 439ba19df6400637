// core/src/runtime/log.cpp -- a bounded queue of log lines, emptied by the host.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/log.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include <pthread.h>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <calanque/plugin/entry.h>

namespace clq {
namespace {

constexpr size_t kCapacity = 1000;
constexpr std::array kLevels = {spdlog::level::off, spdlog::level::err, spdlog::level::warn, spdlog::level::info,
                                spdlog::level::debug};

// Keeps "warning: 12 rows skipped" for each message; one message is one line, whatever a plugin puts into it.
class QueueSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  QueueSink() : base_sink(std::make_unique<spdlog::pattern_formatter>("%l: %v", spdlog::pattern_time_type::utc, "")) {}

  // One more that has no line.
  void drop() noexcept { ++dropped_; }

  // Around a fork(): a child whose parent's other thread was just logging would wait for it for ever.
  void hold() { mutex_.lock(); }
  void release() { mutex_.unlock(); }

  // The oldest line; it leaves the queue where it is shorter than `room`.
  std::optional<std::string> next(int64_t room) {
    const std::lock_guard lock(mutex_);
    const int64_t n = dropped_;
    if (n == 0 && lines_.empty()) return std::nullopt;
    std::string line = n > 0 ? fmt::format("warning: {} older log lines were dropped", n) : lines_.front();
    if (static_cast<int64_t>(line.size()) >= room) return line;
    if (n > 0)
      dropped_ -= n;
    else
      lines_.pop_front();
    return line;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t text;
    formatter_->format(message, text);
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::replace(text.begin(), text.end(), '\r', ' ');
    lines_.push_back(fmt::to_string(text));
    if (lines_.size() <= kCapacity) return;
    lines_.pop_front();
    drop();
  }
  void flush_() override {}

  std::deque<std::string> lines_;
  std::atomic<int64_t> dropped_{0};
};

struct Log;
Log& the_log();
void release_queue();

// A logger of our own: spdlog's registry belongs to the host, and so does stderr, where spdlog tells of its errors
// unless they are handled.
struct Log {
  std::shared_ptr<QueueSink> queue = std::make_shared<QueueSink>();
  spdlog::logger logger{"calanque", queue};
  Log() {
    logger.set_error_handler([sink = queue.get()](const std::string&) { sink->drop(); });
    ::pthread_atfork([] { the_log().queue->hold(); }, release_queue, release_queue);
  }
};

// Leaked on purpose: a plugin's own thread may still log while static destructors run.
Log& the_log() {
  static Log& log = *new Log;
  return log;
}

void release_queue() { the_log().queue->release(); }

spdlog::level::level_enum level_of(int level) { return kLevels[static_cast<size_t>(level)]; }

}  // namespace

void log_line(int level, const std::string& text) {
  the_log().logger.log(level_of(std::clamp<int>(level, CLQ_LOG_ERROR, CLQ_LOG_DEBUG)), text);
}

void set_log_level(int level) { the_log().logger.set_level(level_of(std::clamp<int>(level, 0, CLQ_LOG_DEBUG))); }

void open_log() { the_log(); }

std::optional<std::string> next_log_line(int64_t room) { return the_log().queue->next(room); }

}  // namespace clq

// capi/cli/progress.cpp -- how a training goes, on stderr.
// SPDX-License-Identifier: BSD-3-Clause
#include "progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace clq::cli {
namespace {

constexpr auto kBarInterval = std::chrono::milliseconds(100);
constexpr auto kLineInterval = std::chrono::seconds(30);

size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string time_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 3.6e7) return "-";
  const auto all = static_cast<int64_t>(seconds);
  return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
}

}  // namespace

// fmt::print would throw, and a full disk behind a log would end the training that writes it.
void say(const std::string& text) { std::fputs(text.c_str(), stderr); }

void print_log() {
  for (;;) {
    const std::string line = text_of([](char* text, int64_t capacity) { return clq_log_next(text, capacity); });
    if (line.empty()) return;
    say(fmt::format("{}\n", line));
  }
}

Progress::Progress(clq_handle trainer)
    : trainer_(trainer), terminal_(::isatty(STDERR_FILENO) == 1), last_(std::chrono::steady_clock::now()) {}

Progress::~Progress() { clear(); }

double Progress::value(const char* key) const {
  double out = 0;
  check(clq_trainer_get(trainer_, key, &out));
  return out;
}

std::string Progress::line() const {
  return fmt::format("epoch {:.0f}/{:.0f}  step {:.0f}  loss {:.5g}  {:.0f} samples/s  ETA {}",
                     std::min(value("epoch") + 1, value("epochs")), value("epochs"), value("step"), value("loss"),
                     value("samples_per_second"), time_text(value("eta")));
}

std::string Progress::bar(size_t width) const {
  const double part = value("step") / std::max(1.0, value("steps"));
  const auto filled = static_cast<size_t>(std::clamp(part, 0.0, 1.0) * static_cast<double>(width));
  return fmt::format("[{:<{}}] ", std::string(filled, '='), width);
}

void Progress::update() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < (terminal_ ? std::chrono::steady_clock::duration(kBarInterval) : kLineInterval)) return;
  last_ = now;
  const std::string text = line();
  if (!terminal_) {
    say(fmt::format("{}\n", text));
    return;
  }
  const size_t width = terminal_width();
  const size_t room = width > text.size() + 14 ? std::min<size_t>(40, width - text.size() - 4) : 0;
  say(fmt::format("\r{}\033[K", ((room > 0 ? bar(room) : "") + text).substr(0, width - 1)));
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  say("\r\033[K");
  drawn_ = false;
}

}  // namespace clq::cli

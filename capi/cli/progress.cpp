// capi/cli/progress.cpp -- how a training or a scan goes, on stderr.
// SPDX-License-Identifier: BSD-3-Clause
#include "progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "printable.hpp"

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

// The bar in front of the text, as far as both fit.
void draw(double part, const std::string& text) {
  const size_t width = terminal_width();
  const size_t room = width > text.size() + 14 ? std::min<size_t>(40, width - text.size() - 4) : 0;
  const auto filled = static_cast<size_t>(std::clamp(part, 0.0, 1.0) * static_cast<double>(room));
  const std::string bar = room > 0 ? fmt::format("[{:<{}}] ", std::string(filled, '='), room) : "";
  say(fmt::format("\r{}\033[K", (bar + text).substr(0, width - 1)));
  std::fflush(stderr);
}

}  // namespace

// fmt::print would throw, and a full disk behind a log would end the training that writes it.
void say(const std::string& text) { std::fputs(text.c_str(), stderr); }

void print_log() {
  for (;;) {
    const std::string line = text_of([](char* text, int64_t capacity) { return clq_log_next(text, capacity); });
    if (line.empty()) return;
    say(fmt::format("{}\n", printable(line)));
  }
}

Bar::Bar(std::string what, int64_t all)
    : what_(std::move(what)),
      all_(all),
      terminal_(::isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()),
      last_(started_) {}

Bar::~Bar() { clear(); }

void Bar::update(int64_t done) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < (terminal_ ? std::chrono::steady_clock::duration(kBarInterval) : kLineInterval)) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const double part = static_cast<double>(done) / static_cast<double>(std::max<int64_t>(1, all_));
  const std::string text =
      fmt::format("{}/{} {}  {:.0f} {}/s  ETA {}", done, all_, what_, static_cast<double>(done) / seconds, what_,
                  time_text(part > 0 ? seconds * (1 - part) / part : -1));
  if (!terminal_) {
    say(text + "\n");
    return;
  }
  draw(part, text);
  drawn_ = true;
}

void Bar::clear() {
  if (drawn_) say("\r\033[K");
  drawn_ = false;
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

void Progress::update() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < (terminal_ ? std::chrono::steady_clock::duration(kBarInterval) : kLineInterval)) return;
  last_ = now;
  const std::string text = line();
  if (!terminal_) {
    say(fmt::format("{}\n", text));
    return;
  }
  draw(value("step") / std::max(1.0, value("steps")), text);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  say("\r\033[K");
  drawn_ = false;
}

}  // namespace clq::cli

// capi/cli/signals.cpp -- what signals do to a training, at its start, in its steps and at its end, and to a table.
// SPDX-License-Identifier: BSD-3-Clause
#include "signals.hpp"

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <fmt/format.h>

#include "client.hpp"
#include "printable.hpp"

namespace clq::cli {
namespace {

// Seen by the handlers alone and by the functions below.
std::atomic<clq_handle> target{0};
std::atomic<bool> starting{false};
std::atomic<int> interrupts{0}, last_code{kDone};

struct Start {  // written before there is a handler
  std::string folder, checkpoints, log, words;
  bool makes_folder = false, makes_checkpoints = false, has_checkpoint = false;
};
Start start;

// Calls that a handler may make.
[[noreturn]] void leave_start(int number) {
  if (::access(start.log.c_str(), F_OK) != 0) {
    if (start.makes_checkpoints) ::rmdir(start.checkpoints.c_str());
    if (start.makes_folder) ::rmdir(start.folder.c_str());
  }
  [[maybe_unused]] const ssize_t said = ::write(STDERR_FILENO, start.words.data(), start.words.size());
  ::_exit(start.has_checkpoint ? kStopped : 128 + number);
}

extern "C" void on_stop_signal(int number) {
  const int saved = errno;
  if (starting.load()) leave_start(number);
  if (number == SIGINT && interrupts.fetch_add(1) > 0) ::_exit(kInterrupted);
  clq_trainer_stop(target.load());
  errno = saved;
}

// The name that the sinks of this project write under, and that under which cfitsio begins.
std::string temporaries[2];  // written before there is a handler

// By the default, to which it goes back, the signal ends the program as this returns.
extern "C" void on_ending_signal(int number) {
  const int saved = errno;
  for (const std::string& temporary : temporaries) ::unlink(temporary.c_str());
  ::signal(number, SIG_DFL);
  ::raise(number);
  errno = saved;
}

std::string last_words;  // written before there is a handler

extern "C" void on_alarm(int) {
  [[maybe_unused]] const ssize_t said = ::write(STDERR_FILENO, last_words.data(), last_words.size());
  ::_exit(last_code.load());
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void ignore_write_signals() {
  handle(SIGPIPE, SIG_IGN);
  handle(SIGXFSZ, SIG_IGN);
}

// A write to the standard output that nobody opened stays an error: its stand-in is open for reading.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

void catch_stop_signals(const std::string& folder) {
  std::error_code error;
  const std::filesystem::path path(folder), checkpoints = path / "checkpoints";
  start.folder = folder;
  start.checkpoints = checkpoints.string();
  start.log = (path / "log.jsonl").string();
  start.makes_folder = !std::filesystem::exists(path, error);
  start.makes_checkpoints = !std::filesystem::exists(checkpoints, error);
  for (const char* name : {"last.safetensors", "previous.safetensors"})
    start.has_checkpoint = start.has_checkpoint || std::filesystem::exists(checkpoints / name, error);
  start.words =
      start.has_checkpoint
          ? fmt::format("clq: stopped before a step, the checkpoint is as it was, go on with: clq resume {}\n",
                        printable(folder))
          : "clq: stopped before the first step: there is no checkpoint\n";
  starting.store(true);
  for (const int number : {SIGTERM, SIGUSR1, SIGINT}) handle(number, on_stop_signal);
  for (const int number : {SIGHUP, SIGUSR2, SIGXCPU})
    if (!is_ignored(number)) handle(number, on_stop_signal);
}

void stop_on_signal(clq_handle trainer) {
  target.store(trainer);
  starting.store(false);
}

void leave_within(unsigned seconds, int exit_code, const std::string& words) {
  last_words = words;
  last_code.store(exit_code);
  handle(SIGALRM, on_alarm);
  ::alarm(seconds);
}

void remove_on_signal(const std::string& table) {
  if (table.empty()) return;
  const size_t scheme = table.find("://");
  std::error_code error;
  const auto path = std::filesystem::absolute(scheme == std::string::npos ? table : table.substr(scheme + 3), error);
  char host[256] = {};
  if (error || ::gethostname(host, sizeof host - 1) != 0) return;
  temporaries[0] = fmt::format("{}.tmp.{}.{}", path.lexically_normal().string(), host, ::getpid());
  temporaries[1] = fmt::format("{}.new", temporaries[0]);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU})
    if (!is_ignored(number)) handle(number, on_ending_signal);
}

}  // namespace clq::cli

// capi/cli/signals.cpp -- what signals do to a training.
// SPDX-License-Identifier: BSD-3-Clause
#include "signals.hpp"

#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace clq::cli {
namespace {

// Seen by the handler alone and by the two functions below.
std::atomic<clq_handle> target{0};
std::atomic<bool> asked{false};
std::atomic<int> interrupts{0};

extern "C" void on_stop_signal(int number) {
  const int saved = errno;
  if (number == SIGINT && interrupts.fetch_add(1) > 0) ::_exit(130);
  asked.store(true);
  clq_trainer_stop(target.load());
  errno = saved;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
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

void catch_stop_signals() {
  for (const int number : {SIGTERM, SIGUSR1, SIGINT}) handle(number, on_stop_signal);
}

void stop_on_signal(clq_handle trainer) {
  target.store(trainer);
  if (asked.load()) clq_trainer_stop(trainer);
}

}  // namespace clq::cli

// capi/cli/child.cpp -- starting it, reading until it ends or its time is over, ending it.
// SPDX-License-Identifier: BSD-3-Clause
#include "child.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "printable.hpp"

namespace clq::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kReportTo = 3;              // the child's descriptor
constexpr size_t kMostReport = 16 << 20;  // bytes
constexpr size_t kMostWords = 2000;

class Pipe {
 public:
  explicit Pipe(size_t most) : most_(most) {
    if (::pipe2(ends_, O_CLOEXEC) != 0) throw Failure(kInternal, fmt::format("pipe: {}", std::strerror(errno)));
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reader() const { return ends_[0]; }  // -1 at the end
  int writer() const { return ends_[1]; }
  void close_writer() { close(ends_[1]); }
  std::string& text() { return text_; }  // the last bytes of it

  void take_what_is_there() {
    char bytes[4096];
    while (ends_[0] >= 0) {
      const ssize_t n = ::read(ends_[0], bytes, sizeof bytes);
      if (n < 0 && errno == EINTR) continue;
      if (n == 0 || (n < 0 && errno != EAGAIN)) close_reader();
      if (n <= 0) return;
      text_.append(bytes, static_cast<size_t>(n));
      if (text_.size() > 2 * most_) text_.erase(0, text_.size() - most_);
    }
  }

 private:
  void close_reader() { close(ends_[0]); }
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  int ends_[2];
  size_t most_;
  std::string text_;
};

pid_t start(const std::string& program, std::vector<std::string> arguments, const Pipe& report, const Pipe& words) {
  arguments.insert(arguments.begin(), program);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (::posix_spawn_file_actions_init(&actions) != 0 || ::posix_spawnattr_init(&attributes) != 0)
    throw std::bad_alloc();
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_adddup2(&actions, words.writer(), stream);
  ::posix_spawn_file_actions_adddup2(&actions, report.writer(), kReportTo);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // so that what it starts ends with it
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, program.c_str(), &actions, &attributes, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (failed != 0) throw Failure(kInternal, fmt::format("{}: cannot be started: {}", program, std::strerror(failed)));
  return child;
}

// Its status stays to be taken.
bool has_ended(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == child;
}

// False: its time is over. A pipe may stay open in what the child started.
bool watch(pid_t child, Pipe& report, Pipe& words, Clock::time_point end) {
  for (;;) {
    const bool ended = has_ended(child);
    report.take_what_is_there();
    words.take_what_is_there();
    if (ended) return true;
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting[] = {{report.reader(), POLLIN, 0}, {words.reader(), POLLIN, 0}};
    const bool closed = report.reader() < 0 && words.reader() < 0;  // it is about to end
    ::poll(waiting, 2, static_cast<int>(std::min<int64_t>(left.count(), closed ? 1 : 20)));
  }
}

// A process that waits for a broken device cannot be ended; it is left behind.
bool end_group(pid_t child, int& status) {
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);  // where it has left its group
  for (const auto end = Clock::now() + std::chrono::seconds(2); Clock::now() < end;) {
    const pid_t got = ::waitpid(child, &status, WNOHANG);
    if (got == child) return true;
    if (got < 0 && errno != EINTR) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return false;
}

std::string last_line(const std::string& words) {
  const size_t last = words.find_last_not_of("\n ");
  if (last == std::string::npos) return "";
  const size_t before = words.find_last_of('\n', last);
  const size_t first = before == std::string::npos ? 0 : before + 1;
  return printable(words.substr(first, std::min<size_t>(last + 1 - first, 200)));
}

}  // namespace

bool ChildEnd::well() const { return in_time && reaped && WIFEXITED(status) && WEXITSTATUS(status) == 0; }

ChildEnd run_child(const std::string& program, const std::vector<std::string>& arguments, std::chrono::seconds limit) {
  std::signal(SIGCHLD, SIG_DFL);  // ignored, as it may come from whoever started this one, it takes the status away
  Pipe report(kMostReport), words(kMostWords);
  ChildEnd end;
  const pid_t child = start(program, arguments, report, words);
  report.close_writer();
  words.close_writer();
  end.in_time = watch(child, report, words, Clock::now() + limit);
  end.reaped = end_group(child, end.status);
  end.report = Json::parse(report.text(), nullptr, false);
  if (end.report.is_discarded()) end.report = nullptr;
  end.words = words.text();
  return end;
}

std::string end_text(const ChildEnd& end, std::chrono::seconds limit) {
  if (!end.in_time) return fmt::format("did not end within {} seconds", limit.count());
  if (!end.reaped) return "ended, how is not known";
  const int signal = WIFSIGNALED(end.status) ? WTERMSIG(end.status) : 0;
  const std::string how = signal != 0 ? fmt::format("signal {} ({})", signal, strsignal(signal))
                                      : fmt::format("exit code {}", WEXITSTATUS(end.status));
  const std::string words = last_line(end.words);
  return words.empty() ? how : fmt::format("{}: {}", how, words);
}

void end_with_parent() {
  const pid_t parent = ::getppid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kOther);
}

bool write_report(const std::string& json) {
  for (size_t done = 0; done < json.size();) {
    const ssize_t n = ::write(kReportTo, json.data() + done, json.size() - done);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<size_t>(n);
  }
  return true;
}

}  // namespace clq::cli

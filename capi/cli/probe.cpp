// capi/cli/probe.cpp -- plugins looked at in processes of their own, which may crash, hang or end.
// SPDX-License-Identifier: BSD-3-Clause
#include "probe.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include <fmt/format.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace clq::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kLimit = std::chrono::seconds(10);
constexpr const char* kMark = "\nclq-probe ";  // behind it is the report
constexpr size_t kMostBytes = 1 << 20;         // of what a plugin prints

struct Pipe {
  Pipe() {
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Failure(kInternal, fmt::format("pipe: {}", std::strerror(errno)));
  }
  ~Pipe() {
    ::close(ends[0]);
    if (ends[1] >= 0) ::close(ends[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_writer() {
    ::close(ends[1]);
    ends[1] = -1;
  }
  int ends[2];
};

pid_t start(const std::string& file, int output) {
  std::string program = "/proc/self/exe", command = "probe", path = file;
  char* arguments[] = {program.data(), command.data(), path.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (::posix_spawn_file_actions_init(&actions) != 0 || ::posix_spawnattr_init(&attributes) != 0)
    throw std::bad_alloc();
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // so that what the plugin starts ends with it
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, program.c_str(), &actions, &attributes, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (failed != 0) throw Failure(kInternal, fmt::format("a process to look at {}: {}", file, std::strerror(failed)));
  return child;
}

// What the child prints until it closes its output; false: not within the limit.
bool read_all(int from, std::string& text) {
  const auto end = Clock::now() + kLimit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd waiting{from, POLLIN, 0};
    const int ready = left <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    char bytes[4096];
    const ssize_t n = ::read(from, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    if (text.size() < kMostBytes) text.append(bytes, static_cast<size_t>(n));
  }
}

int end_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 0;
  return status;
}

Json fatal(const std::string& file, const std::string& problem) {
  return {{"file", file},          {"in_use", false}, {"id", ""},   {"version", ""},
          {"problem", problem},    {"owner", ""},     {"offers", Json::array()},
          {"fatal", true}};
}

Json probe_one(const std::string& file) {
  Pipe pipe;
  const pid_t child = start(file, pipe.ends[1]);
  pipe.close_writer();
  std::string text;
  const bool in_time = read_all(pipe.ends[0], text);
  ::kill(-child, SIGKILL);  // the group: the child itself where it hangs, and what it started
  const int status = end_of(child);
  const size_t mark = text.rfind(kMark);
  if (mark != std::string::npos) {
    const Json report = Json::parse(text.substr(mark + std::strlen(kMark)), nullptr, false);
    if (report.is_array() && report.size() == 1) return report.front();
  }
  const std::string ends = "it ends the process that loads it: ";
  if (WIFEXITED(status)) return fatal(file, fmt::format("{}exit code {}", ends, WEXITSTATUS(status)));
  if (const int signal = WTERMSIG(status); signal != SIGKILL)
    return fatal(file, fmt::format("{}signal {} ({})", ends, signal, strsignal(signal)));
  if (in_time) return fatal(file, "it closes the output of the process that loads it");
  return fatal(file, fmt::format("loading it did not return within {} seconds", kLimit.count()));
}

}  // namespace

Json probe_plugins(const std::vector<std::string>& files) {
  Json all = Json::array();
  for (const std::string& file : files) all.push_back(probe_one(file));
  return all;
}

std::vector<std::string> plugin_files(const std::string& place) {
  std::vector<std::string> files;
  const auto add = [&](const char* path) {
    for (const Json& file : Json::parse(text_of([&](char* out, int64_t n) { return clq_plugins_files(path, out, n); })))
      if (std::find(files.begin(), files.end(), file.get<std::string>()) == files.end()) files.push_back(file);
  };
  if (!place.empty()) add(place.c_str());
  add(nullptr);
  return files;
}

int probe(const std::string& file) {
  std::string report(kMostBytes, '\0');  // asked once: each call loads the plugin
  const int64_t size = clq_plugin_probe(file.c_str(), report.data(), static_cast<int64_t>(report.size()));
  check(std::min<int64_t>(size, 0));
  if (size > static_cast<int64_t>(report.size())) throw Failure(kInternal, file + ": its report is too long");
  const std::string text = kMark + report.substr(0, static_cast<size_t>(size) - 1);
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) return kWrite;
    if (n > 0) done += static_cast<size_t>(n);
  }
  return kDone;
}

}  // namespace clq::cli

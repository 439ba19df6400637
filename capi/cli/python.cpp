// capi/cli/python.cpp -- the Python that a command goes on in.
// SPDX-License-Identifier: BSD-3-Clause
#include "python.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.hpp"

namespace clq::cli {
namespace {

// Whether this interpreter is there and has what is imported; what it prints is of no interest.
bool can_import(const std::string& python, const std::vector<std::string>& modules) {
  std::string program = python, command = "-c";
  std::string probe = fmt::format(
      "import importlib.util, sys\nsys.exit(any(importlib.util.find_spec(name) is None for name in ('{}',)))",
      fmt::join(modules, "', '"));
  char* arguments[] = {program.data(), command.data(), probe.data(), nullptr};
  posix_spawn_file_actions_t actions;
  if (::posix_spawn_file_actions_init(&actions) != 0) throw std::bad_alloc();
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, python.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return false;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

// The first python3 of PATH may be one without libraries, beside the system's that has them.
std::string find_python(const PythonNeeds& needs) {
  const char* named = std::getenv("CLQ_PYTHON");
  const bool chosen = named != nullptr && *named != '\0';
  const std::vector<std::string> candidates =
      chosen ? std::vector<std::string>{named} : std::vector<std::string>{"python3", "/usr/bin/python3"};
  for (const std::string& python : candidates)
    if (can_import(python, needs.modules)) return python;
  throw Failure(kDevice,
                fmt::format("{}, which {} has not: install {}, or name another Python in CLQ_PYTHON", needs.words,
                            chosen ? fmt::format("CLQ_PYTHON={}", named) : "no python3 here", needs.packages));
}

void become_python(const std::string& python, std::vector<std::string> arguments) {
  // No bytecode beside files of the installation; texts are UTF-8, whatever the locale.
  std::vector<std::string> all = {python, "-B", "-X", "utf8"};
  for (std::string& argument : arguments) all.push_back(std::move(argument));
  std::vector<char*> addresses;
  for (std::string& argument : all) addresses.push_back(argument.data());
  addresses.push_back(nullptr);
  ::execvp(python.c_str(), addresses.data());
  throw Failure(kDevice, fmt::format("{}: {}", python, std::strerror(errno)));
}

}  // namespace clq::cli

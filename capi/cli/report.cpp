// capi/cli/report.cpp -- clq report: finds Python and the helper that draws, and becomes it.
// SPDX-License-Identifier: BSD-3-Clause
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.hpp"
#include "helper.hpp"

namespace clq::cli {
namespace {

constexpr const char* kProbe =
    "import importlib.util, sys\n"
    "sys.exit(any(importlib.util.find_spec(name) is None for name in ('numpy', 'matplotlib', 'astropy')))";

// Whether this interpreter is there and has what the helper imports; what it prints is of no interest.
bool can_draw(const std::string& python) {
  std::string program = python, command = "-c", probe = kProbe;
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

// The first python3 of PATH may be one without libraries, beside the system's that has them.
std::string find_python() {
  const char* named = std::getenv("CLQ_PYTHON");
  const bool chosen = named != nullptr && *named != '\0';
  const std::vector<std::string> candidates =
      chosen ? std::vector<std::string>{named} : std::vector<std::string>{"python3", "/usr/bin/python3"};
  for (const std::string& python : candidates)
    if (can_draw(python)) return python;
  throw Failure(kDevice, fmt::format("report draws with Python 3, NumPy, matplotlib and astropy, which {} has not: "
                                     "install python3-matplotlib and python3-astropy, or name another Python in "
                                     "CLQ_PYTHON",
                                     chosen ? fmt::format("CLQ_PYTHON={}", named) : "no python3 here"));
}

Json to_json(const ReportOptions& o, const std::string& plugins) {
  return {{"clq", program_file().string()},
          {"plugins", plugins},
          {"run", o.folder},
          {"data", o.data},
          {"part", o.part},
          {"where", o.where},
          {"baselines", o.baselines},
          {"magnitude", o.magnitude},
          {"output", o.output},
          {"seed", o.seed},
          {"resamples", o.resamples},
          {"threads", o.threads},
          {"command", o.command},
          {"json", o.json}};
}

}  // namespace

int report(const ReportOptions& options, const std::string& plugins) {
  if (!options.where.empty() && options.data.empty())
    throw Failure(kUsage, "--where selects rows of --data; the run's own part has its rows already");
  std::string helper = helper_file("share/calanque/report/main.py").string();
  std::string python = find_python(), no_bytecode = "-B", text = to_json(options, plugins).dump();
  std::string option = "-X", utf8 = "utf8";  // as the JSON is, whatever the locale
  char* arguments[] = {python.data(), no_bytecode.data(), option.data(), utf8.data(),
                       helper.data(), text.data(),        nullptr};
  ::execvp(python.c_str(), arguments);
  throw Failure(kDevice, fmt::format("{}: {}", python, std::strerror(errno)));
}

}  // namespace clq::cli

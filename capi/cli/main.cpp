// capi/cli/main.cpp -- the program clq: arguments, one command, one exit code.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdio>
#include <sstream>

#include <fmt/format.h>

#include "arguments.hpp"
#include "printable.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace {

using namespace clq::cli;

int fail(int code, const std::string& text) {
  print_log();
  say(fmt::format("clq: {}\n", printable(text)));
  return code;
}

// CLI11 says that a command is missing where one is misspelt.
std::string words_of(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> rest = app.remaining();
  if (!app.get_subcommands().empty() || rest.empty() || rest.front().starts_with('-')) return error.what();
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names += (names.empty() ? "" : ", ") + command->get_name();
  return fmt::format("there is no command '{}'; there are: {}", rest.front(), names);
}

// Results and options are JSON, which holds no other bytes.
void require_utf8(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const auto size = [text = Json(argv[i])](auto on_error) { return text.dump(-1, ' ', false, on_error).size(); };
    if (size(Json::error_handler_t::ignore) != size(Json::error_handler_t::replace))
      throw Failure(kUsage, fmt::format("argument {} is not UTF-8: {}", i, argv[i]));
  }
}

// As a shell would take it again.
std::string command_line(int argc, char** argv) {
  const std::string plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./:,@%";
  std::string line = "clq";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool as_it_is = !word.empty() && word.find_first_not_of(plain) == std::string::npos;
    line += as_it_is ? " " + word : " '" + CLI::detail::find_and_replace(word, "'", "'\\''") + "'";
  }
  return line;
}

void flush_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw Failure(kWrite, "standard output cannot be written");
}

int run(Arguments& arguments) {
  ignore_write_signals();
  check(clq_log_level(3));
  if (arguments.loads_plugins && !arguments.plugins.empty())
    check(clq_plugins_load(arguments.plugins.c_str()), About{.command_line = true});
  const int code = arguments.command();
  print_log();
  flush_output();
  return code;
}

// Help and version, through the stream that flush_output looks at.
int show(const CLI::App& app, const CLI::ParseError& request) {
  std::ostringstream text;
  const int code = app.exit(request, text, text);
  std::fputs(text.str().c_str(), stdout);
  flush_output();
  return code;
}

// `clq help train` is what some programs take for `clq train --help`; the words are in the order that CLI11 pops them.
std::vector<std::string> words_in(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  std::reverse(words.begin(), words.end());
  return words;
}

int parse_and_run(CLI::App& app, Arguments& arguments, int argc, char** argv) {
  try {
    app.parse(words_in(argc, argv));
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return show(app, e);
    throw Failure(kUsage, words_of(app, e));
  }
  return run(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  Arguments arguments;
  CLI::App app("Calanque: train and run networks on astronomical data.", "clq");
  app.fallthrough();  // --json may follow the command
  app.set_version_flag("--version", std::string("clq ") + clq_version());
  try {
    add_commands(app, arguments);
    require_utf8(argc, argv);
    arguments.report.command = command_line(argc, argv);
    return parse_and_run(app, arguments, argc, argv);
  } catch (const Failure& e) {
    return fail(e.exit_code(), e.what());
  } catch (const std::bad_alloc&) {
    return fail(kDevice, "out of memory");
  } catch (const std::exception& e) {
    const bool unwritten = std::ferror(stdout) != 0;
    return fail(unwritten ? kWrite : kInternal, unwritten ? "standard output cannot be written" : e.what());
  }
}

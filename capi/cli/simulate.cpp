// capi/cli/simulate.cpp -- clq simulate: samples of a source that makes them up, into a file.
// SPDX-License-Identifier: BSD-3-Clause
#include <fmt/format.h>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace clq::cli {
namespace {

// Sources that simulate take what they need from the query of their name: "deepdip://?seed=1&n=1000".
std::string uri_of(const SimulateOptions& options) {
  if (options.source.find(':') != std::string::npos || options.source.empty())
    throw Failure(kUsage, fmt::format("SOURCE is a name such as deepdip, got '{}'", options.source));
  std::string uri = fmt::format("{}://?seed={}", options.source, options.seed);
  if (options.n) uri += fmt::format("&n={}", *options.n);
  if (options.size) uri += fmt::format("&size={}", *options.size);
  if (!options.variant.empty()) uri += fmt::format("&variant={}", options.variant);
  return uri;
}

}  // namespace

int simulate(const SimulateOptions& options) {
  if (options.output.empty()) throw Failure(kUsage, "simulate needs -o OUT, the file to write");
  SourceHandle source;
  check(clq_source_open(uri_of(options).c_str(), nullptr, source.out()), About{.command_line = true});
  int64_t n = 0;
  check(clq_source_count(source.get(), &n));
  remove_on_signal(options.output);
  const auto status = clq_source_write(source.get(), options.output.c_str(), nullptr);
  print_log();
  check(status, About{.output = options.output});
  if (options.json)
    fmt::print("{}\n", Json{{"output", options.output}, {"rows", n}}.dump());
  else
    say(fmt::format("{}: {} rows, SIMULATED\n", options.output, n));
  return kDone;
}

}  // namespace clq::cli

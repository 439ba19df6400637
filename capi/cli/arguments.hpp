// capi/cli/arguments.hpp -- what the command line may say.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "commands.hpp"

namespace clq::cli {

struct Arguments {
  TrainOptions train;
  PredictOptions predict;
  SimulateOptions simulate;
  ReportOptions report;
  ExportOptions exported;
  ScanOptions scan;
  ValidateOptions validate;
  LookOptions look;
  std::string path, plugins;
  std::vector<std::string> grown;  // of resume
  int64_t limit = 10;
  bool json = false, strict = false, loads_plugins = true;  // before the command
  std::function<int()> command;
};

// The commands and their options; parsing chooses arguments.command. arguments must outlive the parsing.
void add_commands(CLI::App& app, Arguments& arguments);

}  // namespace clq::cli

// tests/core/config/run_file_docs.test.cpp -- docs/run-file.md lists every key as the program knows it.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "config/run_file.hpp"

namespace clq {
namespace {

// One row of the reference; docs/run-file.md holds exactly these.
std::string row(const KeySpec& spec) {
  const auto cell = [](const char* text) { return text == nullptr ? std::string() : fmt::format("`{}`", text); };
  std::string types;
  for (const char c : std::string(spec.type)) types += c == '|' ? " or " : std::string(1, c);
  std::string allowed = cell(spec.allowed);
  for (size_t at = 0; (at = allowed.find('|', at)) != std::string::npos; at += 4) allowed.replace(at, 1, "` `");
  return fmt::format("| `{}` | {} | {} | {} | {} |\n", spec.key, types, cell(spec.absent), allowed, spec.meaning);
}

std::string docs() {
  std::ifstream in(CLQ_SOURCE_DIR "/docs/run-file.md");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(RunFileDocs, HoldEveryKey) {
  const std::string text = docs();
  for (const KeySpec& spec : run_file_keys()) EXPECT_NE(text.find(row(spec)), std::string::npos) << row(spec);
}

TEST(RunFileDocs, HoldNoOtherKey) {
  std::istringstream lines(docs());
  size_t rows = 0;
  for (std::string line; std::getline(lines, line);) rows += line.rfind("| `", 0) == 0;
  EXPECT_EQ(rows, run_file_keys().size());
}

}  // namespace
}  // namespace clq

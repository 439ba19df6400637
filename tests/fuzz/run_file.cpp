// tests/fuzz/run_file.cpp -- the text of a run file, then lines "key value" that a host sets.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/run_file.hpp"

#include <algorithm>
#include <sstream>

#include "config/toml.hpp"
#include "fuzz.hpp"

namespace {

using clq::RunFile;
using clq::fuzz::require;

constexpr const char* kEndOfText = "\n%%\n";

clq_status answer(auto&& body) {
  const clq_status status = clq::fuzz::status_of<clq::Error>(body);
  require(status == CLQ_OK || status == CLQ_E_INVALID, "a run file that is wrong is invalid");
  return status;
}

// In any order of its keys.
nlohmann::json sorted(const clq::Json& json) { return nlohmann::json::parse(json.dump()); }

void set_lines(RunFile& file, const std::string& lines) {
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    const size_t blank = std::min(line.find(' '), line.size());
    answer([&] { file.set(line.substr(0, blank), line.substr(std::min(blank + 1, line.size()))); });
  }
}

// What is dumped, with its comments or without, is the same run file.
void require_same_dumped(const RunFile& file, const clq::Json& resolved) {
  for (const bool with_origin : {false, true}) {
    const std::string text = file.dump(with_origin);
    const RunFile again = RunFile::parse(text, "dumped.toml");
    require(sorted(again.resolved().json()) == sorted(resolved), "dumped and read again it is another run file");
  }
}

// TOML that is no run file: the writer behind dump, by itself.
void require_same_written(const std::string& text) {
  clq::TomlText read;
  if (answer([&] { read = clq::read_toml(text, "text.toml"); }) != CLQ_OK) return;
  const std::string written = clq::write_toml(read.values, [](const std::string&) { return std::string("a note"); });
  require(sorted(clq::read_toml(written, "written.toml").values) == sorted(read.values),
          "written TOML reads otherwise");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const size_t end = std::min(all.find(kEndOfText), all.size());
  const std::string text = all.substr(0, end);
  require_same_written(text);
  RunFile file;
  if (answer([&] { file = RunFile::parse(text, "run.toml"); }) != CLQ_OK) return 0;
  set_lines(file, all.substr(std::min(end + std::string_view(kEndOfText).size(), all.size())));
  file.add_defaults(clq::core_task_defaults("regression"), "task regression");
  clq::Json resolved;
  if (answer([&] { resolved = file.resolved().json(); }) != CLQ_OK) return 0;
  require_same_dumped(file, resolved);
  return 0;
}

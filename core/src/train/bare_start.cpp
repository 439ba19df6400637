// core/src/train/bare_start.cpp -- what a training may begin anew over: what a start left that got to no checkpoint.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/bare_start.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <calanque/core/config.hpp>

#include "base/folder_names.hpp"
#include "train/bundle.hpp"
#include "train/event_file.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kNames = {"log.jsonl", "metrics.csv", "model-last.safetensors",
                                                    "run.json",  "run.toml",    "model.safetensors"};
constexpr std::array<std::string_view, 2> kModels = {"model-last.safetensors", "model.safetensors"};
constexpr std::string_view kFirstEvent = R"({"event":"start")";

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_checkpoint(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "checkpoints/last.safetensors", error) ||
         fs::exists(folder / "checkpoints/previous.safetensors", error);
}

std::vector<std::string> names_of_a_run(const std::string& folder) {
  std::error_code ignored;
  std::vector<std::string> found;
  for (const std::string& name : names_in(folder, ignored))
    if (is_among(kNames, name) || name.starts_with(kEventFilePrefix)) found.push_back(name);
  return found;
}

std::string start_of(const fs::path& file, size_t bytes) {
  std::ifstream in(file, std::ios::binary);
  std::string text(bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(bytes));
  text.resize(static_cast<size_t>(in.gcount()));
  return text;
}

// By run.json, which is written whole: a run that came to an end, or was told to stop, has had a checkpoint.
bool was_cut_short(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_regular_file(folder / "run.json", error)) return false;
  std::ifstream in(folder / "run.json", std::ios::binary);
  const Json run = Json::parse(in, nullptr, false);
  if (!run.is_object() || !run.value("end_reason", Json()).is_string()) return false;
  return !is_among(std::array{kEpochsDone, kEarlyStopping, kStopped}, run["end_reason"].get<std::string>());
}

// Of a run without a checkpoint. Its rows of metrics.csv are none: no run goes on from them. But where the folder of
// the checkpoints is gone, somebody took away what there was.
bool has_results(const fs::path& folder, const std::vector<std::string>& names) {
  std::error_code error;
  if (is_among(names, "metrics.csv") && !fs::is_directory(folder / "checkpoints", error)) return true;
  return std::any_of(kModels.begin(), kModels.end(), [&](std::string_view name) { return is_among(names, name); });
}

// The log begins before run.json is there.
bool is_first_line_alone(const fs::path& folder, const std::vector<std::string>& names) {
  if (names != std::vector<std::string>{"log.jsonl"}) return false;
  const std::string first = start_of(folder / "log.jsonl", kFirstEvent.size());
  return first.empty() || first == kFirstEvent;
}

}  // namespace

bool require_new_run(const std::string& folder) {
  const std::vector<std::string> names = names_of_a_run(folder);
  const bool cut_short = was_cut_short(folder);
  if (has_checkpoint(folder) || (cut_short && has_results(folder, names)))
    fail(CLQ_E_INVALID, "{} holds a run already, resume it or name another", folder);
  if (names.empty() || cut_short || is_first_line_alone(folder, names)) return names.empty();
  fail(CLQ_E_INVALID, "{} holds {}, over which a training would write: name another run folder", folder, names.front());
}

void require_bare_start(const std::string& folder) {
  if (was_cut_short(folder)) return;
  fail(CLQ_E_INVALID,
       "{} holds no run to go on with: no checkpoint, and no run.json of one that was cut short before it", folder);
}

}  // namespace clq

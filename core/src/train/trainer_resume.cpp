// core/src/train/trainer_resume.cpp -- going on with a run from what its folder holds.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>

#include <fmt/ranges.h>

#include "config/run_file.hpp"
#include "config/text_file.hpp"
#include "config/toml.hpp"
#include "runtime/log.hpp"
#include "train/atomic_file.hpp"
#include "train/bare_start.hpp"
#include "train/model_layers.hpp"
#include "train/trainer_state.hpp"

namespace clq {
namespace {

std::shared_ptr<DataSource> open_source(const Config& run, const Registry& registry) {
  const Config data = run.child("data");
  const auto catalog = data.get<std::string>("catalog", "");
  CLQ_REQUIRE(!catalog.empty(), "resume: this run learned from arrays in memory, give them again as the source");
  return std::make_shared<DataSource>(registry.source_for(catalog), catalog, data.json().dump());
}

// Before it is read: who holds the folder writes another checkpoint over the one that was.
RunFolder lock_run(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) fail(CLQ_E_NOT_FOUND, "{}: there is no such run folder", path);
  return RunFolder(path);
}

// The newest checkpoint that is whole; nothing when none was written yet.
std::optional<Checkpoint> newest(const RunFolder& folder, const Registry& registry) {
  std::optional<Error> problem;
  for (const char* name : {"checkpoints/last.safetensors", "checkpoints/previous.safetensors"}) {
    const std::string path = folder.file(name);
    std::error_code error;
    if (!std::filesystem::exists(path, error)) continue;
    try {
      Checkpoint found = load_checkpoint(path, registry);
      found.newer_is_damaged = problem.has_value();
      return found;
    } catch (const Error& e) {
      log_line(CLQ_LOG_WARNING, fmt::format("checkpoint left aside: {}", e.what()));
      if (!problem) problem = Error(e.status() == CLQ_E_IO ? CLQ_E_DATA : e.status(), e.what());  // a file to read
    }
  }
  if (problem) throw *problem;
  return std::nullopt;
}

Config run_of_folder(const std::string& path, const Registry& registry) {
  RunFile file = RunFile::load_kept(path);
  const Json task = file.get("task");
  if (task.is_string())
    file.add_defaults(task_member(registry, task.get<std::string>()).value("defaults", Json::object()), "task");
  return file.resolved();
}

// "train.epochs = 40" for each value of `now` that is another than in `kept`, "no data.weight" for one that is gone.
void list_changes(const Json& kept, const Json& now, const std::string& path, std::vector<std::string>& changes) {
  if (kept.is_object() && now.is_object()) {
    const std::string front = path.empty() ? "" : path + ".";
    for (const auto& [key, value] : now.items()) list_changes(kept.value(key, Json()), value, front + key, changes);
    for (const auto& [key, value] : kept.items())
      if (!now.contains(key) && !value.empty()) changes.push_back("no " + front + key);
  } else if (kept.is_array() && now.is_array() && kept.size() == now.size()) {
    for (size_t i = 0; i < now.size(); ++i) list_changes(kept[i], now[i], fmt::format("{}[{}]", path, i), changes);
  } else if (kept != now) {
    changes.push_back(now.is_structured() ? "another " + path : fmt::format("{} = {}", path, now.dump()));
  }
}

// The run file of the folder as it is written, with neither defaults nor environment: those of today may be others.
Json written_in(const std::string& path) { return read_toml(read_text_file(path, "a run file"), path).values; }

// Of the run file in the folder; 0 where it says none that can be read.
int64_t written_epochs(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return 0;
  try {
    const Json values = written_in(path), train = values.value("train", Json());
    const Json epochs = train.is_object() ? train.value("epochs", Json()) : Json();
    return epochs.is_number_integer() ? epochs.get<int64_t>() : 0;
  } catch (const Error&) {
    return 0;  // say_what_is_ignored tells of it
  }
}

int64_t epochs_of(const Config& run) { return run.child("train").get<int64_t>("epochs", TrainSettings{}.epochs); }

// The one value that a run may be given anew: more epochs, also of a run that has done all that it had.
Config with_epochs(const Config& run, int64_t epochs, Progress* progress, const std::string& run_folder) {
  const int64_t had = epochs_of(run);
  if (epochs <= had) return run;
  if (progress != nullptr && progress->finished && progress->end_reason != kEpochsDone) {
    log_line(CLQ_LOG_WARNING,
             fmt::format("{}: ended by {}, more epochs change nothing", run_folder, progress->end_reason));
    return run;
  }
  log_line(CLQ_LOG_INFO, fmt::format("{}: train.epochs grows from {} to {}", run_folder, had, epochs));
  if (progress != nullptr) {
    progress->finished = false;
    progress->end_reason.clear();
  }
  Json grown = run.json();
  grown["train"]["epochs"] = epochs;
  return Config(grown);
}

void require_no_fewer(const Config& run, int64_t epochs) {
  const int64_t had = epochs_of(run);
  CLQ_REQUIRE(epochs == 0 || epochs >= had, "train.epochs may grow when a run goes on: {} is less than {}", epochs,
              had);
}

// In the line of [train] that says it; the rest stays as it was written.
void write_epochs(const std::string& path, int64_t epochs) {
  std::istringstream in(read_text_file(path, "a run file"));
  std::string text, table;
  for (std::string line; std::getline(in, line);) {
    const size_t equal = line.find('=');
    if (line.starts_with('[')) table = line.substr(0, line.find(']') + 1);
    if (table == "[train]" && line.starts_with("epochs") && equal != std::string::npos) {
      const size_t first = std::min(line.find_first_not_of(" \t", equal + 1), line.size());
      line.replace(first, line.find_first_not_of("0123456789_+", first) - first, std::to_string(epochs));
    }
    text += line + "\n";
  }
  write_file(path, text);
}

// A run that goes on keeps its own values: what was edited in its folder must not be lost unseen.
// run_folder: as it was given.
void say_what_is_ignored(const Config& run, const std::string& path, const std::string& run_folder) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return;
  std::vector<std::string> changes;
  try {
    list_changes(run.json(), written_in(path), "", changes);
  } catch (const Error& e) {
    return log_line(CLQ_LOG_WARNING, fmt::format("{}; the run goes on with the values of its checkpoint", e.what()));
  }
  if (changes.empty()) return;
  const std::string shown = (std::filesystem::path(run_folder) / "run.toml").string();
  log_line(CLQ_LOG_WARNING, fmt::format("{} was changed: {}; the run goes on with the values of its checkpoint", shown,
                                        fmt::join(changes, ", ")));
}

}  // namespace

std::unique_ptr<Trainer> Trainer::resume(const std::string& run_folder, std::shared_ptr<DataSource> source,
                                         const Registry& registry, int64_t epochs) {
  if (!source) return resume_with(run_folder, {}, registry, epochs);
  return resume_with(
      run_folder, [&source](const Config&) { return source; }, registry, epochs);
}

std::unique_ptr<Trainer> Trainer::resume_with(const std::string& run_folder, const OpenSource& open,
                                              const Registry& registry, int64_t epochs) {
  RunFolder folder = lock_run(run_folder);
  std::optional<Checkpoint> start = newest(folder, registry);
  if (!start) require_bare_start(folder.path());
  const std::string run_file = folder.file("run.toml");
  const Config kept = start ? start->run : run_of_folder(run_file, registry);
  require_no_fewer(kept, epochs);
  const int64_t written = written_epochs(run_file);
  const Config run = with_epochs(kept, epochs > 0 ? epochs : written, start ? &start->progress : nullptr, run_folder);
  std::shared_ptr<DataSource> source = open ? open(run) : open_source(run, registry);
  const auto model = start ? start->model : create_model(run, *source, registry);
  if (!start) log_line(CLQ_LOG_INFO, fmt::format("{}: no checkpoint yet, the run begins again", run_folder));
  auto state =
      std::make_unique<State>(model, std::move(source), run, registry, std::move(folder), start ? &*start : nullptr);
  // Once it is known that the run can go on, and does to so many.
  if (written > 0 && epochs > 0 && epochs != written && epochs_of(run) == epochs) write_epochs(run_file, epochs);
  if (start) say_what_is_ignored(run, run_file, run_folder);
  return std::unique_ptr<Trainer>(new Trainer(std::move(state)));
}

}  // namespace clq

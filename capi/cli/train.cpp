// capi/cli/train.cpp -- clq train and clq resume.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <unistd.h>

#include <fmt/format.h>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace clq::cli {
namespace {

namespace fs = std::filesystem;

ConfigHandle load_config(const TrainOptions& options) {
  const About about{.command_line = true};
  ConfigHandle config;
  check(clq_config_load(options.run_file.c_str(), config.out()), about);
  for (const std::string& item : options.overrides) {
    const size_t equal = item.find('=');
    if (equal == std::string::npos || equal == 0) throw Failure(kUsage, fmt::format("'{}' is not key=value", item));
    check(clq_config_set(config.get(), item.substr(0, equal).c_str(), item.substr(equal + 1).c_str()), about);
  }
  // The file alone: what the run file says of its layers and transforms stays.
  if (!options.init_from.empty())
    check(clq_config_set(config.get(), "train.init_from.file", options.init_from.c_str()), about);
  return config;
}

bool is_empty(const std::string& folder) {
  std::error_code error;
  return !fs::exists(folder, error) || (fs::is_directory(folder, error) && fs::is_empty(folder, error));
}

bool holds_run(const std::string& folder) {
  std::error_code error;
  const fs::path path(folder);
  for (const char* name : {"run.toml", "checkpoints/last.safetensors", "checkpoints/previous.safetensors"})
    if (fs::exists(path / name, error)) return true;
  return false;
}

// A start makes `checkpoints` before it reads the data, and run.json soon. One that was killed leaves the first part.
bool holds_part_of_start(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name != "checkpoints" && name != "log.jsonl" && name.find(".tmp.") == std::string::npos) return false;
  }
  return fs::is_directory(folder / "checkpoints", error);
}

// What a run leaves that ended before it had anything to keep; the library reads run.json to be sure of it.
bool holds_bare_start(const std::string& folder) {
  std::error_code error;
  const fs::path path(folder);
  for (const char* name : {"checkpoints/last.safetensors", "checkpoints/previous.safetensors", "model.safetensors",
                           "model-last.safetensors"})
    if (fs::exists(path / name, error)) return false;
  return holds_part_of_start(path) || fs::exists(path / "run.json", error);
}

void require_own_folder(const std::string& folder) {
  if (is_empty(folder) || holds_bare_start(folder)) return;
  std::error_code error;
  const char* advice = holds_run(folder)                 ? "is there already: go on with clq resume, or name another"
                       : fs::is_directory(folder, error) ? "is there already and holds no run: name another folder"
                                                         : "is there already and is no folder: name another";
  throw Failure(kUsage, fmt::format("{} {} with -o", folder, advice));
}

// "train.epochs = 9" for each line "epochs = 9" of the table [train].
std::vector<std::string> values_of(const ConfigHandle& config) {
  std::istringstream text(text_of([&](char* to, int64_t n) { return clq_config_dump(config.get(), 0, to, n); }));
  std::vector<std::string> values;
  std::string table;
  for (std::string line; std::getline(text, line);) {
    const size_t first = line.find_first_not_of(" []"), end = line.find_last_not_of(" []");
    if (first == std::string::npos) continue;
    if (line.starts_with('['))
      table = line.substr(first, end + 1 - first) + ".";
    else
      values.push_back(table + line);
  }
  return values;
}

// Those of run files are not there while this lives. [before there are other threads]
class WithoutVariables {
 public:
  WithoutVariables() {
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
      const std::string text(*variable);
      const size_t equal = std::min(text.find('='), text.size());
      if (text.starts_with("CLQ_") && !text.substr(0, equal).ends_with("_PATH"))  // where plugins and models lie
        hidden_.emplace_back(text.substr(0, equal), text.substr(std::min(equal + 1, text.size())));
    }
    for (const auto& [name, value] : hidden_) ::unsetenv(name.c_str());
  }
  WithoutVariables(const WithoutVariables&) = delete;
  WithoutVariables& operator=(const WithoutVariables&) = delete;
  ~WithoutVariables() {
    for (const auto& [name, value] : hidden_) ::setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::vector<std::pair<std::string, std::string>> hidden_;
};

// As they were at the run's start: the environment of today is not its own. Nothing where it cannot be read: the
// library says why.
std::vector<std::string> values_in(const std::string& folder) {
  const WithoutVariables start;
  ConfigHandle own;
  if (clq_config_load((fs::path(folder) / "run.toml").c_str(), own.out()) != CLQ_OK) return {};
  try {
    return values_of(own);
  } catch (const Failure&) {
    return {};
  }
}

constexpr std::string_view kEpochs = "train.epochs = ";

int64_t epochs_in(const std::vector<std::string>& values) {
  int64_t epochs = 0;
  for (const std::string& value : values)
    if (value.starts_with(kEpochs)) std::from_chars(value.data() + kEpochs.size(), value.data() + value.size(), epochs);
  return epochs;
}

// A run that goes on keeps its own values, but for more epochs: others that the caller gives now must not be lost
// unseen.
std::string words_on_ignored(const ConfigHandle& config, const std::vector<std::string>& kept,
                             const std::string& folder, bool more_epochs) {
  if (kept.empty()) return "";
  std::string ignored;
  for (const std::string& value : values_of(config))
    if (std::find(kept.begin(), kept.end(), value) == kept.end() && !(more_epochs && value.starts_with(kEpochs)))
      ignored += (ignored.empty() ? "" : ", ") + value;
  if (ignored.empty()) return "";
  return fmt::format("warning: {} goes on with the values of its start, without {}\n", folder, ignored);
}

// Of "train.epochs=60", the one value that may be given to a run that goes on; 0: another one.
int64_t epochs_of(const std::string& item) {
  constexpr std::string_view kKey = "train.epochs=";
  int64_t epochs = 0;
  const char *first = item.data() + std::min(kKey.size(), item.size()), *last = item.data() + item.size();
  const auto [end, error] = std::from_chars(first, last, epochs);
  return item.starts_with(kKey) && error == std::errc{} && end == last ? epochs : 0;
}

int64_t epochs_among(const std::vector<std::string>& overrides) {
  int64_t epochs = 0;
  for (const std::string& item : overrides) epochs = std::max(epochs, epochs_of(item));
  return epochs;
}

// words: said once it is known that the run goes on.
int resume_to(const std::string& folder, int64_t epochs, bool json, const std::string& words) {
  if (!holds_run(folder)) throw Failure(kUsage, fmt::format("{} holds no run to resume", folder));
  catch_stop_signals(folder);
  TrainerHandle trainer;
  check(clq_trainer_resume_to(folder.c_str(), 0, epochs, trainer.out()), About{.output = folder});
  say(words);
  print_log();
  return run_loop(trainer.get(), folder, json);
}

}  // namespace

int train(const TrainOptions& options) {
  const ConfigHandle config = load_config(options);
  if (options.show_config) {
    fmt::print("{}", text_of([&](char* text, int64_t n) { return clq_config_dump(config.get(), 1, text, n); }));
    return kDone;
  }
  if (options.folder.empty()) throw Failure(kUsage, "train needs -o DIR, the run folder");
  if (options.auto_resume && holds_run(options.folder)) {
    const int64_t epochs = epochs_among(options.overrides);
    const std::vector<std::string> kept = values_in(options.folder);
    const bool more = epochs > epochs_in(kept);  // a job that is started again may still say fewer
    return resume_to(options.folder, more ? epochs : 0, options.json,
                     words_on_ignored(config, kept, options.folder, more));
  }
  require_own_folder(options.folder);
  catch_stop_signals(options.folder);
  const About about{.output = options.folder};
  SourceHandle source;
  ModelHandle model;
  TrainerHandle trainer;
  check(clq_source_from_config(config.get(), source.out()), About{.input = true});
  check(clq_model_create(config.get(), source.get(), model.out()));
  check(clq_trainer_create(model.get(), source.get(), config.get(), options.folder.c_str(), trainer.out()), about);
  print_log();
  return run_loop(trainer.get(), options.folder, options.json);
}

int resume(const std::string& folder, const std::vector<std::string>& grown, bool json) {
  for (const std::string& item : grown)
    if (epochs_of(item) < 1)
      throw Failure(kUsage, fmt::format("a run that goes on takes train.epochs=N alone, got '{}'", item));
  if (grown.size() > 1) throw Failure(kUsage, fmt::format("train.epochs is given {} times", grown.size()));
  return resume_to(folder, epochs_among(grown), json, "");
}

}  // namespace clq::cli

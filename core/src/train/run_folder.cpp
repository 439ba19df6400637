// core/src/train/run_folder.cpp -- what a run leaves behind: names are an interface (docs/run-file.md).
// SPDX-License-Identifier: BSD-3-Clause
#include "train/run_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <new>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <calanque/plugin/entry.h>

#include "base/folder_names.hpp"
#include "runtime/log.hpp"
#include "train/atomic_file.hpp"
#include "train/bare_start.hpp"
#include "train/event_file.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;

// 0 where there is none. Any other error is one: what a length of 0 does not cover is cut off.
int64_t bytes_of(const std::string& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  if (error && error != std::errc::no_such_file_or_directory)
    fail(CLQ_E_IO, "{}: its length cannot be found: {}", path, error.message());
  return error ? 0 : static_cast<int64_t>(bytes);
}

void cut(const std::string& path, int64_t bytes) {
  if (bytes_of(path) <= bytes) return;
  std::error_code error;
  fs::resize_file(path, static_cast<uintmax_t>(bytes), error);
  if (error) fail(CLQ_E_IO, "{}: cannot be cut to {} bytes: {}", path, bytes, error.message());
}

// The first `bytes` of a metrics.csv are whole rows of one table, as they were when the checkpoint was written: an
// editor or another program leaves other lengths.
bool is_ours(const std::string& path, int64_t bytes, int64_t epoch) {
  const int64_t there = bytes_of(path);
  if (bytes == 0 || there == 0) return true;
  if (there < bytes) return false;
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<size_t>(bytes), '\0');
  if (!in.read(text.data(), bytes)) fail(CLQ_E_IO, "{}: cannot be read", path);
  if (text.back() != '\n' || text.find(';') != std::string::npos) return false;
  const auto commas = std::count(text.begin(), std::find(text.begin(), text.end(), '\n'), ',');
  for (auto row = text.begin(); row != text.end();) {
    const auto end = std::find(row, text.end(), '\n');
    if (std::count(row, end, ',') != commas || end == row || *(end - 1) == '\r') return false;
    row = end + 1;
  }
  const size_t last = text.rfind('\n', text.size() - 2);
  return epoch == 0 || text.substr(last + 1).starts_with(fmt::format("{},", epoch));
}

void put_aside(const std::string& path) {
  std::error_code error;
  std::string aside;
  for (int n = 1; aside.empty() || fs::exists(aside, error); ++n) aside = fmt::format("{}.changed.{}", path, n);
  fs::rename(path, aside, error);
  if (error) fail(CLQ_E_IO, "{}: cannot be moved to {}: {}", path, aside, error.message());
  log_line(CLQ_LOG_WARNING, fmt::format("{}: was changed since the checkpoint; it is {} now, and a new one begins here",
                                        path, fs::path(aside).filename().string()));
}

std::vector<std::string> event_files(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const std::string& name : names_in(folder, error))
    if (name.starts_with(kEventFilePrefix)) names.push_back((fs::path(folder) / name).string());
  const bool starved = error == std::errc::not_enough_memory;
  if (error) fail(starved ? CLQ_E_NOMEM : CLQ_E_IO, "{}: cannot be listed: {}", folder, error.message());
  return names;
}

// The time in its name, ten digits; 0: not such a name.
int64_t seconds_of(const std::string& event_file) {
  const std::string name = fs::path(event_file).filename().string();
  int64_t seconds = 0;
  std::from_chars(name.data() + kEventFilePrefix.size(), name.data() + name.size(), seconds);
  return seconds;
}

// The host may go into another folder while it trains.
std::string absolute_folder(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  if (error) fail(CLQ_E_IO, "{}: {}", path, error.message());
  return absolute.string();
}

std::string csv_number(const Json& value) {
  if (value.is_number_float()) {
    const double v = value.get<double>();
    if (std::isnan(v)) return "nan";
    if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
    return fmt::format("{}", v);
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// In the columns that the file has, where another version of the library began it: others would shift its numbers.
std::string row_for(const std::string& path, const Json& row) {
  std::ifstream in(path, std::ios::binary);
  std::string header;
  if (!std::getline(in, header)) fail(CLQ_E_IO, "{}: its header cannot be read", path);
  if (header + "\n" == csv_header(row)) return csv_row(row);
  Json fitted = Json::object();
  for (size_t begin = 0; begin <= header.size();) {
    const size_t end = std::min(header.find(',', begin), header.size());
    const std::string column = header.substr(begin, end - begin);
    fitted[column] = row.value(column, Json(""));
    begin = end + 1;
  }
  return csv_row(fitted);
}

}  // namespace

std::string csv_header(const Json& row) {
  std::string line;
  for (const auto& [key, value] : row.items()) {
    if (!line.empty()) line += ',';
    line += key;
  }
  return line + "\n";
}

std::string csv_row(const Json& row) {
  std::string line;
  bool first = true;
  for (const auto& [key, value] : row.items()) {
    if (!first) line += ',';
    line += csv_number(value);
    first = false;
  }
  return line + "\n";
}

RunFolder::RunFolder(const std::string& path, For use) {
  if (path.empty()) return;
  path_ = absolute_folder(path);
  std::error_code error;
  made_ = !fs::exists(path_, error);
  if (use == For::new_run) fresh_ = require_new_run(path_);  // before a folder that is another's is added to
  make();
  if (use == For::new_run) fresh_ = require_new_run(path_) && fresh_;  // another one may have been at work until now
  remove_stale_temporaries(path_);
  remove_stale_temporaries(file("checkpoints"));
}

// No destructor follows where this fails. One that another training holds is no longer ours to unmake.
void RunFolder::make() {
  const fs::path checkpoints = fs::path(path_) / "checkpoints";
  std::error_code error;
  made_checkpoints_ = fs::create_directories(checkpoints, error);
  try {
    if (error) fail(CLQ_E_IO, "{}: the run folder cannot be made: {}", path_, error.message());
    lock_ = std::make_unique<FolderLock>(path_);
  } catch (const Error& e) {
    if (e.status() != CLQ_E_INVALID) remove_folders();
    throw;
  }
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      events_(std::move(other.events_)),
      made_(other.made_),
      made_checkpoints_(other.made_checkpoints_),
      fresh_(other.fresh_),
      kept_(other.kept_),
      lock_(std::move(other.lock_)) {}

RunFolder::~RunFolder() {
  if (!*this || !lock_->is_ours() || !lock_->is_named(path_)) return;
  fresh_ && !kept_ ? remove_start() : remove_if_unused();
}

// Of a start that failed or that nobody used. By their names: it may have failed for want of a file to open, and a list
// is one.
void RunFolder::remove_start() const noexcept try {
  std::error_code ignored;
  for (const char* name : {"log.jsonl", "run.json", "run.toml"}) fs::remove(fs::path(path_) / name, ignored);
  if (!events_.empty()) fs::remove(events_, ignored);
  remove_folders();
} catch (const std::bad_alloc&) {  // what stays is what the next start may write over
}

void RunFolder::remove_folders() const {  // those that were not there and are empty
  std::error_code ignored;
  if (made_checkpoints_) fs::remove(fs::path(path_) / "checkpoints", ignored);
  if (made_) fs::remove(path_, ignored);
}

// In a destructor: without memory the folder stays, which is empty.
void RunFolder::remove_if_unused() const noexcept try {
  std::error_code error, ignored;
  for (const std::string& name : names_in(path_, error))
    if (name != "checkpoints") return;
  if (error) return;
  fs::remove(fs::path(path_) / "checkpoints", ignored);  // only while it is empty
  if (made_) fs::remove(path_, ignored);
} catch (const std::bad_alloc&) {
}

std::string RunFolder::file(const std::string& name) const {
  if (lock_) lock_->require_named(path_);
  return (fs::path(path_) / name).string();
}

void RunFolder::write_text(const std::string& name, const std::string& text) const {
  if (*this) write_file(file(name), text);
}

void RunFolder::append_metrics(const Json& row) {
  if (!*this) return;
  append("metrics.csv", metrics_bytes() == 0 ? csv_header(row) + csv_row(row) : row_for(file("metrics.csv"), row));
}

void RunFolder::append_event(const Json& event) {
  if (*this) append("log.jsonl", event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

// Synced, because a checkpoint names the length that it relies on.
void RunFolder::append(const std::string& name, const std::string& text) const {
  const std::string path = file(name);
  check_size_limit(path, bytes_of(path) + static_cast<int64_t>(text.size()));
  const int out = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (out < 0) fail(CLQ_E_IO, "{}: {}", path, std::generic_category().message(errno));
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(out, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    done += static_cast<size_t>(n);
  }
  int error = done < text.size() ? errno : 0;
  if (error == 0 && fsync(out) != 0) error = errno;
  if (close(out) != 0 && error == 0) error = errno;
  if (error != 0) fail(write_status(error), "{}: {}", path, std::generic_category().message(error));
}

void RunFolder::truncate(int64_t metrics_bytes, int64_t log_bytes, int64_t event_bytes, int64_t epoch) {
  if (!*this) return;
  if (!is_ours(file("metrics.csv"), metrics_bytes, epoch)) put_aside(file("metrics.csv"));
  cut(file("metrics.csv"), metrics_bytes);
  cut(file("log.jsonl"), log_bytes);
  for (const std::string& events : event_files(path_)) {
    const int64_t kept = std::min(event_bytes, bytes_of(events));
    event_bytes -= kept;
    cut(events, kept);
    std::error_code ignored;
    if (kept == 0) fs::remove(events, ignored);
  }
}

std::string RunFolder::next_event_file() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  for (const std::string& events : event_files(path_)) seconds = std::max(seconds, seconds_of(events) + 1);
  return events_ = file(fmt::format("{}{:010}.{}.{}", kEventFilePrefix, seconds, host_name(), getpid()));
}

int64_t RunFolder::metrics_bytes() const { return *this ? bytes_of(file("metrics.csv")) : 0; }
int64_t RunFolder::log_bytes() const { return *this ? bytes_of(file("log.jsonl")) : 0; }

int64_t RunFolder::event_bytes() const {
  int64_t bytes = 0;
  if (*this)
    for (const std::string& events : event_files(path_)) bytes += bytes_of(events);
  return bytes;
}

}  // namespace clq

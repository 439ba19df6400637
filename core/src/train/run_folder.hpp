// core/src/train/run_folder.hpp -- what a run leaves behind: names are an interface (docs/run-file.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <calanque/core/config.hpp>

#include "train/folder_lock.hpp"

namespace clq {

// run.toml run.json model.safetensors model-last.safetensors checkpoints/{last,previous}.safetensors metrics.csv
// log.jsonl events.out.tfevents.*
class RunFolder {
 public:
  enum class For { any, new_run };  // new_run: CLQ_E_INVALID where a training would write over files of another
  RunFolder() = default;            // writes nothing
  // Made when absent; CLQ_E_INVALID while another one holds it. It stays this one when the host changes its folder.
  explicit RunFolder(const std::string& path, For use = For::any);
  RunFolder(RunFolder&& other) noexcept;
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  // Unmakes it where nothing was written, and a new run's until keep(): the same name will do for the next start.
  ~RunFolder();
  void keep() noexcept { kept_ = true; }  // something has come of the run: its files stay
  explicit operator bool() const { return !path_.empty(); }
  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const;  // CLQ_E_IO where the folder's name is another's by now
  void write_text(const std::string& name, const std::string& text) const;  // atomically
  void append_metrics(const Json& row);  // header from the first row's keys, later rows by its columns; flushed
  void append_event(const Json& event);  // log.jsonl
  // A name for one more file of events: a run that is resumed begins a new one. In the order of the names one follows
  // the other in time, as TensorBoard reads them.
  std::string next_event_file();
  // On resume: what was written after the checkpoint is cut off. A metrics.csv whose first `metrics_bytes` are not
  // whole rows, the last of them of epoch `epoch` (0: of any), was changed by somebody and is moved aside.
  void truncate(int64_t metrics_bytes, int64_t log_bytes, int64_t event_bytes, int64_t epoch = 0);
  int64_t metrics_bytes() const;  // 0: no such file; CLQ_E_IO where that cannot be known
  int64_t log_bytes() const;
  int64_t event_bytes() const;  // of all files of events

 private:
  void make();
  void remove_start() const noexcept;
  void remove_folders() const;
  void remove_if_unused() const noexcept;
  void append(const std::string& name, const std::string& text) const;
  std::string path_;
  std::string events_;  // the newest name that was given
  bool made_ = false;   // it was not there
  bool made_checkpoints_ = false;
  bool fresh_ = false;  // a new run's, and what has a run's name in it is of this one
  bool kept_ = false;
  std::unique_ptr<FolderLock> lock_;
};

// One row of metrics.csv: numbers in their shortest exact form, "nan", "inf"; the locale plays no part.
std::string csv_header(const Json& row);
std::string csv_row(const Json& row);

}  // namespace clq

// core/src/train/run_folder.hpp -- what a run leaves behind: names are an interface (docs/run-file.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <calanque/core/config.hpp>

namespace clq {

// run.toml run.json model.safetensors model-last.safetensors checkpoints/{last,previous}.safetensors metrics.csv
// log.jsonl
class RunFolder {
 public:
  RunFolder() = default;                        // writes nothing
  explicit RunFolder(const std::string& path);  // made when absent; CLQ_E_INVALID while another one holds it
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder();  // unmakes it where nothing was written: the same name will do for the next start
  explicit operator bool() const { return !path_.empty(); }
  std::string file(const std::string& name) const;
  void write_text(const std::string& name, const std::string& text) const;  // atomically
  void append_metrics(const Json& row);                                     // header from the first row's keys; flushed
  void append_event(const Json& event);                                     // log.jsonl
  // On resume: what was written after the checkpoint is cut off.
  void truncate(int64_t metrics_bytes, int64_t log_bytes);
  int64_t metrics_bytes() const;
  int64_t log_bytes() const;

 private:
  void remove_if_unused() const;
  void append(const std::string& name, const std::string& text) const;
  std::string path_;
  bool made_ = false;  // it was not there
  int lock_ = -1;      // held on the folder while this lives; a kill lets it go
};

// One row of metrics.csv: numbers in their shortest exact form, "nan", "inf"; the locale plays no part.
std::string csv_header(const Json& row);
std::string csv_row(const Json& row);

}  // namespace clq

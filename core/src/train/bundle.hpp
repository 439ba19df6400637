// core/src/train/bundle.hpp -- a model in a file: weights and all that a prediction needs; more in a checkpoint.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <calanque/core/model.hpp>

#include "train/made_with.hpp"
#include "train/safetensors.hpp"
#include "train/schedule.hpp"

namespace clq {

inline constexpr int64_t kBundleFormat = 1;

bool is_finite(const Tensor& tensor);  // each of its numbers; integers are

void save_bundle(const Model& model, const std::string& path);
std::shared_ptr<Model> load_bundle(const std::string& path, const Registry& registry);
Json inspect_bundle(const Model& model);  // inputs, outputs, layers, counts, units, provenance
// A row a layer: name, use, output (one sample's shape), parameters, flops and bytes of a forward pass of one sample.
Json table_of_layers(const Model& model, const Registry& registry);

struct Progress {                          // where a run is; with the states it is all that resuming needs
  int64_t step = 0, epoch = 0, batch = 0;  // optimizer steps; epoch and batch number the next batch; behind an
                                           // epoch's last one its end is what comes next
  int64_t best_epoch = -1;                 // 1 is the first, as in metrics.csv; -1: none yet
  int64_t epochs_since_best = 0;
  int64_t rows_skipped = 0, skipped_in_epoch = 0;  // in all epochs, in the newest
  int64_t skipped_steps = 0;                       // in the epochs that are done
  double best_score = 0;
  Plateau plateau;
  // Lengths of metrics.csv, log.jsonl and the files of events that belong to this state.
  int64_t metrics_bytes = 0, log_bytes = 0, event_bytes = 0;
  bool finished = false;
  std::string end_reason;  // "epochs done", "early stopping"
};
// A checkpoint is a bundle plus the optimizer's states, Progress, the resolved run file, the data's fingerprint, and
// the devices and plugins that it was computed with. make_way: called when it is on the disk under another name, in
// front of the rename.
void save_checkpoint(const Model& model, const std::map<std::string, Tensor>& all_states, const Progress& progress,
                     const Config& run, const MadeWith& made, const std::string& path,
                     const std::function<void()>& make_way = {});
inline constexpr const char *kEpochsDone = "epochs done",
                            *kEarlyStopping = "early stopping";  // as Progress::end_reason

struct Checkpoint {
  std::shared_ptr<Model> model;
  std::map<std::string, Tensor> states;
  Progress progress;
  Config run;
  MadeWith made_with;
  bool newer_is_damaged = false;  // a last.safetensors was left aside for this one
};
Checkpoint load_checkpoint(const std::string& path, const Registry& registry);

}  // namespace clq

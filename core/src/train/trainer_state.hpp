// core/src/train/trainer_state.hpp -- everything a trainer holds while it runs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <calanque/core/trainer.hpp>

#include "data/selection.hpp"
#include "train/bundle.hpp"
#include "train/device_choice.hpp"
#include "train/evaluator.hpp"
#include "train/event_file.hpp"
#include "train/late_scalars.hpp"
#include "train/memory.hpp"
#include "train/own_batches.hpp"
#include "train/pump.hpp"
#include "train/replicas.hpp"
#include "train/run_folder.hpp"
#include "train/schedule.hpp"
#include "train/train_settings.hpp"

namespace clq {

struct Trainer::State {
  using Clock = std::chrono::steady_clock;
  // start: nullptr begins at the beginning, otherwise goes on from there.
  State(std::shared_ptr<Model> model, std::shared_ptr<DataSource> source, const Config& run, const Registry& registry,
        RunFolder run_folder, Checkpoint* start);

  void advance();  // hot, but for the ends of epochs: a step, or less where the data are late
  // Own batches: filled, which may fail and leaves all as it was, then computed on.
  void fill_own(const std::shared_ptr<DataSource>& rows, std::span<const int64_t> samples);
  void step_on_own();
  void gradients_on_own();
  void apply_own();
  void require_split_step() const;
  void require_gradients() const;  // of the newest own batch
  std::string state_of_gradient(const std::string& parameter);
  Tensor read_state(const std::string& name);
  void write_state(const std::string& name, const Tensor& value);  // on all replicas
  void cancel_readers() noexcept;                                  // for good, and without waiting for them
  bool owes_epoch_end() const { return progress.batch == sampler->batches_per_epoch(); }
  void save(const std::string& path);
  void save_by_time();
  void bring_model_up_to_date();
  void write_provenance(const std::string& end_reason) const;
  void try_write_provenance(const std::string& end_reason) const;  // a warning where it cannot be written
  void write_end(const Error& error) const noexcept;               // where it can be written
  double rate() const;                                             // samples a second
  double learning_rate(int64_t step) const { return schedule->at(step, progress.plateau); }

  // What was given.
  std::shared_ptr<Model> model;
  std::shared_ptr<DataSource> source;
  Config run;
  const Registry& registry;
  RunFolder folder;
  Compute compute;
  TrainSettings settings;
  // The rows and their order.
  BatchLayout layout;
  SplitRows split{RowSet(0), RowSet(0), RowSet(0)};
  double weight_scale = 1;
  struct {
    std::string column;
    Json finish;
  } monitor;  // the metric that chooses the best epoch, as it was defined
  std::unique_ptr<Sampler> sampler;
  int64_t total_steps = 0;  // of all epochs
  bool drops_remainder = false;
  // The devices; what is below uses what is above.
  std::unique_ptr<Replicas> replicas;
  std::unique_ptr<CompiledProgram> evaluate_program;  // on the first replica
  std::unique_ptr<SlotMemory> memory;
  std::unique_ptr<LateScalars> late;
  std::unique_ptr<Evaluator> evaluator;
  std::unique_ptr<Pump> pump;       // its end waits for the devices, so what they write to stands above
  std::unique_ptr<Feeder> feeder;   // none while the host steps on its own batches
  std::unique_ptr<OwnBatches> own;  // none before it did
  struct OwnGradients {
    CompiledProgram::Scalars scalars;
    int64_t bad = 0;  // rows of the batch
  };
  std::optional<OwnGradients> gradients_of;  // the batch whose gradients wait to be applied
  // Where it is.
  std::optional<Schedule> schedule;
  Progress progress;
  std::map<std::string, Tensor> best;           // states of the best epoch
  std::map<std::string, Tensor> golden_inputs;  // read once: a model is saved whatever the source does then
  bool best_is_new = false;                     // and not yet in model.safetensors
  std::deque<Json> rows;                        // of metrics.csv, not read yet
  std::unique_ptr<EventFile> events;            // for TensorBoard; none without a folder or by output.tensorboard
  MemoryBound bound;
  MadeWith computed_with;
  Resident at_start;          // the program, the source, the model, the statistics
  int64_t backend_bytes = 0;  // taken beside what is counted when every program of a step has run
  int64_t answer_bytes = 0;   // taken while a model answers its golden inputs
  Json provenance;
  double loss = 0, seen_loss = 0, seen_weight = 0;  // of the interval; sums at its start
  int64_t skipped_steps = 0;                        // of the whole run, by the newest interval
  int64_t asked_step = 0;                           // whose sums `late` was asked for
  Clock::time_point started, epoch_started, saved;
  int64_t steps_before = 0;  // done before this process began
  int failed_saves = 0;
  bool last_is_good = true;  // the newest checkpoint of the folder, so that it may take the place of the one before

 private:
  void choose_rows(bool resumed);
  void fit_transforms();
  Program build(ProgramKind kind, const StepPlan& plan) const;
  void open_programs();
  void choose_monitor();
  void make_ring();
  void warm_up();
  void require_place(const Progress& p) const;  // of a checkpoint
  void start_states(Checkpoint* start);
  Lane& first() const { return replicas->first(); }                                 // whose states are the model's
  std::map<std::string, Tensor> export_now(const std::vector<std::string>& names);  // after the steps that were given
  std::map<std::string, Tensor> export_model();                                     // what is judged and kept of them
  void bound_memory();
  void announce(bool resumed);
  void compare_devices(const MadeWith& then) const;
  void start_feeder();
  void stop_feeder();
  int64_t depth() const { return std::max<int64_t>(3, int64_t{compute.readers} + 2); }
  int64_t count_bad(const Slot& slot) const noexcept;
  void step();
  CompiledProgram::Scalars scalars_of(const Slot& slot) const;
  void count_step(int64_t bad);
  void read_late();
  void ask_late();
  void end_interval();
  void note_skipped(int64_t total);
  void require_sound(int64_t bad_steps);
  void require_finite(const std::map<std::string, Tensor>& states);
  [[noreturn]] void end_diverged(const std::string& words);
  std::string first_not_finite();
  Feeder::Options evaluation_options() const;
  void end_epoch();
  void settle_epoch();
  std::string first_bad() const;
  bool has_events() const;
  int64_t events_bytes() const;  // the most memory they take
  void open_events(bool resumed);
  void show_inputs();
  template <class Body>
  void guard_events(Body&& body);
  template <class Body>
  void with_events(Body&& body);
  void log_interval();
  void log_epoch(const Json& row);
  void sync_events();  // all of them are on the disk
  Json epoch_row(const Json& valid);
  void judge(const Json& row);
  bool should_end();
  void finish();
  std::map<std::string, Tensor> read_golden_inputs() const;  // by the model's inputs
  std::shared_ptr<Model> with_answers(const std::map<std::string, Tensor>& weights);
  void save_model(const std::map<std::string, Tensor>& weights, const std::string& name);
  std::map<std::string, Tensor> export_states();
  std::map<std::string, Tensor> take_weights(std::map<std::string, Tensor>& all) const;  // the model's
  // The same with train.ema's averages in the place of the parameters.
  std::map<std::string, Tensor> take_averages(std::map<std::string, Tensor>& all) const;
  void save_in_folder(const std::map<std::string, Tensor>& all);
};

}  // namespace clq

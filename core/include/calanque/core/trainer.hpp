// calanque/core/trainer.hpp -- the loop: batches in, steps, validation, checkpoints, the best model out.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <calanque/core/data_source.hpp>
#include <calanque/core/model.hpp>

namespace clq {

// [one thread], but stop() from any thread or signal handler.
class Trainer {
 public:
  // run: the resolved run file; run_folder "": nothing is written, one that holds a run or a part of one: CLQ_E_INVALID, unless it
  // ended before its first checkpoint. Prints nothing: the memory bound and warnings go to the log.
  Trainer(std::shared_ptr<Model> model, std::shared_ptr<DataSource> source, const Config& run, const Registry& registry,
          const std::string& run_folder);
  // Goes on from <run_folder>/checkpoints/last (previous, with a warning, when damaged). source: nullptr opens the run's own;
  // or what opens it for the run.
  // epochs: more than it had, here or in the folder's run.toml, which then says so; fewer are CLQ_E_INVALID; 0: as the folder says.
  static std::unique_ptr<Trainer> resume(const std::string& run_folder, std::shared_ptr<DataSource> source, const Registry& registry,
                                         int64_t epochs = 0);
  using OpenSource = std::function<std::shared_ptr<DataSource>(const Config& run)>;
  static std::unique_ptr<Trainer> resume_with(const std::string& run_folder, const OpenSource& open, const Registry& registry,
                                         int64_t epochs = 0);
  ~Trainer();

  // true: training is finished. What a failed step left half done no later one can mend: from then on its error is thrown
  // again, here and by checkpoint(), and resuming goes on from the last checkpoint.
  bool run_for(double seconds);
  bool run_steps(int64_t n);
  // The host's own loop. The batch that the trainer would take next is that of these samples of a source with the model's
  // columns, 1 to train.batch of them; epochs end, are judged and kept as always. On an error before anything is computed
  // (CLQ_E_INVALID, CLQ_E_DATA) the trainer is as it was. run_for and run_steps may go on in the trainer's own order.
  bool step_on(const std::shared_ptr<DataSource>& source, std::span<const int64_t> samples);
  // The same in two, with train.split_step; in between the gradient of the batch's loss, over all replicas, may be read and
  // replaced. Penalties and clip_norm come with apply.
  void gradients_on(const std::shared_ptr<DataSource>& source, std::span<const int64_t> samples);
  bool apply_gradients();
  Tensor gradient(const std::string& parameter);
  void set_gradient(const std::string& parameter, const Tensor& value);
  TensorDesc state_desc(const std::string& name) const;          // of the model
  void set_state(const std::string& name, const Tensor& value);  // before the next step
  void checkpoint(const std::string& path = "");         // "" : the run folder's
  void write_run_file(const std::string& toml);          // the run folder's run.toml
  void stop() noexcept { stop_.store(true); }            // finish the step, checkpoint, return
  bool stopped() const { return stop_.load(); }
  double get(const std::string& key) const;              // "epoch" "step" "loss" "samples_per_second" "eta" "epochs" "learning_rate" "memory_bytes" "rows_skipped" "best_epoch" "steps"
  std::optional<Json> next_metrics();                    // rows of metrics.csv not read yet
  Model& model();                      // brought up to date with the device
  const Config& run() const;           // the resolved run file
  const std::string& end_reason() const;

 private:
  struct State;
  explicit Trainer(std::unique_ptr<State> state);
  bool run_until(int64_t last_step, double seconds);
  void advance();
  template <class Body>
  void whole(Body&& body);             // what ends half-way can only be resumed
  void save_when_due();
  bool step_own(const std::function<void()>& body);
  void require_whole() const;
  void require_open() const;           // and not finished
  std::unique_ptr<State> state_;
  std::atomic<bool> stop_{false};
  std::exception_ptr failed_;          // what ended a step half-way
};

}  // namespace clq

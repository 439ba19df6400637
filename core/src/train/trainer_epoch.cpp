// core/src/train/trainer_epoch.cpp -- one step, and what happens at an epoch's end.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "runtime/log.hpp"
#include "train/provenance.hpp"
#include "train/trainer_state.hpp"

namespace clq {
namespace {

constexpr std::chrono::milliseconds kPatience{100};

}  // namespace

int64_t Trainer::State::count_bad(const Slot& slot) const noexcept {
  int64_t bad = 0;
  for (size_t i = 0; i < slot.rows.samples.size(); ++i) bad += slot.bad[i] != 0;
  return bad;
}

// What is not read yet is waited for a while: between two calls the trainer may be stopped.
void Trainer::State::advance() {
  if (!owes_epoch_end()) {
    if (!feeder) start_feeder();
    if (!pump->wait(kPatience)) return;
    step();
  }
  if (owes_epoch_end()) end_epoch();
}

void Trainer::State::step() {
  Slot* slot = pump->next();
  if (slot == nullptr) fail(CLQ_E_INTERNAL, "the readers ended at step {} of epoch {}", progress.step, progress.epoch);
  const int64_t bad = count_bad(*slot);
  pump->step(slot, scalars_of(*slot));
  count_step(bad);
}

CompiledProgram::Scalars Trainer::State::scalars_of(const Slot& slot) const {
  const auto good = static_cast<double>(static_cast<int64_t>(slot.rows.samples.size()) - count_bad(slot));
  // Dividing the count by the scale is dividing each weight by the mean weight.
  return {learning_rate(progress.step), progress.step, settings.seed, 0, std::max(good, 1.0) * weight_scale};
}

// bad: rows of the batch.
void Trainer::State::count_step(int64_t bad) {
  const int64_t bad_samples = bad / sampler->views();
  progress.rows_skipped += bad_samples;
  progress.skipped_in_epoch = bad_samples + (progress.batch > 0 ? progress.skipped_in_epoch : 0);
  ++progress.step;
  ++progress.batch;
  if (progress.step % settings.log_every == 0) read_late();
}

// The values of the last interval, while this one's are on their way.
void Trainer::State::read_late() {
  replicas->wait_for_mark();
  if (late->take()) end_interval();
  ask_late();
}

void Trainer::State::ask_late() {
  replicas->one(0, [this](size_t) { late->queue(first().stream()); });
  replicas->mark();
  asked_step = progress.step;
}

void Trainer::State::end_interval() {
  require_sound(late->bad_steps());
  note_skipped(late->skipped_steps());
  const double weight = late->weight_sum() - seen_weight;
  if (weight > 0) {
    loss = (late->loss_sum() - seen_loss) / weight;
    log_interval();
  }
  seen_loss = late->loss_sum();
  seen_weight = late->weight_sum();
}

// Once an epoch: the column of metrics.csv has their number.
void Trainer::State::note_skipped(int64_t total) {
  if (total > skipped_steps && skipped_steps == progress.skipped_steps)
    log_line(CLQ_LOG_WARNING, fmt::format("epoch {}: a step is skipped, its loss or gradient is not finite: it changes "
                                          "nothing; metrics.csv counts such steps",
                                          progress.epoch + 1));
  skipped_steps = total;
}

void Trainer::State::require_sound(int64_t bad_steps) {
  if (bad_steps < 3) return;
  end_diverged(fmt::format("the loss or its gradient is not finite at three steps in a row, before step {}{}",
                           progress.step, first_not_finite()));
}

// What a good step makes of a finite gradient may be infinite: a weight at a large rate, a square in a moment. A step
// that looked at them took 3 % longer; here they stand before a file that would hold them.
void Trainer::State::require_finite(const std::map<std::string, Tensor>& states) {
  for (const auto& [name, tensor] : states)
    if (!is_finite(tensor)) end_diverged(fmt::format("the state '{}' is not finite at step {}", name, progress.step));
}

void Trainer::State::end_diverged(const std::string& words) {
  try_write_provenance("diverged");
  fail(CLQ_E_DIVERGED, "{}; a lower train.optimizer.lr or train.clip_norm may help", words);
}

// In several calls where the evaluation takes long. Until its scores are there nothing of the epoch's sums is cleared:
// a checkpoint in between resumes here.
// Views of rows that are not learned from vary as well, and in the same way in each epoch.
Feeder::Options Trainer::State::evaluation_options() const {
  Feeder::Options options{.readers = compute.readers, .bad = read_bad_policy(run.child("data"))};
  if (sampler->views() > 1) options.vary = settings.seed;
  return options;
}

void Trainer::State::end_epoch() {
  if (!evaluator || !evaluator->is_running()) settle_epoch();
  std::optional<Json> valid = Json::object();
  if (evaluator) valid = evaluator->run(*source, model->transforms, evaluation_options(), kPatience);
  if (!valid) return;
  const Json row = epoch_row(*valid);
  folder.append_metrics(row);
  folder.append_event({{"event", "epoch"}, {"time", utc_now()}, {"metrics", row}});
  log_epoch(row);
  rows.push_back(row);
  if (rows.size() > 10000) rows.pop_front();
  if (progress.epoch == 0 && progress.skipped_in_epoch > 0)
    log_line(CLQ_LOG_WARNING, fmt::format("{}: {} of {} training rows are bad and left out of each epoch{}",
                                          source->uri(), progress.skipped_in_epoch, split.train.size(), first_bad()));
  ++progress.epoch;
  progress.batch = 0;
  judge(row);
  epoch_started = Clock::now();
  if (should_end())
    finish();
  else if (settings.checkpoint_minutes == 0)
    save_by_time();
}

// "; the first: cat.fits, row 7: MAG_R is NaN or null"; "" where the readers met none or it
// cannot be read again.
std::string Trainer::State::first_bad() const {
  const auto sample = feeder ? feeder->first_bad() : std::nullopt;
  if (!sample) return "";
  try {
    return "; the first: " + why_bad(*source, layout, model->transforms, *sample);
  } catch (const Error&) {
    return "";  // what the source says now, the readers will meet
  }
}

void Trainer::State::settle_epoch() {
  const int64_t read = drops_remainder ? progress.batch * settings.batch : split.train.size();
  if (progress.skipped_in_epoch == read)
    fail(CLQ_E_DATA, "{}: all {} training rows are bad, none is left to learn from{}", source->uri(), read,
         first_bad());
  replicas->settle();
  if (late->take()) end_interval();
  ask_late();
  if (late->take()) end_interval();
  loss = late->loss_sum() / late->weight_sum();
}

Json Trainer::State::epoch_row(const Json& valid) {
  Json row = {{"epoch", progress.epoch + 1},
              {"step", progress.step},
              {"learning_rate", learning_rate(progress.step - 1)},
              {"train_loss", loss}};
  seen_loss = seen_weight = 0;
  late->clear_sums(first().stream());
  for (size_t i = 1; i < replicas->size(); ++i)
    LateScalars::clear_sums_of(replicas->lane(i).states(), replicas->lane(i).stream());
  for (const auto& [name, value] : valid.items()) row["valid_" + name] = value;
  row["skipped_steps"] = skipped_steps - progress.skipped_steps;
  progress.skipped_steps = skipped_steps;
  row["seconds"] = std::chrono::duration<double>(Clock::now() - epoch_started).count();
  return row;
}

void Trainer::State::judge(const Json& row) {
  const double score = row.at(monitor.column).get<double>();
  const auto misses = [&](double value) { return shortfall(monitor.finish, value); };
  if (schedule->judge(misses(score), progress.plateau))
    log_line(CLQ_LOG_INFO, fmt::format("epoch {}: {} improves no more, the learning rate becomes {}", progress.epoch,
                                       monitor.column, learning_rate(progress.step)));
  if (std::isfinite(score) && (progress.best_epoch < 0 || misses(score) < misses(progress.best_score))) {
    best = export_model();
    require_finite(best);
    best_is_new = true;
    progress.best_score = score;
    progress.best_epoch = progress.epoch;
    progress.epochs_since_best = 0;
  } else {
    ++progress.epochs_since_best;
  }
}

bool Trainer::State::should_end() {
  if (progress.epoch >= settings.epochs) progress.end_reason = kEpochsDone;
  const bool judged = evaluator || !settings.monitor.empty();
  if (judged && settings.patience > 0 && progress.epochs_since_best >= settings.patience)
    progress.end_reason = kEarlyStopping;
  return !progress.end_reason.empty();
}

// The models come before the checkpoint that says all is done: a kill in between only repeats the end. The model has
// what was learned before any file is touched: none may be written.
void Trainer::State::finish() {
  pump->drain();
  std::map<std::string, Tensor> all = export_states();
  const std::map<std::string, Tensor> last = take_averages(all);
  model->states = best.empty() ? last : best;
  progress.finished = true;
  save_model(last, "model-last.safetensors");
  save_model(best.empty() ? last : best, "model.safetensors");
  folder.append_event({{"event", "end"}, {"time", utc_now()}, {"reason", progress.end_reason}});
  if (folder) save("");
  write_provenance(progress.end_reason);
  log_line(CLQ_LOG_INFO, fmt::format("training ended: {} after {} epochs, {}", progress.end_reason, progress.epoch,
                                     progress.best_epoch < 0 ? "none of them with a finite score"
                                                             : fmt::format("best epoch {}", progress.best_epoch)));
}

double Trainer::State::rate() const {
  const double seconds = std::chrono::duration<double>(Clock::now() - started).count();
  return seconds > 0 ? static_cast<double>((progress.step - steps_before) * settings.batch) / seconds : 0;
}

}  // namespace clq

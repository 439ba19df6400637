// core/src/train/trainer.cpp -- the loop as its callers see it.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/trainer.hpp>

#include <algorithm>
#include <limits>

#include "train/bare_start.hpp"
#include "train/trainer_state.hpp"

namespace clq {

Trainer::Trainer(std::shared_ptr<Model> model, std::shared_ptr<DataSource> source, const Config& run,
                 const Registry& registry, const std::string& run_folder)
    : state_(std::make_unique<State>(std::move(model), std::move(source), run, registry,
                                     RunFolder(run_folder, RunFolder::For::new_run), nullptr)) {}

Trainer::Trainer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Trainer::~Trainer() = default;

void Trainer::require_whole() const {
  if (failed_) std::rethrow_exception(failed_);
}

void Trainer::advance() {
  try {
    state_->advance();
  } catch (const Error& e) {
    failed_ = std::current_exception();
    state_->write_end(e);
    throw;
  } catch (...) {
    failed_ = std::current_exception();
    throw;
  }
}

bool Trainer::run_until(int64_t last_step, double seconds) {
  require_whole();
  State& s = *state_;
  s.folder.keep();
  const auto begin = State::Clock::now();
  const auto is_due = [&] { return s.progress.step < last_step || s.owes_epoch_end(); };
  while (!s.progress.finished && is_due() && !stop_.load(std::memory_order_relaxed)) {
    advance();
    const auto now = State::Clock::now();
    const double minutes = s.settings.checkpoint_minutes;
    if (minutes > 0 && !s.progress.finished && now - s.saved >= std::chrono::duration<double, std::ratio<60>>(minutes))
      s.save_by_time();
    if (now - begin >= std::chrono::duration<double>(seconds)) break;
  }
  if (s.progress.finished || !stop_.load()) return s.progress.finished;
  s.cancel_readers();  // one may be in a call that does not end: the checkpoint needs none of them
  if (s.folder) s.save("");
  s.try_write_provenance(kStopped);
  return false;
}

bool Trainer::run_for(double seconds) { return run_until(std::numeric_limits<int64_t>::max(), seconds); }

bool Trainer::run_steps(int64_t n) {
  const int64_t step = state_->progress.step;
  return run_until(step + std::min(n, std::numeric_limits<int64_t>::max() - step), std::numeric_limits<double>::max());
}

void Trainer::checkpoint(const std::string& path) {
  require_whole();
  state_->folder.keep();
  state_->save(path);
}

double Trainer::get(const std::string& key) const {
  const State& s = *state_;
  const std::pair<const char*, double> values[] = {
      {"epoch", static_cast<double>(s.progress.epoch)},
      {"step", static_cast<double>(s.progress.step)},
      {"steps", static_cast<double>(s.total_steps)},
      {"loss", s.loss},
      {"samples_per_second", s.rate()},
      {"eta", static_cast<double>(s.total_steps - s.progress.step) * static_cast<double>(s.settings.batch) /
                  std::max(s.rate(), 1e-9)},
      {"epochs", static_cast<double>(s.settings.epochs)},
      {"learning_rate", s.learning_rate(s.progress.step)},
      {"memory_bytes", static_cast<double>(s.bound.total())},
      {"rows_skipped", static_cast<double>(s.progress.rows_skipped)},
      {"skipped_steps", static_cast<double>(s.skipped_steps)},
      {"best_epoch", static_cast<double>(s.progress.best_epoch)}};
  std::vector<std::string> known;
  for (const auto& [name, value] : values) {
    if (key == name) return value;
    known.emplace_back(name);
  }
  fail(CLQ_E_INVALID, "a trainer has no '{}'{}", key, did_you_mean(key, known));
}

std::optional<Json> Trainer::next_metrics() {
  if (state_->rows.empty()) return std::nullopt;
  Json row = std::move(state_->rows.front());
  state_->rows.pop_front();
  return row;
}

void Trainer::write_run_file(const std::string& toml) {
  state_->folder.write_text("run.toml", toml);
  state_->folder.keep();
}

Model& Trainer::model() {
  state_->bring_model_up_to_date();
  return *state_->model;
}

const Config& Trainer::run() const { return state_->run; }

const std::string& Trainer::end_reason() const { return state_->progress.end_reason; }

}  // namespace clq

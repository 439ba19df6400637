// core/src/train/trainer.cpp -- the loop as its callers see it.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/trainer.hpp>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "train/atomic_file.hpp"
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

void Trainer::require_open() const {
  require_whole();
  CLQ_REQUIRE(!state_->progress.finished, "the training has ended: {}", end_reason());
}

void Trainer::advance() {
  whole([&] { state_->advance(); });
}

template <class Body>
void Trainer::whole(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    failed_ = std::current_exception();
    state_->write_end(e);
    throw;
  } catch (...) {
    failed_ = std::current_exception();
    throw;
  }
}

void Trainer::save_when_due() {
  State& s = *state_;
  const double minutes = s.settings.checkpoint_minutes;
  if (minutes <= 0 || s.progress.finished) return;
  if (State::Clock::now() - s.saved >= std::chrono::duration<double, std::ratio<60>>(minutes)) s.save_by_time();
}

bool Trainer::run_until(int64_t last_step, double seconds) {
  require_whole();
  State& s = *state_;
  s.folder.keep();
  const auto begin = State::Clock::now();
  const auto is_due = [&] { return s.progress.step < last_step || s.owes_epoch_end(); };
  while (!s.progress.finished && is_due() && !stop_.load(std::memory_order_relaxed)) {
    advance();
    save_when_due();
    if (State::Clock::now() - begin >= std::chrono::duration<double>(seconds)) break;
  }
  if (s.progress.finished || !stop_.load()) return s.progress.finished;
  s.cancel_readers();  // one may be in a call that does not end: the checkpoint needs none of them
  if (s.folder) s.save("");
  s.try_write_provenance(kStopped);
  return false;
}

// An own batch is the next of its epoch; what an epoch's end owes is done in the same call.
bool Trainer::step_own(const std::function<void()>& body) {
  state_->folder.keep();
  whole([&] { body(); });
  save_when_due();
  return run_until(state_->progress.step, std::numeric_limits<double>::max());
}

bool Trainer::step_on(const std::shared_ptr<DataSource>& source, std::span<const int64_t> samples) {
  require_open();
  state_->fill_own(source, samples);
  return step_own([&] { state_->step_on_own(); });
}

void Trainer::gradients_on(const std::shared_ptr<DataSource>& source, std::span<const int64_t> samples) {
  require_open();
  state_->require_split_step();
  state_->fill_own(source, samples);
  whole([&] { state_->gradients_on_own(); });
}

bool Trainer::apply_gradients() {
  require_open();
  state_->require_gradients();
  return step_own([&] { state_->apply_own(); });
}

Tensor Trainer::gradient(const std::string& parameter) {
  require_whole();
  return state_->read_state(state_->state_of_gradient(parameter));
}

void Trainer::set_gradient(const std::string& parameter, const Tensor& value) {
  require_whole();
  state_->write_state(state_->state_of_gradient(parameter), value);
}

TensorDesc Trainer::state_desc(const std::string& name) const {
  const auto at = state_->model->states.find(name);
  if (at == state_->model->states.end()) fail(CLQ_E_NOT_FOUND, "the model has no state '{}'", name);
  return at->second.desc();
}

void Trainer::set_state(const std::string& name, const Tensor& value) {
  require_open();
  state_->write_state(name, value);
}

bool Trainer::run_for(double seconds) { return run_until(std::numeric_limits<int64_t>::max(), seconds); }

bool Trainer::run_steps(int64_t n) {
  const int64_t step = state_->progress.step;
  return run_until(step + std::min(n, std::numeric_limits<int64_t>::max() - step), std::numeric_limits<double>::max());
}

void Trainer::checkpoint(const std::string& path) {
  require_whole();
  state_->folder.keep();
  state_->save(path.empty() ? path : file_to_write(path));
}

// hot: hosts ask between any two steps.
double Trainer::get(const std::string& key) const {
  using Value = double (*)(const State&);
  static constexpr std::pair<std::string_view, Value> kValues[] = {
      {"step", [](const State& s) { return static_cast<double>(s.progress.step); }},
      {"steps", [](const State& s) { return static_cast<double>(s.total_steps); }},
      {"epoch", [](const State& s) { return static_cast<double>(s.progress.epoch); }},
      {"epochs", [](const State& s) { return static_cast<double>(s.settings.epochs); }},
      {"loss", [](const State& s) { return s.loss; }},
      {"learning_rate", [](const State& s) { return s.learning_rate(s.progress.step); }},
      {"samples_per_second", [](const State& s) { return s.rate(); }},
      {"eta",
       [](const State& s) {
         return static_cast<double>(s.total_steps - s.progress.step) * static_cast<double>(s.settings.batch) /
                std::max(s.rate(), 1e-9);
       }},
      {"memory_bytes", [](const State& s) { return static_cast<double>(s.bound.total()); }},
      {"rows_skipped", [](const State& s) { return static_cast<double>(s.progress.rows_skipped); }},
      {"skipped_steps", [](const State& s) { return static_cast<double>(s.skipped_steps); }},
      {"best_epoch", [](const State& s) { return static_cast<double>(s.progress.best_epoch); }}};
  for (const auto& [name, value] : kValues)
    if (key == name) return value(*state_);
  std::vector<std::string> known;
  for (const auto& [name, value] : kValues) known.emplace_back(name);
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

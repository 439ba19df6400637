// core/src/train/trainer_checkpoint.cpp -- what a trainer writes: checkpoints, the best and the last model.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "runtime/log.hpp"
#include "train/atomic_file.hpp"
#include "train/checkpoint_states.hpp"
#include "train/golden.hpp"
#include "train/source_rows.hpp"
#include "train/trainer_state.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;

// `last` gets a second name before it is replaced: at every moment one good file exists.
void keep_previous(const std::string& last, const std::string& previous) {
  std::error_code error;
  if (!fs::exists(last, error)) return;
  const std::string link = temporary_name(previous);  // a killed process leaves it to be removed with its other ones
  ::unlink(link.c_str());
  fs::create_hard_link(last, link, error);
  fs::rename(error ? last : link, previous, error);
  ::unlink(link.c_str());  // rename leaves it where both names are one file already, and where it fails
  if (error) fail(CLQ_E_IO, "{}: {}", previous, error.message());
}

// While a file is written the model has the last weights; behind it, where the training has ended, again its own.
class LastWeights {
 public:
  LastWeights(Model& model, std::map<std::string, Tensor> last, bool ended) : model_(model), ended_(ended) {
    own_ = std::exchange(model_.states, std::move(last));
  }
  ~LastWeights() {
    if (ended_) model_.states.swap(own_);
  }
  LastWeights(const LastWeights&) = delete;
  LastWeights& operator=(const LastWeights&) = delete;

 private:
  Model& model_;
  std::map<std::string, Tensor> own_;
  bool ended_;
};

}  // namespace

std::map<std::string, Tensor> Trainer::State::export_now(const std::vector<std::string>& names) {
  replicas->settle();
  return first().states().export_all(first().stream(), names);
}

std::map<std::string, Tensor> Trainer::State::export_states() {
  std::vector<std::string> names;
  for (const std::string& name : first().states().names())
    if (is_kept_state(name)) names.push_back(name);
  auto all = export_now(names);
  require_sound(all.at("train.bad_steps").as<int64_t>()[0]);
  require_finite(all);
  return all;
}

std::map<std::string, Tensor> Trainer::State::take_weights(std::map<std::string, Tensor>& all) const {
  std::map<std::string, Tensor> weights;
  for (const auto& [name, tensor] : model->states) weights.insert(all.extract(name));
  return weights;
}

std::map<std::string, Tensor> Trainer::State::take_averages(std::map<std::string, Tensor>& all) const {
  std::map<std::string, Tensor> weights = take_weights(all);
  for (auto& [name, tensor] : weights)
    if (const auto at = all.find(std::string(kAverage) + name); at != all.end()) tensor = std::move(at->second);
  return weights;
}

std::map<std::string, Tensor> Trainer::State::export_model() {
  const bool averaged = settings.spec.ema > 0;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : model->states) {
    const std::string average = std::string(kAverage) + name;
    names.push_back(averaged && first().states().find(average) != nullptr ? average : name);
  }
  std::map<std::string, Tensor> weights;
  for (auto& [name, tensor] : export_now(names))
    weights.emplace(name.substr(averaged && name.starts_with(kAverage) ? kAverage.size() : 0), std::move(tensor));
  return weights;
}

void Trainer::State::bring_model_up_to_date() {
  if (!progress.finished) model->states = export_model();
}

void Trainer::State::save(const std::string& path) {
  auto all = export_states();
  const LastWeights last(*model, take_weights(all), progress.finished);
  for (const auto& [name, tensor] : best) all.emplace(std::string(kBestState) + name, tensor);
  progress.metrics_bytes = folder.metrics_bytes();
  progress.log_bytes = folder.log_bytes();
  sync_events();
  progress.event_bytes = folder.event_bytes();
  if (path.empty())
    save_in_folder(all);
  else
    save_checkpoint(*model, all, progress, run, computed_with, path);
}

// The one before gives way when the new one is on the disk, and to a good one alone.
void Trainer::State::save_in_folder(const std::map<std::string, Tensor>& all) {
  CLQ_REQUIRE(folder, "a checkpoint needs a path: the run has no folder");
  if (best_is_new && !progress.finished) save_model(best, "model.safetensors");
  best_is_new = false;
  const std::string last = folder.file("checkpoints/last.safetensors");
  save_checkpoint(*model, all, progress, run, computed_with, last, [&] {
    if (last_is_good) keep_previous(last, folder.file("checkpoints/previous.safetensors"));
  });
  last_is_good = true;
  saved = Clock::now();  // of a copy elsewhere the run's own knows nothing
}

// A full disk need not end a run: the next time may be better. Three in a row do.
void Trainer::State::save_by_time() {
  if (!folder) return;
  try {
    save("");
    failed_saves = 0;
  } catch (const Error& e) {
    if ((e.status() != CLQ_E_IO && e.status() != CLQ_E_NOSPACE) || ++failed_saves >= 3) throw;
    saved = Clock::now();
    log_line(CLQ_LOG_WARNING, fmt::format("no checkpoint was written ({} of 3 tries): {}", failed_saves, e.what()));
  }
}

std::map<std::string, Tensor> Trainer::State::read_golden_inputs() const {
  std::vector<int64_t> samples;
  for (int64_t k = 0; k < std::min(kGoldenRows, split.train.size()); ++k) samples.push_back(split.train.select(k));
  std::map<std::string, Tensor> inputs;
  for (const InputField& input : model->spec.inputs)
    inputs.emplace(input.name, read_input(*source, layout, static_cast<uint32_t>(layout.tensor(input.name)), samples));
  return inputs;
}

// With some inputs and what the model answers to them, so that another machine can check itself.
std::shared_ptr<Model> Trainer::State::with_answers(const std::map<std::string, Tensor>& weights) {
  auto copy = std::make_shared<Model>();
  copy->spec = model->spec;
  copy->data = model->data;
  copy->output = model->output;
  copy->predict = model->predict;
  copy->layout = model->layout;
  copy->transforms = model->transforms;
  copy->fitted = model->fitted;
  copy->provenance = model->provenance;
  if (progress.best_epoch >= 0)
    copy->provenance["best"] = {{"epoch", progress.best_epoch}, {"score", progress.best_score}};
  copy->states = weights;
  if (golden_inputs.empty()) golden_inputs = read_golden_inputs();
  PredictOptions options;
  options.device = first().device().name();
  options.threads = compute.threads;
  Tensor answer = answer_golden(copy, golden_inputs, std::min(kGoldenRows, split.train.size()), options, registry);
  for (const auto& [name, values] : golden_inputs)
    if (values.desc().count() > 0) copy->golden["input." + name] = values;
  copy->golden["prediction"] = std::move(answer);
  return copy;
}

void Trainer::State::save_model(const std::map<std::string, Tensor>& weights, const std::string& name) {
  const std::shared_ptr<Model> copy = with_answers(weights);
  model->golden = copy->golden;
  if (progress.finished) model->provenance = copy->provenance;
  if (folder) save_bundle(*copy, folder.file(name));
}

}  // namespace clq

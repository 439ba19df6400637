// capi/src/trainer.cpp -- training by seconds or by steps.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <calanque/calanque.h>

#include "advance.hpp"
#include "context.hpp"
#include "stop_cells.hpp"

namespace clq::capi {

TrainerBox::TrainerBox(std::unique_ptr<Trainer> trainer, std::shared_ptr<ModelBox> model)
    : trainer_(std::move(trainer)), model_(std::move(model)) {}

TrainerBox::~TrainerBox() {
  // The model keeps the last weights; a device that is lost has none to give.
  guard([&] { model_->detach(this, *trainer_); });
}

TrainerBox::Use TrainerBox::use() {
  std::unique_lock caller(caller_, std::try_to_lock);
  CLQ_REQUIRE(caller.owns_lock(), "the trainer is in use by another thread");
  return {std::move(caller), borrow()};
}

std::unique_lock<std::mutex> TrainerBox::borrow() {
  const std::lock_guard turn(turn_);
  return std::unique_lock(mutex_);
}

namespace {

clq_handle add_trainer(std::unique_ptr<Trainer> trainer, const std::shared_ptr<ModelBox>& holder,
                       std::shared_ptr<Model> model) {
  const auto box = std::make_shared<TrainerBox>(std::move(trainer), holder);
  holder->attach(box, std::move(model));
  const clq_handle handle = add_handle(box);
  if (open_stop_cell(handle, box->trainer())) return handle;
  take_handle<TrainerBox>(handle);
  fail(CLQ_E_UNSUPPORTED, "more than {} trainers are open", kMostTrainers);
}

}  // namespace
}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_trainer_create(clq_handle model, clq_handle source, clq_handle config, const char* run_folder,
                              clq_handle* trainer) {
  return guard([&] {
    required(trainer, "trainer");
    const auto box = get_handle<ModelBox>(model);
    const auto given = get_handle<SourceBox>(source);
    const RunFile file = get_handle<ConfigBox>(config)->file();
    const std::string folder = run_folder == nullptr ? "" : run_folder;
    CLQ_REQUIRE(run_folder == nullptr || !folder.empty(), "run_folder must not be empty, NULL writes nothing");
    const auto copy = box->copy();
    const Config run = file.resolved();
    const auto data = given->open(id_of(run));
    auto made = file.placed([&] { return std::make_unique<Trainer>(copy, data, run, registry(), folder); });
    made->write_run_file(file.dump(true));
    *trainer = add_trainer(std::move(made), box, copy);
  });
}

clq_status clq_trainer_resume(const char* run_folder, clq_handle source, clq_handle* trainer) {
  return clq_trainer_resume_to(run_folder, source, 0, trainer);
}

clq_status clq_trainer_resume_to(const char* run_folder, clq_handle source, int64_t epochs, clq_handle* trainer) {
  return guard([&] {
    required(trainer, "trainer");
    CLQ_REQUIRE(epochs >= 0, "epochs must not be negative, got {}", epochs);
    const std::string folder = required_text(run_folder, "run_folder");
    const auto given = source == 0 ? nullptr : get_handle<SourceBox>(source);
    const auto open = [&](const Config& run) { return given->open(id_of(run)); };
    auto made = Trainer::resume_with(folder, given == nullptr ? Trainer::OpenSource{} : open, registry(), epochs);
    const auto model = std::make_shared<Model>(made->model());
    const auto box = std::make_shared<ModelBox>(model, compute_options(made->run()));
    *trainer = add_trainer(std::move(made), box, model);
  });
}

clq_status clq_trainer_run(clq_handle trainer, double seconds) {
  return advance(trainer, [&](Trainer& t) {
    CLQ_REQUIRE(std::isfinite(seconds) && seconds >= 0, "seconds must be finite and not negative, got {}", seconds);
    return t.run_for(seconds);
  });
}

clq_status clq_trainer_steps(clq_handle trainer, int64_t n) {
  return advance(trainer, [&](Trainer& t) {
    CLQ_REQUIRE(n >= 1, "n must be at least 1, got {}", n);
    return t.run_steps(n);
  });
}

clq_status clq_trainer_model(clq_handle trainer, clq_handle* model) {
  return guard([&] {
    required(model, "model");
    *model = add_handle(get_handle<TrainerBox>(trainer)->model_box());
  });
}

clq_status clq_trainer_get(clq_handle trainer, const char* key, double* value) {
  return guard([&] {
    required(value, "value");
    const std::string name = required_text(key, "key");
    const auto box = get_handle<TrainerBox>(trainer);
    const auto lock = box->use();
    *value = name == "stopped" ? (box->trainer().stopped() && !box->finished ? 1.0 : 0.0) : box->trainer().get(name);
  });
}

int64_t clq_trainer_metrics(clq_handle trainer, char* json, int64_t capacity) {
  return guard_any([&]() -> int64_t {
    const auto box = get_handle<TrainerBox>(trainer);
    const auto lock = box->use();
    if (!box->row) {
      if (const auto row = box->trainer().next_metrics()) box->row = row->dump();
    }
    if (!box->row) return copy_nothing(json, capacity);
    const int64_t needed = copy_text(box->row->data(), box->row->size(), json, capacity);
    if (needed <= capacity) box->row.reset();
    return needed;
  });
}

clq_status clq_trainer_checkpoint(clq_handle trainer, const char* path) {
  return guard([&] {
    const auto box = get_handle<TrainerBox>(trainer);
    const auto lock = box->use();
    CLQ_REQUIRE(path == nullptr || *path != '\0', "path is empty, expected a file's, or NULL for the run folder's own");
    box->trainer().checkpoint(path == nullptr ? "" : path);
  });
}

void clq_trainer_stop(clq_handle trainer) { stop_trainer(trainer); }

void clq_trainer_close(clq_handle trainer) {
  guard([&] {
    const auto box = take_handle<TrainerBox>(trainer);
    if (box != nullptr) close_stop_cell(trainer);
  });
}

// tests/guest/tour_training.cpp -- trainings: in a folder, stopped, resumed, diverging, over bad rows.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "tour.hpp"

namespace clq::guest {
namespace {

struct Run {
  clq_handle config = 0, source = 0, model = 0, trainer = 0;
};

std::string run_folder(const Tour& tour, const std::string& device) {
  return tour.file("run-" + device.substr(0, device.find(':')));
}

Run open(Tour& tour, Network network, const std::string& device, const char* key, const char* value) {
  Run run;
  run.source = source_of(tour, network);
  GOOD(clq_config_parse, run_file(network, device).c_str(), &run.config);
  GOOD(clq_config_set, run.config, key, value);
  GOOD(clq_model_create, run.config, run.source, &run.model);
  return run;
}

void close(Tour& tour, const Run& run) {
  GOOD(clq_trainer_close, run.trainer);
  GOOD(clq_model_close, run.model);
  GOOD(clq_source_close, run.source);
  GOOD(clq_config_close, run.config);
}

void run_to_the_end(Tour& tour, clq_handle trainer) {
  while (GOOD(clq_trainer_run, trainer, 0.25) == CLQ_OK) {
  }
}

void ask(Tour& tour, clq_handle trainer) {
  double value = 0;
  clq_handle model = 0;
  for (const char* key : {"step", "loss", "learning_rate", "samples_per_second", "eta", "memory_bytes"})
    GOOD(clq_trainer_get, trainer, key, &value);
  BAD(clq_trainer_get, trainer, "los", &value);
  while (GOOD(clq_trainer_metrics, trainer, tour.text.data(), tour.room) > 0) {
  }
  BAD(clq_trainer_metrics, trainer, nullptr, 5);
  GOOD(clq_trainer_model, trainer, &model);
  BAD(clq_trainer_model, model, &model);
  GOOD(clq_model_id, model, tour.text.data(), tour.room);
  GOOD(clq_model_close, model);
}

void train_and_stop(Tour& tour, const std::string& device) {
  const std::string folder = run_folder(tour, device);
  clq_handle none = 0;
  Run run = open(tour, Network::table, device, "train.seed", "3");
  BAD(clq_model_create, run.config, run.config, &none);
  GOOD(clq_model_fit, run.model, run.source, run.config);
  GOOD(clq_trainer_create, run.model, run.source, run.config, folder.c_str(), &run.trainer);
  BAD(clq_trainer_create, run.model, run.source, run.config, nullptr, &none);
  BAD(clq_model_fit, run.model, run.source, run.config);
  GOOD(clq_trainer_steps, run.trainer, 9);
  BAD(clq_trainer_steps, run.trainer, 0);
  BAD(clq_trainer_run, run.trainer, -1.0);
  ask(tour, run.trainer);
  GOOD(clq_trainer_checkpoint, run.trainer, nullptr);
  GOOD(clq_trainer_checkpoint, run.trainer, tour.file("checkpoint.safetensors").c_str());
  BAD(clq_trainer_checkpoint, run.trainer, "/nowhere/checkpoint");
  GOOD(clq_trainer_stop, run.trainer);
  GOOD(clq_trainer_stop, 0);
  GOOD(clq_trainer_run, run.trainer, 1.0);
  close(tour, run);
}

// A loop of the host's: whole steps, then halves between which it turns a gradient around.
void step_by_hand(Tour& tour, const std::string& device) {
  const int64_t rows[] = {5, 3, 1}, beyond = int64_t{1} << 40;
  Run run = open(tour, Network::table, device, "train.split_step", "true");
  GOOD(clq_trainer_create, run.model, run.source, run.config, nullptr, &run.trainer);
  float bias[16];
  GOOD(clq_trainer_batch, run.trainer, run.source, rows, 3);
  BAD(clq_trainer_batch, run.trainer, run.source, &beyond, 1);
  BAD(clq_trainer_apply, run.trainer);
  GOOD(clq_trainer_gradients, run.trainer, run.source, rows, 3);
  GOOD(clq_gradient_get, run.trainer, "dense1.bias", bias, CLQ_F32, sizeof bias);
  BAD(clq_gradient_get, run.trainer, "dense1.bias", bias, CLQ_F32, 4);
  for (float& value : bias) value = -value;
  GOOD(clq_gradient_set, run.trainer, "dense1.bias", bias, CLQ_F32, sizeof bias);
  BAD(clq_gradient_set, run.trainer, "dense9.bias", bias, CLQ_F32, sizeof bias);
  GOOD(clq_trainer_apply, run.trainer);
  GOOD(clq_trainer_set, run.trainer, "dense1.bias", bias, CLQ_F32, sizeof bias);
  BAD(clq_trainer_set, run.trainer, "dense9.bias", bias, CLQ_F32, sizeof bias);
  BAD(clq_trainer_gradients, run.trainer, run.source, rows, 0);
  close(tour, run);
}

void resume(Tour& tour, const std::string& device) {
  clq_handle none = 0, trainer = 0;
  const clq_handle source = source_of(tour, Network::table);
  BAD(clq_trainer_resume, "/nowhere", source, &none);
  BAD(clq_trainer_resume_to, run_folder(tour, device).c_str(), source, 1, &none);
  GOOD(clq_trainer_resume_to, run_folder(tour, device).c_str(), source, 0, &trainer);
  GOOD(clq_trainer_close, trainer);
  GOOD(clq_trainer_resume, run_folder(tour, device).c_str(), source, &trainer);
  run_to_the_end(tour, trainer);
  ask(tour, trainer);
  GOOD(clq_trainer_close, trainer);
  GOOD(clq_source_close, source);
}

// Infinities and NaN in every kernel, and the search for the layer that had them first.
void diverge(Tour& tour, const std::string& device, Network network) {
  Run run = open(tour, network, device, "train.optimizer", R"({ name = "sgd", lr = 1e38 })");
  GOOD(clq_trainer_create, run.model, run.source, run.config, nullptr, &run.trainer);
  clq_status status = CLQ_OK;
  for (int step = 0; step < 40 && status == CLQ_OK; ++step) status = clq_trainer_steps(run.trainer, 1);
  BAD(clq_trainer_steps, run.trainer, 1);
  close(tour, run);
}

void meet_a_bad_row(Tour& tour, const std::string& device) {
  std::vector<float> a = tour.arrays.a;
  a[7] = std::numeric_limits<float>::quiet_NaN();
  clq_handle source = 0;
  GOOD(clq_source_create, kRows, &source);
  GOOD(clq_source_add, source, "nr", tour.arrays.nr.data(), CLQ_I64, 0, nullptr, 1);
  GOOD(clq_source_add, source, "a", a.data(), CLQ_F32, 0, nullptr, 1);
  GOOD(clq_source_add, source, "b", tour.arrays.b.data(), CLQ_F32, 0, nullptr, 1);
  GOOD(clq_source_add, source, "y", tour.arrays.y.data(), CLQ_F64, 0, nullptr, 1);
  Run run{0, source, 0, 0};
  GOOD(clq_config_parse, run_file(Network::table, device).c_str(), &run.config);
  GOOD(clq_config_set, run.config, "split.valid", "0.0");
  GOOD(clq_model_create, run.config, source, &run.model);
  GOOD(clq_trainer_create, run.model, source, run.config, nullptr, &run.trainer);
  BAD(clq_trainer_run, run.trainer, 20.0);
  close(tour, run);
}

void train_on_images(Tour& tour, const std::string& device) {
  Run run = open(tour, Network::images, device, "train.epochs", "1");
  GOOD(clq_trainer_create, run.model, run.source, run.config, nullptr, &run.trainer);
  run_to_the_end(tour, run.trainer);
  GOOD(clq_model_save, run.model, tour.file("images.safetensors").c_str());
  close(tour, run);
}

}  // namespace

void tour_training(Tour& tour, const std::string& device) {
  train_and_stop(tour, device);
  resume(tour, device);
  step_by_hand(tour, device);
  diverge(tour, device, Network::table);
  diverge(tour, device, Network::images);
  meet_a_bad_row(tour, device);
  train_on_images(tour, device);
  clq_handle model = 0;
  GOOD(clq_model_load, (run_folder(tour, device) + "/model.safetensors").c_str(), nullptr, &model);
  GOOD(clq_model_save, model, tour.file("model.safetensors").c_str());
  BAD(clq_model_save, model, "/nowhere/model.safetensors");
  GOOD(clq_model_close, model);
}

}  // namespace clq::guest

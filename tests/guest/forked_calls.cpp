// tests/guest/forked_calls.cpp -- CLQ_E_FORKED, function by function.
// SPDX-License-Identifier: BSD-3-Clause
#include "forked_calls.hpp"

namespace clq::guest {
namespace {

void with_configs(Tour& tour, const Held& old) {
  clq_handle none = 0;
  FORKED(clq_config_set, old.config, "train.epochs", "2");
  FORKED(clq_config_get, old.config, "train.epochs", tour.text.data(), tour.room);
  FORKED(clq_config_dump, old.config, 0, tour.text.data(), tour.room);
  FORKED(clq_source_from_config, old.config, &none);
  FORKED(clq_model_create, old.config, old.source, &none);
  FORKED(clq_config_close, old.config);
}

void with_sources(Tour& tour, const Held& old) {
  char* text = tour.text.data();
  const int64_t row = 0;
  int64_t n = 0;
  int32_t dtype = 0;
  float value = 0;
  clq_handle none = 0;
  FORKED(clq_source_add, old.source, "c", tour.arrays.a.data(), CLQ_F32, 0, nullptr, 1);
  FORKED(clq_source_count, old.source, &n);
  FORKED(clq_source_describe, old.source, text, tour.room);
  FORKED(clq_source_locate, old.source, 0, text, tour.room);
  FORKED(clq_source_dtype, old.source, "a", &dtype);
  FORKED(clq_source_read, old.source, &row, 1, "a", &value, 4);
  FORKED(clq_source_write, old.source, tour.file("forked.csv").c_str(), nullptr);
  FORKED(clq_source_find, old.source, "nr", "1", &n);
  FORKED(clq_source_scan, old.source, nullptr, &none);
  FORKED(clq_source_scanned, old.source, &n);
  FORKED(clq_source_look, old.source, 0, 0, nullptr, &none);
  FORKED(clq_trainer_resume, tour.file("run-parent").c_str(), old.source, &none);
  FORKED(clq_trainer_resume_to, tour.file("run-parent").c_str(), old.source, 0, &none);
  FORKED(clq_source_close, old.source);
}

void with_models(Tour& tour, const Held& old) {
  char* text = tour.text.data();
  float values[32] = {};
  clq_handle none = 0;
  FORKED(clq_source_for_model, old.model, "table.csv", &none);
  FORKED(clq_source_for_model_with, old.model, "table.csv", nullptr, &none);
  FORKED(clq_model_fit, old.model, old.source, old.config);
  FORKED(clq_model_save, old.model, tour.file("forked.safetensors").c_str());
  FORKED(clq_model_describe, old.model, text, tour.room);
  FORKED(clq_model_id, old.model, text, tour.room);
  FORKED(clq_model_cards, old.model, text, tour.room);
  FORKED(clq_model_n_parameters, old.model);
  FORKED(clq_model_check, old.model, &none);
  FORKED(clq_model_get, old.model, "dense1.weights", values, CLQ_F32, 128);
  FORKED(clq_model_set, old.model, "dense1.weights", values, CLQ_F32, 128);
  FORKED(clq_batch_create, old.model, 1, &none);
  FORKED(clq_predict, old.model, values, 1, 2, values, 1);
  FORKED(clq_predict_to, &old.model, 1, old.source, tour.file("forked.csv").c_str(), nullptr, &none);
  FORKED(clq_evaluate, &old.model, 1, old.source, nullptr, nullptr, &none);
  FORKED(clq_trainer_create, old.model, old.source, old.config, nullptr, &none);
  FORKED(clq_model_close, old.model);
}

void with_batches(Tour& tour, const Held& old) {
  char* text = tour.text.data();
  const int64_t dims[] = {1, 2};
  float values[2] = {};
  int32_t state = 0;
  FORKED(clq_batch_set, old.batch, "scalars", values, CLQ_F32, 2, dims);
  FORKED(clq_batch_describe, old.batch, text, tour.room);
  FORKED(clq_predict_batch, old.model, old.batch);
  FORKED(clq_batch_get, old.batch, "prediction", values, CLQ_F32, 4);
  FORKED(clq_batch_status, old.batch, &state, 1);
  FORKED(clq_batch_close, old.batch);
  FORKED(clq_result_text, old.result, text, tour.room);
  FORKED(clq_result_close, old.result);
}

void with_trainers(Tour& tour, const Held& old) {
  double value = 0;
  clq_handle none = 0;
  FORKED(clq_trainer_run, old.trainer, 1.0);
  FORKED(clq_trainer_steps, old.trainer, 1);
  const int64_t row = 0;
  float number = 0;
  FORKED(clq_trainer_batch, old.trainer, old.source, &row, 1);
  FORKED(clq_trainer_gradients, old.trainer, old.source, &row, 1);
  FORKED(clq_trainer_apply, old.trainer);
  FORKED(clq_gradient_get, old.trainer, "none", &number, CLQ_F32, 4);
  FORKED(clq_gradient_set, old.trainer, "none", &number, CLQ_F32, 4);
  FORKED(clq_trainer_set, old.trainer, "none", &number, CLQ_F32, 4);
  FORKED(clq_trainer_model, old.trainer, &none);
  FORKED(clq_trainer_get, old.trainer, "step", &value);
  FORKED(clq_trainer_metrics, old.trainer, tour.text.data(), tour.room);
  FORKED(clq_trainer_checkpoint, old.trainer, nullptr);
  FORKED(clq_trainer_stop, old.trainer);
  FORKED(clq_trainer_close, old.trainer);
}

}  // namespace

Held::Held(const Training& training)
    : config(training.config), source(training.source), model(training.model), trainer(training.trainer) {
  need(clq_batch_create(model, 1, &batch));
  need(clq_evaluate(&model, 1, source, nullptr, nullptr, &result));
}

Held::~Held() {
  clq_batch_close(batch);
  clq_result_close(result);
}

void call_with_old_handles(Tour& tour, const Held& held) {
  with_batches(tour, held);
  with_trainers(tour, held);
  with_models(tour, held);
  with_configs(tour, held);
  with_sources(tour, held);
}

}  // namespace clq::guest

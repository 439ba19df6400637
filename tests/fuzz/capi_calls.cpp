// tests/fuzz/capi_calls.cpp -- a sequence of C API calls: valid, stale and wild handles, odd sizes, texts and options.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include "capi_data_calls.hpp"
#include "fuzz.hpp"

namespace {

using namespace clq::fuzz;

// A source, a run file and a network that fit each other.
void make_all(Host& host) {
  clq_handle source = 0, config = 0, model = 0;
  require(clq_source_create(kRows, &source) == CLQ_OK && clq_config_parse(kRun, &config) == CLQ_OK, "no source");
  for (const char* name : {"A", "B", "Y"})
    require(clq_source_add(source, name, host.array(), CLQ_F64, 0, nullptr, 0) == CLQ_OK, "no field");
  require(clq_model_create(config, source, &model) == CLQ_OK, "no model");
  host.add(Kind::source, source);
  host.add(Kind::config, config);
  host.add(Kind::model, model);
}

void create_model(Host& host) {
  const clq_handle config = host.some(Kind::config), source = host.some(Kind::source);
  host.opens(Kind::model, [&](clq_handle* out) { return clq_model_create(config, source, out); });
}

void save_and_load_model(Host& host) {
  const clq_handle model = host.some(Kind::model);
  Host::check(clq_model_save(model, host.path({"/model.safetensors", "", "/no/where"})));
  const char* path = host.path({"/model.safetensors", "/table.csv", "/none", ""});
  const char* how = options(host);
  host.opens(Kind::model, [&](clq_handle* out) { return clq_model_load(path, how, out); });
}

void describe_model(Host& host) {
  const clq_handle model = host.some(Kind::model);
  host.tells([&](char* text, int64_t n) { return clq_model_describe(model, text, n); });
  host.tells([&](char* text, int64_t n) { return clq_model_id(model, text, n); });
  host.tells([&](char* text, int64_t n) { return clq_model_cards(model, text, n); });
  Host::check(static_cast<clq_status>(std::min<int64_t>(clq_model_n_parameters(model), 0)));
}

void move_state(Host& host) {
  const clq_handle model = host.some(Kind::model);
  const char* state = column(host);
  const int32_t type = dtype(host);
  const int64_t bytes = size(host);
  Host::check(clq_model_get(model, state, host.fresh_room(), type, bytes));
  host.check_room();
  Host::check(clq_model_set(model, state, host.array(), type, bytes));
}

void fit_model(Host& host) {
  const clq_handle model = host.some(Kind::model), source = host.some(Kind::source);
  Host::check(clq_model_fit(model, source, host.some(Kind::config)));
}

void create_batch(Host& host) {
  const clq_handle model = host.some(Kind::model);
  const auto n = host.in().pick<int64_t>({kRows, 1, 2, 0, -1, INT64_MIN, INT64_MAX});
  host.opens(Kind::batch, [&](clq_handle* out) { return clq_batch_create(model, n, out); });
}

void set_batch(Host& host) {
  const clq_handle batch = host.some(Kind::batch);
  const char* name = column(host);
  const int32_t type = dtype(host), n_dims = rank(host);
  const void* data = host.in().byte() % 32 == 31 ? nullptr : host.array();
  Host::check(clq_batch_set(batch, name, data, type, n_dims, host.dims(n_dims)));
  host.tells([&](char* text, int64_t n) { return clq_batch_describe(batch, text, n); });
}

void predict_batch(Host& host) {
  const clq_handle model = host.some(Kind::model), batch = host.some(Kind::batch);
  Host::check(clq_predict_batch(model, batch));
  const char* name = column(host);
  const int32_t type = dtype(host);
  Host::check(clq_batch_get(batch, name, host.fresh_room(), type, size(host)));
  host.check_room();
  int32_t per_sample[kRows];
  Host::check(clq_batch_status(batch, host.in().byte() % 32 == 31 ? nullptr : per_sample, count(host)));
}

void predict(Host& host) {
  const clq_handle model = host.some(Kind::model);
  const int64_t n = count(host), width = host.in().pick<int64_t>({2, 1, 3, 0, -1}),
                outputs = host.in().pick<int64_t>({1, 2, 0, -1});
  Host::check(clq_predict(model, static_cast<const float*>(host.array()), n, width,
                          static_cast<float*>(host.fresh_room()), outputs));
  host.check_room();
}

void predict_source(Host& host) {
  const clq_handle models[] = {host.some(Kind::model), host.some(Kind::model), host.some(Kind::model)};
  const auto n = host.in().pick<int32_t>({1, 2, 3, 0, -1, INT32_MIN});
  const clq_handle source = host.some(Kind::source);
  const char *uri = output_path(host), *how = options(host);
  const clq_handle* some = host.in().byte() % 32 == 31 ? nullptr : models;
  host.opens(Kind::result, [&](clq_handle* out) { return clq_predict_to(some, n, source, uri, how, out); });
  host.opens(Kind::result, [&](clq_handle* out) { return clq_evaluate(some, n, source, uri, how, out); });
}

void read_result(Host& host) {
  const clq_handle result = host.some(Kind::result);
  host.tells([&](char* text, int64_t n) { return clq_result_text(result, text, n); });
}

void create_trainer(Host& host) {
  const clq_handle model = host.some(Kind::model), source = host.some(Kind::source), config = host.some(Kind::config);
  const char* run_folder = host.in().byte() % 4 == 3 ? host.path({"/run", "", "/table.csv"}) : nullptr;
  if (host.in().byte() % 8 == 7)
    host.opens(Kind::trainer, [&](clq_handle* out) { return clq_trainer_resume(run_folder, source, out); });
  else
    host.opens(Kind::trainer,
               [&](clq_handle* out) { return clq_trainer_create(model, source, config, run_folder, out); });
}

void train(Host& host) {
  const clq_handle trainer = host.some(Kind::trainer);
  const double seconds = host.in().pick({0.0, 0.001, -1.0, std::nan(""), std::numeric_limits<double>::infinity()});
  if (host.in().byte() % 4 == 3)
    Host::check(clq_trainer_run(trainer, seconds));
  else
    Host::check(clq_trainer_steps(trainer, host.in().pick<int64_t>({1, 2, 0, -1, INT64_MIN})));
  if (host.in().byte() % 8 == 7) clq_trainer_stop(host.some(Kind::trainer));
}

void step_by_hand(Host& host) {
  const clq_handle trainer = host.some(Kind::trainer), source = host.some(Kind::source);
  const int64_t rows[] = {0, 1, host.in().pick<int64_t>({2, -1, INT64_MIN, INT64_MAX})};
  const int64_t n = host.in().pick<int64_t>({1, 3, 0, -1});
  const char* state = host.text({"dense1.bias", "dense1.weights", "nothing", ""});
  float numbers[64] = {};
  const int64_t bytes = host.in().pick<int64_t>({4, 12, 256, -1});
  Host::check(clq_trainer_gradients(trainer, source, rows, n));
  Host::check(clq_gradient_get(trainer, state, numbers, CLQ_F32, bytes));
  Host::check(clq_gradient_set(trainer, state, numbers, CLQ_F32, bytes));
  Host::check(host.in().byte() % 2 == 0 ? clq_trainer_apply(trainer) : clq_trainer_batch(trainer, source, rows, n));
  Host::check(clq_trainer_set(trainer, state, numbers, CLQ_F32, bytes));
}

void ask_trainer(Host& host) {
  const clq_handle trainer = host.some(Kind::trainer);
  const char* key = host.text({"epoch", "step", "loss", "eta", "memory_bytes", "best_epoch", "stopped", "nothing", ""});
  host.counts<double>([&](double* out) { return clq_trainer_get(trainer, key, out); });
  host.tells([&](char* text, int64_t n) { return clq_trainer_metrics(trainer, text, n); });
  host.opens(Kind::model, [&](clq_handle* out) { return clq_trainer_model(trainer, out); });
  Host::check(clq_trainer_checkpoint(trainer, host.path({"/checkpoint.safetensors", "", "/no/where"})));
}

void close_one(Host& host) {
  switch (host.in().byte() % kKinds) {
    case 0:
      return host.close(Kind::config, clq_config_close);
    case 1:
      return host.close(Kind::source, clq_source_close);
    case 2:
      return host.close(Kind::model, clq_model_close);
    case 3:
      return host.close(Kind::batch, clq_batch_close);
    case 4:
      return host.close(Kind::result, clq_result_close);
    default:
      host.close(Kind::trainer, clq_trainer_close);
  }
}

constexpr Call kModelCalls[] = {
    make_all,    create_batch,   set_batch, predict_batch,       predict,      predict_source,
    read_result, create_trainer, train,     ask_trainer,         create_model, fit_model,
    move_state,  describe_model, close_one, save_and_load_model, step_by_hand};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool written = (write_files(), true);
  Host host(Bytes(data, size));
  for (int n = 0; written && n < 64 && !host.in().empty(); ++n) {
    const size_t call = host.in().byte() % (std::size(kModelCalls) + data_calls().size());
    (call < std::size(kModelCalls) ? kModelCalls[call] : data_calls()[call - std::size(kModelCalls)])(host);
  }
  return 0;
}

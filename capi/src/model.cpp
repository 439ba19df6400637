// capi/src/model.cpp -- models: made, loaded, saved, looked into.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/calanque.h>

#include "boxes.hpp"
#include "context.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "train/atomic_file.hpp"
#include "train/bundle.hpp"
#include "train/prediction_columns.hpp"

namespace clq::capi {

PredictOptions predict_options(const Config& options, PredictOptions defaults) {
  defaults.device = options.get<std::string>("device", defaults.device);
  const auto threads = options.get<int64_t>("threads", defaults.threads);
  const auto readers = options.get<int64_t>("readers", defaults.readers);
  defaults.batch = options.get<int64_t>("batch", defaults.batch);
  defaults.keep = options.get<std::vector<std::string>>("keep", defaults.keep);
  defaults.id = options.get<std::string>("id", defaults.id);
  defaults.part = options.get<std::string>("part", defaults.part);
  defaults.where = options.get<std::string>("where", defaults.where);
  defaults.average = options.get<std::string>("average", defaults.average);
  defaults.combine = options.get<std::string>("combine", defaults.combine);
  defaults.layers = options.get<std::vector<std::string>>("layers", defaults.layers);
  options.reject_unknown();
  CLQ_REQUIRE(threads >= 1 && threads <= 1024, "options.threads must be from 1 to 1024, got {}", threads);
  CLQ_REQUIRE(readers >= 1 && readers <= 1024, "options.readers must be from 1 to 1024, got {}", readers);
  CLQ_REQUIRE(defaults.batch >= 1 && defaults.batch <= (1 << 20), "options.batch must be from 1 to {}, got {}", 1 << 20,
              defaults.batch);
  CLQ_REQUIRE(defaults.average.empty() || defaults.average == "none" || defaults.average == "d4",
              "options.average must be none or d4, got '{}'", defaults.average);
  defaults.threads = narrow<uint32_t>(threads);
  defaults.readers = narrow<uint32_t>(readers);
  return defaults;
}

PredictOptions compute_options(const Config& run) {
  const Config compute = run.child("compute");
  PredictOptions options;
  const auto devices = compute.get<std::vector<std::string>>("devices", {options.device});
  if (!devices.empty()) options.device = devices.front();
  options.threads = narrow<uint32_t>(compute.get<int64_t>("threads", 1));
  return options;
}

namespace {

const Tensor& find_state(const Model& model, const std::string& name) {
  const auto at = model.states.find(name);
  if (at != model.states.end()) return at->second;
  std::vector<std::string> names;
  for (const auto& [known, unused] : model.states) names.push_back(known);
  fail(CLQ_E_NOT_FOUND, "the model has no state '{}'{}", name, did_you_mean(name, names));
}

}  // namespace
}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_model_create(clq_handle config, clq_handle source, clq_handle* model) {
  return guard([&] {
    required(model, "model");
    const RunFile file = get_handle<ConfigBox>(config)->file();
    const Config run = file.resolved();
    const auto data = get_handle<SourceBox>(source)->open(id_of(run));
    auto made = file.placed([&] { return create_model(run, *data, registry()); });
    *model = add_handle(std::make_shared<ModelBox>(std::move(made), compute_options(run)));
  });
}

clq_status clq_model_load(const char* path, const char* options_json, clq_handle* model) {
  return guard([&] {
    required(model, "model");
    const PredictOptions options = predict_options(parse_options(options_json), {});
    *model = add_handle(std::make_shared<ModelBox>(load_bundle(required_text(path, "path"), registry()), options));
  });
}

clq_status clq_model_fit(clq_handle model, clq_handle source, clq_handle config) {
  return guard([&] {
    const auto box = get_handle<ModelBox>(model);
    const Config run = get_handle<ConfigBox>(config)->file().resolved();
    box->fit(*get_handle<SourceBox>(source)->open(id_of(run)), run);
  });
}

clq_status clq_model_save(clq_handle model, const char* path) {
  return guard([&] {
    const std::string file = required_text(path, "path");
    CLQ_REQUIRE(!file.empty(), "path is empty, it must name a file");
    save_bundle(*get_handle<ModelBox>(model)->snapshot(), file_to_write(file));
  });
}

int64_t clq_model_describe(clq_handle model, char* json, int64_t capacity) {
  return guard_text(json, capacity, [&] {
    const auto snapshot = get_handle<ModelBox>(model)->snapshot();
    Json described = inspect_bundle(*snapshot);
    described["table"] = table_of_layers(*snapshot, registry());
    return described.dump();
  });
}

int64_t clq_model_id(clq_handle model, char* text, int64_t capacity) {
  return guard_text(text, capacity, [&] { return get_handle<ModelBox>(model)->snapshot()->id(); });
}

int64_t clq_model_cards(clq_handle model, char* text, int64_t capacity) {
  return guard_text(text, capacity, [&] { return card_images(model_cards(*get_handle<ModelBox>(model)->snapshot())); });
}

int64_t clq_model_n_parameters(clq_handle model) {
  return guard_any([&] { return get_handle<ModelBox>(model)->snapshot()->n_parameters(); });
}

clq_status clq_model_get(clq_handle model, const char* state, void* data, int32_t dtype, int64_t bytes) {
  return guard([&] {
    const auto snapshot = get_handle<ModelBox>(model)->snapshot();
    const std::string name = required_text(state, "state");
    const Tensor& tensor = find_state(*snapshot, name);
    const int64_t wanted = tensor.desc().count() * dtype_bytes(dtype);
    CLQ_REQUIRE(bytes == wanted, "state '{}' takes {} bytes as {}, got {}", name, wanted, dtype_name(dtype), bytes);
    required(static_cast<char*>(data), "data");
    convert_whole(tensor.bytes(), tensor.desc().dtype, data, dtype, tensor.desc().count());
  });
}

clq_status clq_model_set(clq_handle model, const char* state, const void* data, int32_t dtype, int64_t bytes) {
  return guard([&] {
    const auto box = get_handle<ModelBox>(model);
    required(static_cast<const char*>(data), "data");
    box->set_state(required_text(state, "state"), data, dtype, bytes);
  });
}

void clq_model_close(clq_handle model) {
  guard([&] { take_handle<ModelBox>(model); });
}

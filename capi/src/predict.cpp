// capi/src/predict.cpp -- predictions and scores: arrays, batches, whole sources.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <calanque/calanque.h>

#include "boxes.hpp"
#include "context.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "train/golden.hpp"

namespace clq::capi {

ResultBox::ResultBox(const Evaluation& evaluation)
    : text_(Json{{"rows", evaluation.rows},
                 {"bad", evaluation.bad},
                 {"ood", evaluation.ood},
                 {"unscored", evaluation.unscored},
                 {"simulated", evaluation.simulated},
                 {"metrics", evaluation.metrics}}
                .dump()) {}

namespace {

std::vector<std::shared_ptr<const Model>> snapshots(const clq_handle* models, int32_t n_models) {
  CLQ_REQUIRE(n_models >= 1, "n_models must be at least 1, got {}", n_models);
  required(models, "models");
  std::vector<std::shared_ptr<const Model>> all;
  for (int32_t i = 0; i < n_models; ++i) all.push_back(get_handle<ModelBox>(models[i])->snapshot());
  return all;
}

Evaluation run_source(const clq_handle* models, int32_t n_models, clq_handle source, const std::string& uri,
                      bool evaluate, const char* options_json) {
  const auto all = snapshots(models, n_models);
  PredictOptions defaults;
  defaults.keep = all.front()->output.get<std::vector<std::string>>("keep", {});
  const PredictOptions options = predict_options(parse_options(options_json), defaults);
  return predict_source(all, get_handle<SourceBox>(source)->open_for(*all.front()), uri, evaluate, options, registry());
}

// The shorthand's model: one F32 input of this size.
void require_plain(const Model& model, int64_t input_size) {
  if (model.spec.inputs.size() != 1 || model.spec.inputs[0].desc.dtype != CLQ_F32)
    fail(CLQ_E_UNSUPPORTED, "the model has {} inputs, use clq_batch_create", model.spec.inputs.size());
  const InputField& input = model.spec.inputs[0];
  CLQ_REQUIRE(input_size == model.given_width(0), "input '{}' has {} elements a sample, got {}", input.name,
              model.given_width(0), input_size);
}

void copy_prediction(const BatchPredictor::Outputs& outputs, int64_t n, float* output, int64_t output_size) {
  const Tensor& prediction = outputs.values.at(0);
  if (prediction.desc().dtype != CLQ_F32)
    fail(CLQ_E_UNSUPPORTED, "the prediction is {}, use clq_batch_get", dtype_name(prediction.desc().dtype));
  const int64_t size = prediction.desc().count() / n;
  CLQ_REQUIRE(output_size == size, "the prediction has {} elements a sample, got {}", size, output_size);
  std::memcpy(output, prediction.bytes(), static_cast<size_t>(n * size) * sizeof(float));
  for (int64_t row = 0; row < n; ++row)
    if (outputs.bad.at(static_cast<size_t>(row)) != 0) std::fill_n(output + row * size, size, std::nanf(""));
}

}  // namespace
}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_predict_batch(clq_handle model, clq_handle batch) {
  return guard([&] {
    const auto box = get_handle<ModelBox>(model);
    const auto rows = get_handle<BatchBox>(batch);
    CLQ_REQUIRE(&rows->model() == box.get(), "the batch was made for another model");
    rows->predict();
  });
}

clq_status clq_predict(clq_handle model, const float* input, int64_t n, int64_t input_size, float* output,
                       int64_t output_size) {
  return guard([&] {
    const auto box = get_handle<ModelBox>(model);
    required(input, "input");
    required(output, "output");
    CLQ_REQUIRE(n >= 1, "n must be at least 1, got {}", n);
    require_plain(*box->snapshot(), input_size);
    CLQ_REQUIRE(n <= INT64_MAX / 8 / std::max<int64_t>(1, input_size), "n is too large, got {}", n);
    copy_prediction(box->predict({input}, n), n, output, output_size);
  });
}

clq_status clq_predict_to(const clq_handle* models, int32_t n_models, clq_handle source, const char* uri,
                          const char* options_json, clq_handle* result) {
  return guard([&] {
    const std::string table = required_text(uri, "uri");
    CLQ_REQUIRE(!table.empty(), "uri is empty, it must name the table to write");
    const Evaluation done = run_source(models, n_models, source, table, false, options_json);
    if (result != nullptr) *result = add_handle(std::make_shared<ResultBox>(done));
  });
}

clq_status clq_evaluate(const clq_handle* models, int32_t n_models, clq_handle source, const char* uri,
                        const char* options_json, clq_handle* result) {
  return guard([&] {
    required(result, "result");
    const std::string table = uri == nullptr ? "" : required_text(uri, "uri");
    CLQ_REQUIRE(uri == nullptr || !table.empty(), "uri is empty, it must name the table to write, or be NULL");
    const Evaluation done = run_source(models, n_models, source, table, true, options_json);
    *result = add_handle(std::make_shared<ResultBox>(done));
  });
}

clq_status clq_model_check(clq_handle model, clq_handle* result) {
  return guard([&] {
    required(result, "result");
    const auto box = get_handle<ModelBox>(model);
    const GoldenCheck check = check_golden(box->snapshot(), box->options(), registry());
    *result = add_handle(std::make_shared<ResultBox>(Json{{"rows", check.rows}, {"largest", check.largest}}));
  });
}

int64_t clq_result_text(clq_handle result, char* json, int64_t capacity) {
  return guard_text(json, capacity, [&] { return get_handle<ResultBox>(result)->text(); });
}

void clq_result_close(clq_handle result) {
  guard([&] { take_handle<ResultBox>(result); });
}

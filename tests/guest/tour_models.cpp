// tests/guest/tour_models.cpp -- models asked one way after the other.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "tour.hpp"

namespace clq::guest {
namespace {

constexpr const char* kWeights = "dense1.weights";
constexpr int64_t kUnits = 16;

void ask_about(Tour& tour, clq_handle model) {
  clq_handle result = 0;
  char* text = tour.text.data();
  double weights[2 * kUnits];
  const auto bytes = static_cast<int64_t>(sizeof weights);
  GOOD(clq_model_describe, model, text, tour.room);
  BAD(clq_model_describe, 0, text, tour.room);
  GOOD(clq_model_id, model, text, tour.room);
  BAD(clq_model_id, model, nullptr, 5);
  GOOD(clq_model_cards, model, text, tour.room);
  BAD(clq_model_cards, model, nullptr, 5);
  GOOD(clq_model_n_parameters, model);
  BAD(clq_model_n_parameters, 0);
  GOOD(clq_model_get, model, kWeights, weights, CLQ_F64, bytes);
  BAD(clq_model_get, model, "dense9.weights", weights, CLQ_F64, bytes);
  GOOD(clq_model_set, model, kWeights, weights, CLQ_F64, bytes);
  BAD(clq_model_set, model, kWeights, weights, CLQ_F64, bytes - 1);
  GOOD(clq_model_check, model, &result);
  GOOD(clq_result_close, result);
  BAD(clq_model_check, 0, &result);
  weights[0] = 1e300;
  BAD(clq_model_set, model, kWeights, weights, CLQ_I8, 2 * kUnits + 1);
}

// Values that overflow a network in F32, and one that is missing.
std::vector<float> rows_of(const Tour& tour) {
  std::vector<float> rows = {3e38f, 3e38f, std::numeric_limits<float>::quiet_NaN(), 1.0f};
  for (size_t i = 0; i < 48; ++i) {
    rows.push_back(tour.arrays.a[i]);
    rows.push_back(tour.arrays.b[i]);
  }
  return rows;
}

void predict_arrays(Tour& tour, clq_handle model) {
  const std::vector<float> rows = rows_of(tour);
  const auto n = static_cast<int64_t>(rows.size() / 2);
  std::vector<float> out(static_cast<size_t>(n));
  GOOD(clq_predict, model, rows.data(), n, 2, out.data(), 1);
  BAD(clq_predict, model, rows.data(), n, 3, out.data(), 1);
}

void predict_batch(Tour& tour, clq_handle model) {
  constexpr int64_t kSamples = 50;
  const std::vector<float> rows = rows_of(tour);
  const int64_t dims[] = {kSamples, 2}, wrong[] = {kSamples, 3};
  std::vector<float> out(kSamples);
  std::vector<int32_t> states(kSamples);
  clq_handle batch = 0, none = 0;
  GOOD(clq_batch_create, model, kSamples, &batch);
  BAD(clq_batch_create, model, 0, &none);
  BAD(clq_predict_batch, model, batch);
  GOOD(clq_batch_set, batch, "scalars", rows.data(), CLQ_F32, 2, dims);
  BAD(clq_batch_set, batch, "scalars", rows.data(), CLQ_F32, 2, wrong);
  GOOD(clq_batch_describe, batch, tour.text.data(), tour.room);
  BAD(clq_batch_describe, model, tour.text.data(), tour.room);
  GOOD(clq_predict_batch, model, batch);
  GOOD(clq_batch_get, batch, "prediction", out.data(), CLQ_F32, kSamples * 4);
  BAD(clq_batch_get, batch, "prediction", out.data(), CLQ_F32, kSamples);
  GOOD(clq_batch_status, batch, states.data(), kSamples);
  BAD(clq_batch_status, batch, states.data(), kSamples - 1);
  GOOD(clq_batch_close, batch);
  GOOD(clq_batch_close, batch);
}

void predict_file(Tour& tour, clq_handle model, const std::string& name) {
  const std::string source_file = tour.file("table" + name), out = tour.file("prediction" + name);
  clq_handle source = 0, result = 0, none = 0;
  GOOD(clq_source_for_model, model, source_file.c_str(), &source);
  BAD(clq_source_for_model, model, "/nowhere/table.csv", &none);
  GOOD(clq_predict_to, &model, 1, source, out.c_str(), R"({"readers": 2, "threads": 2, "keep": ["a"]})", &result);
  GOOD(clq_result_text, result, tour.text.data(), tour.room);
  GOOD(clq_result_close, result);
  BAD(clq_predict_to, &model, 1, source, "/nowhere/p.csv", nullptr, &none);
  GOOD(clq_evaluate, &model, 1, source, nullptr, nullptr, &result);
  GOOD(clq_result_close, result);
  BAD(clq_evaluate, &model, 0, source, nullptr, nullptr, &none);
  GOOD(clq_source_close, source);
  GOOD(clq_source_for_model_with, model, source_file.c_str(), R"({"null": [-99]})", &source);
  BAD(clq_source_for_model_with, model, source_file.c_str(), R"({"nul": [-99]})", &none);
  GOOD(clq_source_close, source);
}

void predict_images(Tour& tour, const std::string& options) {
  clq_handle model = 0;
  std::vector<float> out(64);
  GOOD(clq_model_load, tour.file("images.safetensors").c_str(), options.c_str(), &model);
  GOOD(clq_predict, model, tour.arrays.images.data(), 64, kBands * kSide * kSide, out.data(), 1);
  GOOD(clq_model_close, model);
}

}  // namespace

void tour_models(Tour& tour, const std::string& device) {
  const std::string options = R"({"threads": 2, "device": ")" + device + "\"}";
  clq_handle model = 0, none = 0;
  GOOD(clq_model_load, tour.file("model.safetensors").c_str(), options.c_str(), &model);
  BAD(clq_model_load, tour.file("table.csv").c_str(), nullptr, &none);
  BAD(clq_model_load, "/nowhere/model.safetensors", nullptr, &none);
  ask_about(tour, model);
  predict_arrays(tour, model);
  predict_batch(tour, model);
  predict_file(tour, model, ".csv");
  if (tour.has("data-source fits")) predict_file(tour, model, ".fits");
  predict_images(tour, options);
  GOOD(clq_model_close, model);
  GOOD(clq_model_close, model);
}

}  // namespace clq::guest

// tests/guest/training.cpp -- the shortest way from arrays to predictions.
// SPDX-License-Identifier: BSD-3-Clause
#include "training.hpp"

#include <cstring>

#include <fmt/format.h>

namespace clq::guest {
namespace {

constexpr int64_t kAnswers = 64;

std::string full(const std::vector<char>& text) { return text.data(); }

}  // namespace

int64_t need(int64_t status) {
  if (status >= 0) return status;
  char words[1000] = "";
  clq_error_text(words, sizeof words);
  throw Failed(static_cast<clq_status>(status), words);
}

std::string text_of(int64_t (*call)(char*, int64_t)) {
  std::vector<char> text(1 << 20);
  need(call(text.data(), 1 << 20));
  return full(text);
}

std::string text_of(int64_t (*call)(clq_handle, char*, int64_t), clq_handle handle) {
  std::vector<char> text(1 << 20);
  need(call(handle, text.data(), 1 << 20));
  return full(text);
}

std::vector<std::string> devices() {
  const std::string found = text_of(clq_devices_report);
  std::vector<std::string> names;
  for (const char* name : {"cpu_ref:0", "cpu_onednn:0"})
    if (found.find(name) != std::string::npos) names.emplace_back(name);
  return names;
}

Training::Training(Network n, const std::string& device, const std::string& run_folder) : network(n) {
  const int64_t image[] = {kBands, kSide, kSide};
  need(clq_config_parse(run_file(network, device).c_str(), &config));
  need(clq_source_create(kRows, &source));
  need(clq_source_add(source, "nr", arrays.nr.data(), CLQ_I64, 0, nullptr, 1));
  need(clq_source_add(source, "a", arrays.a.data(), CLQ_F32, 0, nullptr, 1));
  need(clq_source_add(source, "b", arrays.b.data(), CLQ_F32, 0, nullptr, 1));
  need(clq_source_add(source, "y", arrays.y.data(), CLQ_F64, 0, nullptr, 1));
  if (network == Network::images) need(clq_source_add(source, "images", arrays.images.data(), CLQ_F32, 3, image, 1));
  need(clq_model_create(config, source, &model));
  need(clq_trainer_create(model, source, config, run_folder.empty() ? nullptr : run_folder.c_str(), &trainer));
}

Training::~Training() {
  clq_trainer_close(trainer);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
}

void Training::finish() {
  while (need(clq_trainer_run(trainer, 1.0)) == CLQ_OK) {
  }
}

std::string Training::answers() const {
  std::vector<float> inputs = arrays.images, out(kAnswers);
  int64_t size = kBands * kSide * kSide;
  if (network == Network::table) {
    size = 2;
    inputs.clear();
    for (size_t i = 0; i < static_cast<size_t>(kAnswers); ++i) {
      inputs.push_back(arrays.a[i]);
      inputs.push_back(arrays.b[i]);
    }
  }
  need(clq_predict(model, inputs.data(), kAnswers, size, out.data(), 1));
  std::string hex;
  for (const float value : out) {
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    hex += fmt::format("{:08x}", bits);
  }
  return hex;
}

}  // namespace clq::guest

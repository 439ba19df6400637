// tests/capi/client.hpp -- a small host: text as strings, a source and a network to try things on.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <calanque/calanque.h>

namespace clq::test {

template <class Call>
std::string text_of(Call&& call) {
  const int64_t needed = call(nullptr, 0);
  if (needed <= 0) return "";
  std::string text(static_cast<size_t>(needed), '\0');
  EXPECT_EQ(call(text.data(), needed), needed);
  text.pop_back();
  return text;
}

inline std::string last_error() {
  return text_of([](char* text, int64_t n) { return clq_error_text(text, n); });
}

inline void ok(int64_t status) { ASSERT_GE(status, 0) << last_error(); }

constexpr const char* kRunFile = R"(
task = "regression"
[data]
scalars = ["a", "b"]
target = "y"
[split]
valid = 0.2
[[model.layer]]
use = "dense"
units = 8
activation = "tanh"
[[model.layer]]
use = "dense"
[train]
epochs = 4
batch = 32
optimizer = { name = "adam", lr = 0.01 }
)";

constexpr int64_t kRows = 640;

// y = a - 2 b, with handles that close; the arrays live as long as the host.
struct Host {
  std::vector<float> a, b;
  std::vector<double> y;
  clq_handle config = 0, source = 0, model = 0, trainer = 0, batch = 0, result = 0;

  Host() {
    for (int64_t i = 0; i < kRows; ++i) {
      a.push_back(std::sin(static_cast<float>(i)));
      b.push_back(std::cos(static_cast<float>(i) * 1.7f));
      y.push_back(static_cast<double>(a.back()) - 2.0 * static_cast<double>(b.back()));
    }
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host() {
    clq_result_close(result);
    clq_batch_close(batch);
    clq_trainer_close(trainer);
    clq_model_close(model);
    clq_source_close(source);
    clq_config_close(config);
  }

  void open_source() {
    ok(clq_source_create(kRows, &source));
    ok(clq_source_add(source, "a", a.data(), CLQ_F32, 0, nullptr, 1));
    ok(clq_source_add(source, "b", b.data(), CLQ_F32, 0, nullptr, 0));
    ok(clq_source_add(source, "y", y.data(), CLQ_F64, 0, nullptr, 1));
  }
  void open_model(const std::string& extra = "") {
    open_source();
    ok(clq_config_parse((kRunFile + extra).c_str(), &config));
    ok(clq_model_create(config, source, &model));
  }
  void open_trainer(const char* folder = nullptr, const std::string& extra = "") {
    open_model(extra);
    ok(clq_trainer_create(model, source, config, folder, &trainer));
  }
  void train() {
    clq_status status = CLQ_OK;
    while (status == CLQ_OK) status = clq_trainer_run(trainer, 0.5);
    ASSERT_EQ(status, CLQ_END) << last_error();
  }
};

}  // namespace clq::test

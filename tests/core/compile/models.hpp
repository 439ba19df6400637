// tests/core/compile/models.hpp -- the small models of these tests.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "support/run_graph.hpp"

namespace clq::test {

inline ModelSpec regression_model(const char* layers, DType dtype = CLQ_F64) {
  ModelSpec model;
  model.inputs = {{"scalars", {CLQ_F32, {2}}}};
  model.layers = Json::parse(layers);
  model.loss = Json{{"use", "mse"}};
  model.task = "regression";
  model.dtype = dtype;
  return model;
}

inline ModelSpec linear_model() { return regression_model(R"([{"use": "dense", "units": 1}])"); }

inline Program program(ProgramKind kind, const ModelSpec& model, int64_t batch = 4,
                       const TrainSpec& train = {Json{{"name", "sgd"}}, 0}) {
  static const OpTable ops;
  static const NoBuilders none;
  return build_program(kind, model, train, batch, ops, none);
}

inline Tensors batch_of(const std::vector<double>& target, std::vector<double> weight = {}) {
  const auto n = static_cast<int64_t>(target.size());
  if (weight.empty()) weight.assign(target.size(), 1);
  return {{"scalars", uniform({n, 2}, -1, 1, 4, CLQ_F32)},
          {"target", tensor({n}, target)},
          {"weight", tensor({n}, weight)}};
}

inline Tensors rows(const Tensors& batch, int64_t first, int64_t n) {
  Tensors out;
  for (const auto& [name, whole] : batch) {
    Shape dims = whole.desc().dims;
    const int64_t row = whole.desc().count() / dims[0];
    dims[0] = n;
    const std::vector<double> all = numbers(whole);
    out[name] = tensor(dims, {all.begin() + first * row, all.begin() + (first + n) * row}, whole.desc().dtype);
  }
  return out;
}

}  // namespace clq::test

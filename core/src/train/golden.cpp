// core/src/train/golden.cpp -- some inputs and what the model answered to them: another machine can check itself.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/golden.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace clq {
namespace {

double largest_difference(std::span<const float> got, std::span<const float> kept) {
  double difference = 0, scale = 0;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (std::isnan(got[i]) && std::isnan(kept[i])) continue;
    const double d = std::abs(static_cast<double>(got[i]) - static_cast<double>(kept[i]));
    if (std::isnan(d)) return std::numeric_limits<double>::infinity();
    difference = std::max(difference, d);
    scale = std::max(scale, std::abs(static_cast<double>(kept[i])));
  }
  return difference == 0 ? 0 : difference / scale;
}

// By the model's names; an input of derived columns alone is given nothing and was not kept.
std::map<std::string, Tensor> kept_inputs(const Model& model, int64_t rows) {
  std::map<std::string, Tensor> inputs;
  for (size_t i = 0; i < model.spec.inputs.size(); ++i) {
    const std::string& name = model.spec.inputs[i].name;
    const int64_t elements = rows * model.given_width(i);
    const auto at = model.golden.find("input." + name);
    const bool right = at == model.golden.end()
                           ? elements == 0
                           : at->second.desc().dtype == CLQ_F32 && at->second.desc().count() == elements;
    if (!right) fail(CLQ_E_DATA, "golden.input.{}: is not what the input {} takes", name, name);
    inputs.emplace(name, at == model.golden.end() ? Tensor({CLQ_F32, {rows, 0}}) : at->second);
  }
  return inputs;
}

}  // namespace

Tensor answer_golden(const std::shared_ptr<const Model>& model, const std::map<std::string, Tensor>& inputs,
                     int64_t rows, PredictOptions options, const Registry& registry) {
  options.batch = kGoldenRows;
  options.average.clear();  // as the model says
  BatchPredictor predictor(model, registry, options);
  std::vector<const float*> addresses;
  for (const InputField& input : model->spec.inputs) addresses.push_back(inputs.at(input.name).as<float>().data());
  return predictor.run(addresses, rows).values.at(0);
}

GoldenCheck check_golden(const std::shared_ptr<const Model>& model, const PredictOptions& options,
                         const Registry& registry) {
  const auto kept = model->golden.find("prediction");
  if (kept == model->golden.end())
    fail(CLQ_E_NOT_FOUND, "it keeps no golden inputs, which a training writes with its model");
  const TensorDesc& desc = kept->second.desc();
  const bool sized = desc.dtype == CLQ_F32 && !desc.dims.empty() && desc.dims[0] >= 1 && desc.dims[0] <= kGoldenRows;
  if (!sized)
    fail(CLQ_E_DATA, "golden.prediction: {} {} is no prediction", dtype_name(desc.dtype), to_string(desc.dims));
  const int64_t rows = desc.dims[0];
  const Tensor got = answer_golden(model, kept_inputs(*model, rows), rows, options, registry);
  if (got.desc() != desc)
    fail(CLQ_E_DATA, "golden.prediction: {}, the network gives {}", to_string(desc.dims), to_string(got.desc().dims));
  return {rows, largest_difference(got.as<float>(), kept->second.as<float>())};
}

}  // namespace clq

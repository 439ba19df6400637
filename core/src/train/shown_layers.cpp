// core/src/train/shown_layers.cpp -- layers whose values a prediction shows beside what is predicted.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/shown_layers.hpp"

#include <algorithm>
#include <set>

#include "train/d4_mean.hpp"

namespace clq {
namespace {

// Columns that predictions have of their own, whatever the task.
const std::set<std::string> kColumns = {"ID", "PRED", "CLASS", "EMBEDDING", "TARGET", "FLAG_BAD", "FLAG_OOD"};

void require_own_column(const std::string& layer, const ModelSpec& spec) {
  const std::string column = column_of_layer(layer);
  const bool is_output = std::any_of(spec.outputs.begin(), spec.outputs.end(),
                                     [&](const Json& output) { return output.value("name", "") == column; });
  CLQ_REQUIRE(!is_output && kColumns.count(column) == 0,
              "predict.layers: predictions have a column {} already, give layer {} another name", column, layer);
}

}  // namespace

// What was asked for now counts before what the bundle says: layers give way to orientations, and ask for none of them.
std::vector<std::string> shown_layers(const Model& model, const PredictOptions& options) {
  if (options.layers.empty() && !options.average.empty() && averages_d4(model, options)) return {};
  const auto layers = options.layers.empty()
                          ? model.predict.get<std::vector<std::string>>("layers", std::vector<std::string>{})
                          : options.layers;
  std::set<std::string> seen;
  for (const std::string& name : layers) {
    CLQ_REQUIRE(seen.insert(name).second, "predict.layers: {} is named twice", name);
    require_own_column(name, model.spec);
  }
  CLQ_REQUIRE(layers.empty() || !averages_d4(model, options),
              "predict.layers: {} has another value in each orientation, predict.average must be none", layers.front());
  return layers;
}

ModelSpec with_layers(const Model& model, const PredictOptions& options) {
  ModelSpec spec = model.spec;
  spec.shown = shown_layers(model, options);
  return spec;
}

std::string column_of_layer(const std::string& name) {
  std::string column = name;
  std::replace(column.begin(), column.end(), '.', '_');
  return column;
}

}  // namespace clq

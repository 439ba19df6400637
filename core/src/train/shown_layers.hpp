// core/src/train/shown_layers.hpp -- layers whose values a prediction shows beside what is predicted.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <calanque/core/model.hpp>

#include "train/predictor.hpp"

namespace clq {

inline constexpr std::string_view kLayer = "layer.";  // in front of a layer's name: the output of forward

// Those of the options, else of the bundle; a name that is there twice or that d4 would mix throws.
std::vector<std::string> shown_layers(const Model& model, const PredictOptions& options);
// The model's network with `shown`, which it must have.
ModelSpec with_layers(const Model& model, const PredictOptions& options);
// Of a column: a block's layers have dots in their names.
std::string column_of_layer(const std::string& name);

}  // namespace clq

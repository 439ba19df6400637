// core/src/train/inference.hpp -- the program of a prediction, and the states that it is given.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>

#include <calanque/core/model.hpp>

#include "train/predictor.hpp"
#include "train/stage.hpp"

namespace clq {

// forward of the model, with its batch norms taken into the layers before them.
struct Inference {
  Inference(const Model& model, const PredictOptions& options, const Registry& registry);
  // Its own states where they were changed, else the model's.
  const std::map<std::string, Tensor>& given() const { return changed.empty() ? model.states : changed; }
  const Model& model;
  Program program;
  std::map<std::string, Tensor> changed;
};

}  // namespace clq

// core/src/train/bundle_json.hpp -- the JSON of a bundle: what is in a model beside its tensors.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <calanque/core/model.hpp>

#include "train/bundle.hpp"

namespace clq {

Json model_to_json(const Model& model);
// Fills everything but the tensors. CLQ_E_DATA names `where`.
void model_from_json(Model& model, const Json& json, const std::string& where);
Json progress_to_json(const Progress& progress);
Progress progress_from_json(const Json& json);

// A bundle's file, and a model from one; checkpoints put more beside it.
TensorFile model_to_file(const Model& model, Json extra);
std::shared_ptr<Model> model_from_file(TensorFile& file, const Json& head, const std::string& path,
                                       const Registry& registry);
Json read_head(const TensorFile& file, const std::string& path);

}  // namespace clq

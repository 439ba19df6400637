// core/src/train/fit_model.hpp -- the statistics of a model's transforms, as a training takes them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/model.hpp>

namespace clq {

// From the rows that `run` would train on. A model that has its statistics keeps them.
void fit_model(Model& model, const DataSource& source, const Config& run);

}  // namespace clq

// core/src/train/ensemble.hpp -- several models as one: what they must have in common, and how their answers are
// combined. SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <calanque/core/model.hpp>

#include "train/predictor.hpp"

namespace clq {

using Models = std::vector<std::shared_ptr<const Model>>;

void require_agreement(const Models& models);

// How several predictions become one: their "arithmetic" mean (so does ""), or the "harmonic" mean of each probability,
// n / sum(1 / p), made to sum to 1 in each row again: 0 where one model says 0, and NaN where they agree on nothing.
void require_combines(const std::string& combine, const ModelSpec& model);
void combine_predictions(const std::string& combine, const std::vector<const Tensor*>& predictions,
                         std::vector<double>& sum, Tensor& result);
// The source has what the model learned; where it learned without a target nothing has.
bool can_score(const Model& model, const DataSource& source);
// Of a simulation is what was learned from one, or predicted on one.
bool any_simulated(const Models& models, const DataSource& source);

}  // namespace clq

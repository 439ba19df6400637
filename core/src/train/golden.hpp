// core/src/train/golden.hpp -- some inputs and what the model answered to them: another machine can check itself.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "train/predictor.hpp"

namespace clq {

constexpr int64_t kGoldenRows = 8;  // fewer where a training has fewer

// The prediction for `rows` rows; inputs by the model's names, raw as a caller gives them.
Tensor answer_golden(const std::shared_ptr<const Model>& model, const std::map<std::string, Tensor>& inputs,
                     int64_t rows, PredictOptions options, const Registry& registry);

struct GoldenCheck {
  int64_t rows = 0;
  double largest = 0;  // difference over the largest prediction that is kept; infinite where one alone is NaN
};
// Answers the golden inputs of a bundle anew. CLQ_E_NOT_FOUND: it has none; CLQ_E_DATA: they are not its inputs.
GoldenCheck check_golden(const std::shared_ptr<const Model>& model, const PredictOptions& options,
                         const Registry& registry);

}  // namespace clq

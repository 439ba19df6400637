// core/src/train/predicted_rows.hpp -- which rows a prediction is of, and which of them it answers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/model.hpp>

#include "data/row_set.hpp"
#include "train/predictor.hpp"

namespace clq {

// Every row, those of `where`, or of a part of the model's own split; throws where there is none.
RowSet rows_to_predict(const Model& model, const DataSource& source, const PredictOptions& options);
// Row `row` of `predictions`, F32 or F64 [N, ...]: each of its numbers is finite.
bool has_answer(const Tensor& predictions, int64_t row);

}  // namespace clq

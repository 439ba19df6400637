// core/src/train/predicted_rows.hpp -- which rows of a source a prediction or an evaluation is of.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/model.hpp>

#include "data/row_set.hpp"
#include "train/predictor.hpp"

namespace clq {

// Every row, those of `where`, or of a part of the model's own split; throws where there is none.
RowSet rows_to_predict(const Model& model, const DataSource& source, const PredictOptions& options);

}  // namespace clq

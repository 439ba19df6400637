// core/src/train/fit_model.hpp -- the statistics of a model's transforms, as a training takes them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/model.hpp>

#include "data/row_set.hpp"
#include "data/slot_filler.hpp"

namespace clq {

// From the rows that `run` would train on. A model that has its statistics keeps them.
void fit_model(Model& model, const DataSource& source, const Config& run);

// Of these training rows of a source that the layout is bound to: inputs, images and target. Rows of weight 0 and,
// where bad ones are skipped, those that are bad by their columns are left out.
void fit_transforms(Model& model, const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                    uint32_t readers, OnBad on_bad);

}  // namespace clq

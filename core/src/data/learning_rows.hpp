// core/src/data/learning_rows.hpp -- the rows that statistics are taken of: those that a training learns from.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "data/row_set.hpp"
#include "data/transforms.hpp"

namespace clq {

// Of `rows` those that are neither bad nor of weight 0, by their columns and by what `transforms` knows so far: images,
// transforms without statistics, and those behind them on the same columns, are not asked. All of them where none is
// left. One streaming pass; the same for any number of readers.
RowSet learning_rows(const DataSource& source, const BatchLayout& layout, const Transforms& transforms,
                     const RowSet& rows, uint32_t readers);

}  // namespace clq

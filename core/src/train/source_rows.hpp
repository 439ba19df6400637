// core/src/train/source_rows.hpp -- a bundle's columns in another source, and other cold questions to sources.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>

#include <calanque/core/model.hpp>

#include "data/row_set.hpp"

namespace clq {

// Throws CLQ_E_INVALID where a table written there would replace the file that is read, or one of its images' files.
void require_other_file(const DataSource& source, const std::string& uri);
// The same columns by name in this source; a missing or reshaped one is an error that names it and the nearest.
BatchLayout bind_layout(const BatchLayout& layout, const DataSchema& schema, bool with_target);
// The same as CLQ_E_DATA that names the source: a bundle asks for its columns, no key does.
BatchLayout bind_to_source(const BatchLayout& layout, const DataSource& source, bool with_target);
// With the targets that the model computes, which must be there where `evaluate` is.
std::shared_ptr<DataSource> with_targets_of(const Model& model, std::shared_ptr<DataSource> source, bool evaluate);
// Whether a prediction may have the targets beside it; says so where their columns are other ones than were learned.
bool has_target(const BatchLayout& layout, const DataSource& source);
// Throws CLQ_E_DATA where the source or the expression leaves no row.
void require_selected(const RowSet& rows, const DataSource& source, const std::string& where);
// Some column of the source is part of this tensor.
bool has_columns(const BatchLayout& layout, const std::string& tensor);
// The mean of data.weight over the rows, without those that are no number or cannot be read; 1 when there is no such
// column.
double mean_weight(const DataSource& source, const BatchLayout& layout, const RowSet& rows);
// The targets of the rows in their order, but for those that cannot be read.
void for_each_target(const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                     const std::function<void(const double*)>& take);
// One input of some rows as it is given: [n, elements] F32, NaN where a row cannot be read; a mask has no elements.
Tensor read_input(const DataSource& source, const BatchLayout& layout, uint32_t tensor,
                  const std::vector<int64_t>& rows);

}  // namespace clq

// core/src/data/selection.hpp -- the rows of `where` and of a split, each by one streaming pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/config.hpp>
#include <calanque/core/data_source.hpp>

#include "data/row_set.hpp"

namespace clq {

// "" selects all. `nulls`: values that count as NaN (data.null). A row that cannot be read stays in: data.on_bad
// decides.
RowSet select_where(const DataSource& source, const std::string& where, const std::vector<double>& nulls = {});

struct SplitRows {
  RowSet train, valid, test;
};
// split: the resolved [split] table. by = "id": a row's part depends on XXH3-64(seed, id) alone, so it never changes
// when rows are added or reordered. A part that was asked for and came out empty is an error with the counts.
SplitRows split_rows(const DataSource& source, const RowSet& selected, const Config& split);

}  // namespace clq

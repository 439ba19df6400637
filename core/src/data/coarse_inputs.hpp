// core/src/data/coarse_inputs.hpp -- columns whose values F32 hardly tells apart.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <set>

#include <calanque/core/data_source.hpp>

#include "data/statistics.hpp"

namespace clq {

// A warning for each column of the scalars that F32 cannot hold, as a Julian date, where it has less than 4096 steps in
// the column's range. `statistics`: of the columns as they are read, but for those that are `changed`.
std::vector<std::string> coarse_inputs(const DataSource& source, const BatchLayout& layout,
                                       const std::vector<ColumnStatistics>& statistics,
                                       const std::set<size_t>& changed);

}  // namespace clq

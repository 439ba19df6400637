// core/src/data/coarse_inputs.hpp -- columns whose values F32 hardly tells apart.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/data_source.hpp>

#include "data/statistics.hpp"

namespace clq {

// A warning for each wider column of the scalars, as a Julian date, of whose range F32 has less than 4096 steps.
// `statistics`: of the columns as they are read.
std::vector<std::string> coarse_inputs(const DataSource& source, const BatchLayout& layout,
                                       const std::vector<ColumnStatistics>& statistics);

}  // namespace clq

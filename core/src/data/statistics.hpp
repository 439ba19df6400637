// core/src/data/statistics.hpp -- moments, range and quantiles of the inputs over a row set, by streaming.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/row_set.hpp"
#include "data/transforms.hpp"

namespace clq {

inline constexpr int64_t kStatisticsBlock = 4096;  // rows; blocks are merged in order, whoever computed them
inline constexpr int64_t kQuantileRows = 131072;

void add(ColumnStatistics& statistics, double value) noexcept;              // Welford
void merge(ColumnStatistics& into, const ColumnStatistics& from) noexcept;  // Chan; the quantiles stay as they are
// Linear between the two nearest of sorted values, as NumPy's default; NaN for none.
double quantile(const std::vector<float>& sorted, double fraction) noexcept;

// As bundles keep them.
Json statistics_json(const std::string& name, const ColumnStatistics& s);
ColumnStatistics statistics_from(const Config& json);

// Rewrites one row of raw scalars into what is measured; returns the input that makes the row unusable, or -1.
// [any-thread]
using RowRule = std::function<int64_t(float*)>;

// One entry an input. Rows that cannot be read or that `rule` refuses are left out; CLQ_E_DATA when nothing is left,
// naming the input at fault. `names`: the inputs' names.
std::vector<ColumnStatistics> collect_statistics(const DataSource& source, const BatchLayout& layout,
                                                 const RowSet& rows, uint32_t readers,
                                                 const std::vector<std::string>& names, const RowRule& rule);

}  // namespace clq

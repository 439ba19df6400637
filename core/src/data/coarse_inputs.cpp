// core/src/data/coarse_inputs.cpp -- columns whose values F32 hardly tells apart.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/coarse_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace clq {
namespace {

constexpr double kSteps = 4096;

// F32 has every integer of this size, and every number of a narrower type.
constexpr double kWhole = 1 << 24;

bool is_held(DType dtype, const ColumnStatistics& s) {
  if (dtype == CLQ_F64) return false;
  return is_float(dtype) || std::max(std::fabs(s.minimum), std::fabs(s.maximum)) <= kWhole;
}

// Of F32, from the least to the largest value.
double steps_between(const ColumnStatistics& s) {
  const auto most = static_cast<float>(std::max(std::fabs(s.minimum), std::fabs(s.maximum)));
  const float next = std::nextafter(most, std::numeric_limits<float>::infinity());
  return (s.maximum - s.minimum) / (static_cast<double>(next) - static_cast<double>(most));
}

}  // namespace

std::vector<std::string> coarse_inputs(const DataSource& source, const BatchLayout& layout,
                                       const std::vector<ColumnStatistics>& statistics,
                                       const std::set<size_t>& changed) {
  std::vector<std::string> warnings;
  const int64_t scalars = layout.tensor("scalars");
  for (const LayoutColumn& column : layout.columns) {
    if (column.tensor != static_cast<uint32_t>(scalars)) continue;
    const DType dtype = source.schema().fields[column.field].sample.dtype;
    for (int64_t i = column.offset; i < column.offset + column.count; ++i) {
      const ColumnStatistics& s = statistics.at(static_cast<size_t>(i));
      const double steps = steps_between(s);
      if (!(s.minimum < s.maximum) || steps >= kSteps || is_held(dtype, s) || changed.contains(static_cast<size_t>(i)))
        continue;
      warnings.push_back(
          fmt::format("{} goes from {} to {}, and inputs are F32, which has {:.0f} steps between: take a "
                      "constant from it in the table",
                      column.name, s.minimum, s.maximum, steps));
    }
  }
  return warnings;
}

}  // namespace clq

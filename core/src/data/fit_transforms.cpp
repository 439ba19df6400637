// core/src/data/fit_transforms.cpp -- the statistics that transforms learn of the training rows.
// SPDX-License-Identifier: BSD-3-Clause
#include <set>
#include <utility>

#include "data/coarse_inputs.hpp"
#include "data/image_chain.hpp"
#include "data/nulls.hpp"
#include "data/statistics.hpp"
#include "data/transforms.hpp"

namespace clq {

std::vector<std::string> Transforms::fit(const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                                         uint32_t readers) {
  names_ = InputNames(layout).elements;
  const auto width = static_cast<int64_t>(names_.size());
  const int64_t given = layout.columns_width();
  // Rows as they arrive at transform `end`, measured by it; what apply calls bad is left out.
  const auto rule = [&](size_t end, const Transform* measuring) {
    return [this, &layout, width, given, end, measuring](float* row) -> int64_t {
      const int64_t null = first_null(row, given, layout.nulls), odd = first_not_finite(row, given);
      if (null >= 0 || odd >= 0) return null >= 0 ? null : odd;
      derived_.apply(row);
      for (size_t k = 0; k < end; ++k) chain_[k]->apply(row);
      if (measuring != nullptr) measuring->measure(row);
      return first_not_finite(row, width);
    };
  };
  if (images_ != nullptr) {
    const PixelPolicy policy{layout.tensor("mask") >= 0, layout.images.bands_may_miss};
    images_->fit(collect_images(source, layout, rows, readers, policy));
  }
  std::vector<std::string> warnings;
  if (width == 0) return warnings;
  bool first = true;
  const auto collect = [&](size_t end, const Transform* measuring) {
    auto statistics = collect_statistics(source, layout, rows, readers, names_, rule(end, measuring));
    std::set<size_t> changed;
    for (size_t k = 0; k < end; ++k)
      for (const size_t i : chain_[k]->places()) changed.insert(i);
    if (std::exchange(first, false)) warnings = coarse_inputs(source, layout, statistics, changed);
    return statistics;
  };
  for (size_t k = 0; k < chain_.size(); ++k)
    if (chain_[k]->needs_fit()) chain_[k]->fit(collect(k, chain_[k].get()));
  set_range(collect(chain_.size(), nullptr));
  return warnings;
}

}  // namespace clq

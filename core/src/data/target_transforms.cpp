// core/src/data/target_transforms.cpp -- [[target_transform]]: its statistics, and which targets it has a value for.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/target_transforms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "data/nulls.hpp"
#include "data/statistics.hpp"
#include "data/transform_columns.hpp"

namespace clq {
namespace {

// The number of `step` for this place of the target; -1: it works on others.
int64_t index_in(const TargetStep& step, int64_t place) noexcept {
  const auto at = std::find(step.places.begin(), step.places.end(), place);
  return at == step.places.end() ? -1 : at - step.places.begin();
}

double applied(const TargetStep& step, int64_t place, double x) noexcept {
  const int64_t i = index_in(step, place);
  if (i < 0) return x;
  return step_value(step.kind, step.a[static_cast<size_t>(i)], step.b[static_cast<size_t>(i)], x);
}

}  // namespace

TargetTransforms TargetTransforms::from_config(const std::vector<Config>& specs, const BatchLayout& layout) {
  const InputNames names(layout, "target");
  std::vector<TargetStep> steps;
  for (const Config& spec : specs) {
    TargetStep step;
    step.kind = target_step_kind(spec);
    const InputList list = list_inputs(spec, "fields", names, true);
    step.fields = list.names;
    step.places.assign(list.indices.begin(), list.indices.end());
    read_step_numbers(step, spec);
    spec.reject_unknown();
    steps.push_back(std::move(step));
  }
  return TargetTransforms(std::move(steps));
}

bool TargetTransforms::needs_fit() const {
  return std::any_of(steps_.begin(), steps_.end(), [](const TargetStep& step) { return !step.is_known(); });
}

TargetTransforms TargetTransforms::known() const {
  std::vector<TargetStep> known;
  std::set<int64_t> unknown;
  for (const TargetStep& step : steps_) {
    const bool behind =
        std::any_of(step.places.begin(), step.places.end(), [&](int64_t i) { return unknown.contains(i); });
    if (!step.is_known() || behind)
      unknown.insert(step.places.begin(), step.places.end());
    else
      known.push_back(step);
  }
  return TargetTransforms(std::move(known));
}

void TargetTransforms::fit(const Rows& rows, const std::vector<double>& nulls) {
  for (size_t s = 0; s < steps_.size(); ++s)
    if (!steps_[s].is_known()) learn(s, rows, nulls);
}

void TargetTransforms::learn(size_t s, const Rows& rows, const std::vector<double>& nulls) {
  TargetStep& step = steps_[s];
  std::vector<ColumnStatistics> columns(step.places.size());
  rows([&](const double* target) {
    for (size_t i = 0; i < columns.size(); ++i) {
      const double raw = target[step.places[i]];
      const double x = is_missing(raw, nulls) ? raw : value(step.places[i], raw, s);
      if (std::isfinite(x) && !is_missing(raw, nulls)) add(columns[i], x);
    }
  });
  for (size_t i = 0; i < columns.size(); ++i) {
    const ColumnStatistics& column = columns[i];
    if (column.count == 0)
      fail(CLQ_E_DATA, "target_transform: no training row has a value of the target {}", step.fields[i]);
    if (!(column.minimum < column.maximum))
      fail(CLQ_E_DATA, "target_transform: the target {} is {} in all {} training rows, standardise needs two values",
           step.fields[i], column.minimum, column.count);
    step.a.push_back(column.mean);
    step.b.push_back(std::sqrt(column.m2 / static_cast<double>(column.count)));
  }
}

double TargetTransforms::value(int64_t place, double x, size_t end) const noexcept {
  for (size_t s = 0; s < end; ++s) x = applied(steps_[s], place, x);
  return x;
}

const TargetStep* TargetTransforms::without_value(int64_t place, double x) const noexcept {
  for (const TargetStep& step : steps_) {
    x = applied(step, place, x);
    if (!std::isfinite(x)) return &step;
  }
  return nullptr;
}

bool TargetTransforms::holds(double x) const noexcept {
  const double size = std::fabs(x);
  using F32 = std::numeric_limits<float>;
  return size == 0 || (size <= double{F32::max()} && (steps_.empty() || size >= double{F32::min()}));
}

}  // namespace clq

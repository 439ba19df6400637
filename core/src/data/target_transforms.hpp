// core/src/data/target_transforms.hpp -- [[target_transform]]: its statistics, and which targets it has a value for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/target_steps.hpp"
#include "data/batch_layout.hpp"

namespace clq {

// The target of a batch stays in its own unit: programs transform it, and give predictions back in it.
class TargetTransforms {
 public:
  TargetTransforms() = default;
  // The resolved [[target_transform]] array, over the columns of data.target. A wrong one: one clear line.
  static TargetTransforms from_config(const std::vector<Config>& specs, const BatchLayout& layout);
  explicit TargetTransforms(std::vector<TargetStep> steps) : steps_(std::move(steps)) {}

  const std::vector<TargetStep>& steps() const { return steps_; }
  bool needs_fit() const;
  TargetTransforms known() const;  // without the steps that learn, and those behind them on the same targets
  // `rows` calls what it is given with the target of each training row, in order, once a pass; a pass a step that
  // learns. What is null, not finite or without a value so far is left out.
  using Rows = std::function<void(const std::function<void(const double*)>&)>;
  void fit(const Rows& rows, const std::vector<double>& nulls);
  // The first step that has no finite value for number `place` x of a target; nullptr: each has one. [any-thread]
  const TargetStep* without_value(int64_t place, double x) const noexcept;
  // Predictions are F32, and hold no more than that; with steps, which make them anew, also no less. [any-thread]
  bool holds(double x) const noexcept;

 private:
  double value(int64_t place, double x, size_t end) const noexcept;
  void learn(size_t s, const Rows& rows, const std::vector<double>& nulls);
  std::vector<TargetStep> steps_;
};

}  // namespace clq

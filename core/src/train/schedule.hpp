// core/src/train/schedule.hpp -- the learning rate of a step.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <calanque/core/config.hpp>

namespace clq {

// What reduce_on_plateau remembers from epoch to epoch. With the step it is all that a rate depends on.
struct Plateau {
  double scale = 1;  // what the rate was multiplied by until now
  double best = 0;   // the smallest shortfall, where an epoch had a finite one
  bool has_best = false;
  int64_t epochs_since_best = 0;  // or since the last reduction
};

// The resolved table train.schedule: constant, cosine, step, multistep, exponential, one_cycle or reduce_on_plateau.
class Schedule {
 public:
  Schedule(const Config& config, double learning_rate, int64_t total_steps, int64_t steps_per_epoch);
  double at(int64_t step, const Plateau& plateau = {}) const;  // pure
  // At the end of an epoch with this shortfall, of which less is better; true: the rate was reduced. Only
  // reduce_on_plateau does anything.
  bool judge(double shortfall, Plateau& plateau) const;

 private:
  double peak_;
  int64_t warmup_ = 0;
  std::function<double(int64_t step)> curve_;  // as a fraction of the peak
  struct Reduction {
    double factor, threshold, least_scale;
    int64_t patience;
  };
  std::optional<Reduction> reduction_;
};

}  // namespace clq

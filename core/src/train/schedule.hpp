// core/src/train/schedule.hpp -- the learning rate of a step.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include <calanque/core/config.hpp>

namespace clq {

// {"name": "constant"} or {"name": "cosine", "warmup": 0.05 (fraction or steps), "final": 0.01 (fraction of lr)}.
class Schedule {
 public:
  Schedule(const Config& config, double learning_rate, int64_t total_steps);
  double at(int64_t step) const;  // pure

 private:
  double peak_, final_;
  int64_t warmup_, total_;
  bool cosine_;
};

}  // namespace clq

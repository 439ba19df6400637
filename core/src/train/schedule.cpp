// core/src/train/schedule.cpp -- the learning rate of a step.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/schedule.hpp"

#include <algorithm>
#include <cmath>

namespace clq {

Schedule::Schedule(const Config& config, double learning_rate, int64_t total_steps)
    : peak_(learning_rate), final_(0), warmup_(0), total_(std::max<int64_t>(total_steps, 1)), cosine_(false) {
  const auto name = config.get<std::string>("name", "constant");
  CLQ_REQUIRE(std::isfinite(peak_) && peak_ > 0, "train.optimizer.lr must be positive, got {}", peak_);
  CLQ_REQUIRE(name == "constant" || name == "cosine", "train.schedule.name must be constant or cosine, got '{}'{}",
              name, did_you_mean(name, {"constant", "cosine"}));
  cosine_ = name == "cosine";
  final_ = config.get<double>("final", cosine_ ? 0.01 : 1.0);
  const double warmup = config.get<double>("warmup", cosine_ ? 0.05 : 0.0);
  CLQ_REQUIRE(final_ >= 0 && final_ <= 1, "train.schedule.final must be 0..1, got {}", final_);
  CLQ_REQUIRE(warmup >= 0, "train.schedule.warmup must not be negative, got {}", warmup);
  const double steps = warmup < 1 ? warmup * static_cast<double>(total_) : warmup;
  warmup_ = std::min(static_cast<int64_t>(std::llround(std::min(steps, 9e15))), total_);
}

// Rises linearly: (s + 1) / w of the peak for s < w. Then p (f + (1 - f) (1 + cos(pi t)) / 2) with
// t = (s - w) / (n - w), or the peak itself.
double Schedule::at(int64_t step) const {
  if (step < warmup_) return peak_ * static_cast<double>(step + 1) / static_cast<double>(warmup_);
  if (!cosine_) return peak_;
  const auto span = static_cast<double>(std::max<int64_t>(total_ - warmup_, 1));
  const double t = std::min(1.0, static_cast<double>(step - warmup_) / span);
  return peak_ * (final_ + (1.0 - final_) * 0.5 * (1.0 + std::cos(3.14159265358979323846 * t)));
}

}  // namespace clq

// core/src/train/schedule.cpp -- the learning rate of a step.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/ranges.h>

namespace clq {
namespace {

constexpr double kPi = 3.14159265358979323846;

struct Length {
  int64_t steps, per_epoch;
};
using Curve = std::function<double(int64_t step)>;  // the rate as a fraction of its peak

double fraction(const Config& config, const char* key, double absent) {
  const double value = config.get<double>(key, absent);
  CLQ_REQUIRE(value >= 0 && value <= 1, "{}.{} must be 0..1, got {}", config.path(), key, value);
  return value;
}

// From a where t = 0 to b where t = 1.
double half_cosine(double a, double b, double t) { return b + (a - b) * 0.5 * (1.0 + std::cos(kPi * t)); }

// `warmup`: a fraction of the steps below 1, else steps.
double rise_of(const Config& config, double absent, const Length& run) {
  const double warmup = config.get<double>("warmup", absent);
  CLQ_REQUIRE(warmup >= 0, "{}.warmup must not be negative, got {}", config.path(), warmup);
  const double steps = warmup < 1 ? warmup * static_cast<double>(run.steps) : warmup;
  return std::min(steps, static_cast<double>(run.steps));
}

Curve constant_curve(const Config&, const Length&, int64_t) {
  return [](int64_t) { return 1.0; };
}

// f + (1 - f) (1 + cos(pi t)) / 2 with t = (s - w) / (n - w).
Curve cosine_curve(const Config& config, const Length& run, int64_t warmup) {
  const double last = fraction(config, "final", 0.01);
  const auto span = static_cast<double>(std::max<int64_t>(run.steps - warmup, 1));
  return [=](int64_t step) {
    if (step < warmup) return 1.0;
    const double t = std::min(1.0, static_cast<double>(step - warmup) / span);
    return last + (1.0 - last) * 0.5 * (1.0 + std::cos(kPi * t));
  };
}

// Of a step: its own number, or that of its epoch.
std::function<int64_t(int64_t)> counter(const Config& config, const Length& run) {
  const auto unit = config.get<std::string>("unit", "epoch");
  CLQ_REQUIRE(unit == "step" || unit == "epoch", "{}.unit must be step or epoch, got '{}'", config.path(), unit);
  const int64_t steps = unit == "step" ? 1 : run.per_epoch;
  return [steps](int64_t step) { return step / steps; };
}

double gamma_of(const Config& config, double absent) {
  const double gamma = config.get<double>("gamma", absent);
  CLQ_REQUIRE(gamma > 0 && std::isfinite(gamma), "{}.gamma must be positive, got {}", config.path(), gamma);
  return gamma;
}

Curve step_curve(const Config& config, const Length& run, int64_t) {
  const auto every = config.require<int64_t>("every");
  CLQ_REQUIRE(every >= 1, "{}.every must be at least 1, got {}", config.path(), every);
  return [every, gamma = gamma_of(config, 0.1), count = counter(config, run)](int64_t s) {
    return std::pow(gamma, static_cast<double>(count(s) / every));
  };
}

Curve multistep_curve(const Config& config, const Length& run, int64_t) {
  const auto milestones = config.require<std::vector<int64_t>>("milestones");
  const bool rising = std::is_sorted(milestones.begin(), milestones.end(), std::less_equal<>());
  CLQ_REQUIRE(!milestones.empty() && milestones.front() >= 1 && rising,
              "{}.milestones must be positive and rise, got [{}]", config.path(), fmt::join(milestones, ", "));
  return [milestones, gamma = gamma_of(config, 0.1), count = counter(config, run)](int64_t s) {
    const auto past = std::upper_bound(milestones.begin(), milestones.end(), count(s)) - milestones.begin();
    return std::pow(gamma, static_cast<double>(past));
  };
}

Curve exponential_curve(const Config& config, const Length& run, int64_t) {
  config.require<double>("gamma");
  return [gamma = gamma_of(config, 1), count = counter(config, run)](int64_t s) {
    return std::pow(gamma, static_cast<double>(count(s)));
  };
}

// Two half cosines: from `start` up to the peak at step w n - 1, then down to `final` at the last step. Where they meet
// lies between two steps where w n is no integer, as in PyTorch's OneCycleLR.
Curve one_cycle_curve(const Config& config, const Length& run, int64_t) {
  const double first = fraction(config, "start", 0.04), last = fraction(config, "final", 4e-6);
  const double top = std::max(rise_of(config, 0.3, run) - 1, 0.0), end = static_cast<double>(run.steps - 1);
  return [=](int64_t step) {
    const double s = std::min(static_cast<double>(step), end);
    if (s < top) return half_cosine(first, 1, s / top);
    return end > top ? half_cosine(1, last, (s - top) / (end - top)) : 1.0;
  };
}

struct Kind {
  const char* name;
  Curve (*make)(const Config& config, const Length& run, int64_t warmup);
  double warmup;  // where none is given
  bool rises_itself;
  std::vector<std::string> keys;
};

const std::vector<Kind>& kinds() {
  static const auto& all = *new std::vector<Kind>{
      {"constant", constant_curve, 0, false, {"warmup"}},
      {"cosine", cosine_curve, 0.05, false, {"warmup", "final"}},
      {"step", step_curve, 0, false, {"warmup", "every", "gamma", "unit"}},
      {"multistep", multistep_curve, 0, false, {"warmup", "milestones", "gamma", "unit"}},
      {"exponential", exponential_curve, 0, false, {"warmup", "gamma", "unit"}},
      {"one_cycle", one_cycle_curve, 0, true, {"warmup", "start", "final"}},
      {"reduce_on_plateau", constant_curve, 0, false, {"warmup", "factor", "patience", "threshold", "min_lr"}}};
  return all;
}

const Kind& find_kind(const Config& config) {
  const auto name = config.get<std::string>("name", "constant");
  std::vector<std::string> names;
  for (const Kind& kind : kinds()) {
    if (name == kind.name) return kind;
    names.emplace_back(kind.name);
  }
  fail(CLQ_E_INVALID, "{}.name must be one of {}, got '{}'{}", config.path(), fmt::join(names, ", "), name,
       did_you_mean(name, names));
}

void refuse_other_keys(const Config& config, const Kind& kind) {
  for (const auto& [key, value] : config.json().items())
    CLQ_REQUIRE(key == "name" || std::find(kind.keys.begin(), kind.keys.end(), key) != kind.keys.end(),
                "{}.{}: the schedule {} has no such key, it has {}{}", config.path(), key, kind.name,
                fmt::join(kind.keys, ", "), did_you_mean(key, kind.keys));
}

}  // namespace

Schedule::Schedule(const Config& written, double learning_rate, int64_t total_steps, int64_t steps_per_epoch)
    : peak_(learning_rate) {
  CLQ_REQUIRE(std::isfinite(peak_) && peak_ > 0, "train.optimizer.lr must be positive, got {}", peak_);
  const Config config(written.json(), "train.schedule");
  const Kind& kind = find_kind(config);
  refuse_other_keys(config, kind);
  const Length run{std::max<int64_t>(total_steps, 1), std::max<int64_t>(steps_per_epoch, 1)};
  if (!kind.rises_itself) warmup_ = std::llround(rise_of(config, kind.warmup, run));
  curve_ = kind.make(config, run, warmup_);
  if (kind.name != std::string("reduce_on_plateau")) return;
  const double factor = config.get<double>("factor", 0.1), least = config.get<double>("min_lr", 0.0);
  CLQ_REQUIRE(factor > 0 && factor < 1, "train.schedule.factor must be in (0, 1), got {}", factor);
  CLQ_REQUIRE(least >= 0 && least <= peak_, "train.schedule.min_lr must be from 0 to train.optimizer.lr {}, got {}",
              peak_, least);
  const double threshold = fraction(config, "threshold", 1e-4);
  const auto patience = config.get<int64_t>("patience", 10);
  CLQ_REQUIRE(patience >= 0, "train.schedule.patience must not be negative, got {}", patience);
  reduction_ = {factor, threshold, least / peak_, patience};
}

// Rises linearly: (s + 1) / w of the curve for s < w.
double Schedule::at(int64_t step, const Plateau& plateau) const {
  const double rate = peak_ * curve_(step) * plateau.scale;
  return step < warmup_ ? rate * static_cast<double>(step + 1) / static_cast<double>(warmup_) : rate;
}

// As PyTorch's ReduceLROnPlateau with a relative threshold, of the size of the best one whatever its sign.
bool Schedule::judge(double shortfall, Plateau& plateau) const {
  if (!reduction_) return false;
  const double enough = plateau.best - reduction_->threshold * std::abs(plateau.best);
  if (std::isfinite(shortfall) && (!plateau.has_best || shortfall < enough)) {
    plateau = {plateau.scale, shortfall, true, 0};
    return false;
  }
  if (++plateau.epochs_since_best <= reduction_->patience) return false;
  plateau.epochs_since_best = 0;
  const double before =
      std::exchange(plateau.scale, std::max(plateau.scale * reduction_->factor, reduction_->least_scale));
  return plateau.scale < before;
}

}  // namespace clq

// core/src/data/elementwise.cpp -- transforms of one input at a time that learn nothing: clip, log10, asinh.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "data/transform_columns.hpp"

namespace clq {
namespace {

class Clip final : public Transform {
 public:
  Clip(InputList inputs, double low, double high) : inputs_(std::move(inputs)), low_(low), high_(high) {
    CLQ_REQUIRE(low_ < high_, "clip: min {} is not below max {}", low_, high_);
  }
  std::string name() const override { return "clip"; }
  std::vector<size_t> places() const override { return inputs_.indices; }
  void apply(float* row) const noexcept override {
    for (const size_t i : inputs_.indices)
      row[i] = std::clamp(row[i], static_cast<float>(low_), static_cast<float>(high_));
  }
  Json state() const override { return {{"use", name()}, {"fields", inputs_.names}, {"min", low_}, {"max", high_}}; }

 private:
  InputList inputs_;
  double low_, high_;  // in the unit the input has when it arrives here
};

class Log10 final : public Transform {
 public:
  explicit Log10(InputList inputs) : inputs_(std::move(inputs)) {}
  std::string name() const override { return "log10"; }
  std::vector<size_t> places() const override { return inputs_.indices; }
  void apply(float* row) const noexcept override {
    for (const size_t i : inputs_.indices) row[i] = std::log10(row[i]);
  }
  Json state() const override { return {{"use", name()}, {"fields", inputs_.names}}; }

 private:
  InputList inputs_;
};

class Asinh final : public Transform {
 public:
  Asinh(InputList inputs, std::vector<double> scale) : inputs_(std::move(inputs)), scale_(std::move(scale)) {
    for (size_t i = 0; i < scale_.size(); ++i)
      CLQ_REQUIRE(scale_[i] > 0, "asinh: the scale of {} is {}, it must be positive", inputs_.names[i], scale_[i]);
  }
  std::string name() const override { return "asinh"; }
  std::vector<size_t> places() const override { return inputs_.indices; }
  void apply(float* row) const noexcept override {
    for (size_t i = 0; i < inputs_.indices.size(); ++i) {
      float& value = row[inputs_.indices[i]];
      value = static_cast<float>(std::asinh(static_cast<double>(value) / scale_[i]));
    }
  }
  Json state() const override { return {{"use", name()}, {"fields", inputs_.names}, {"scale", scale_}}; }

 private:
  InputList inputs_;
  std::vector<double> scale_;
};

}  // namespace

std::shared_ptr<Transform> make_clip(const Config& config, const InputNames& names) {
  return std::make_shared<Clip>(list_inputs(config, "fields", names, true), config.require<double>("min"),
                                config.require<double>("max"));
}

std::shared_ptr<Transform> make_log10(const Config& config, const InputNames& names) {
  return std::make_shared<Log10>(list_inputs(config, "fields", names, false));
}

std::shared_ptr<Transform> make_asinh(const Config& config, const InputNames& names) {
  InputList inputs = list_inputs(config, "fields", names, false);
  std::vector<double> scale = numbers_at(config, "scale", inputs.indices.size());
  if (scale.empty()) scale.assign(inputs.indices.size(), 1.0);
  return std::make_shared<Asinh>(std::move(inputs), std::move(scale));
}

}  // namespace clq

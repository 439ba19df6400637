// core/src/data/standardise.cpp -- each input minus its mean, over its standard deviation.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "data/transform_columns.hpp"

namespace clq {
namespace {

class Standardise final : public Transform {
 public:
  Standardise(InputList inputs, std::vector<double> mean, std::vector<double> deviation)
      : inputs_(std::move(inputs)), mean_(std::move(mean)), deviation_(std::move(deviation)) {
    CLQ_REQUIRE(mean_.size() == deviation_.size(), "standardise: mean and std are given together or not at all");
    for (size_t i = 0; i < deviation_.size(); ++i)
      CLQ_REQUIRE(deviation_[i] > 0, "standardise: the std of {} is {}, it must be positive", inputs_.names[i],
                  deviation_[i]);
  }
  std::string name() const override { return "standardise"; }
  std::vector<size_t> places() const override { return inputs_.indices; }
  bool needs_fit() const override { return mean_.empty(); }

  void fit(const std::vector<ColumnStatistics>& statistics) override {
    mean_.clear();
    deviation_.clear();
    for (size_t i = 0; i < inputs_.indices.size(); ++i) {
      const ColumnStatistics& column = statistics.at(inputs_.indices[i]);
      if (!(column.minimum < column.maximum))  // not m2 > 0: rounding may leave a trace of a constant
        fail(CLQ_E_DATA, "standardise: {} is {} in all {} training rows, as F32; leave it out of data.scalars",
             inputs_.names[i], column.minimum, column.count);
      mean_.push_back(column.mean);
      deviation_.push_back(std::sqrt(column.m2 / static_cast<double>(column.count)));
    }
  }

  void apply(float* row) const noexcept override {
    for (size_t i = 0; i < inputs_.indices.size(); ++i) {
      float& value = row[inputs_.indices[i]];
      value = static_cast<float>((static_cast<double>(value) - mean_[i]) / deviation_[i]);
    }
  }

  Json state() const override {
    Json state{{"use", name()}, {"fields", inputs_.names}};
    if (mean_.empty()) return state;
    state["mean"] = mean_;
    state["std"] = deviation_;
    return state;
  }

 private:
  InputList inputs_;
  std::vector<double> mean_, deviation_;
};

}  // namespace

std::shared_ptr<Transform> make_standardise(const Config& config, const InputNames& names) {
  InputList inputs = list_inputs(config, "fields", names, true);
  const size_t count = inputs.indices.size();
  return std::make_shared<Standardise>(std::move(inputs), numbers_at(config, "mean", count),
                                       numbers_at(config, "std", count));
}

}  // namespace clq

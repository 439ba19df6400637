// core/src/data/asinh_mag.cpp -- magnitudes and their errors become asinh fluxes and log10 of the signal to noise.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include "data/transform_columns.hpp"

namespace clq {
namespace {

constexpr double kZeroPoint = 22.5;  // of the flux unit: nanomaggies
constexpr double kPogson = 1.0857;   // 2.5 / ln 10: a magnitude error is this over the signal to noise

struct Pair {
  size_t magnitude, error;  // inputs
  std::string magnitude_name, error_name;
};

double flux_of(float magnitude) { return std::pow(10.0, 0.4 * (kZeroPoint - static_cast<double>(magnitude))); }

// What follows the first '_': "U" of MAG_U and of MAGERR_U.
std::string suffix(const std::string& name) {
  const size_t at = name.find('_');
  return at == std::string::npos ? name : name.substr(at + 1);
}

// f = 10^(0.4 (22.5 - m)): m becomes asinh(f / f0), its error e becomes log10(1.0857 / e). f0 is the median flux error
// f e / 1.0857 of the training rows, or given as `softening`. A faint magnitude with a huge error is then a flux near
// 0.
class AsinhMag final : public Transform {
 public:
  AsinhMag(std::vector<Pair> pairs, std::vector<double> softening)
      : pairs_(std::move(pairs)), softening_(std::move(softening)) {
    for (size_t i = 0; i < softening_.size(); ++i) check(i);
  }
  std::string name() const override { return "asinh_mag"; }
  bool needs_fit() const override { return softening_.empty(); }
  std::vector<size_t> places() const override {
    std::vector<size_t> all;
    for (const Pair& pair : pairs_) all.insert(all.end(), {pair.magnitude, pair.error});
    return all;
  }

  void measure(float* row) const noexcept override {
    for (const Pair& pair : pairs_) {
      const auto error = static_cast<double>(row[pair.error]);
      row[pair.error] = error > 0 ? static_cast<float>(flux_of(row[pair.magnitude]) * error / kPogson)
                                  : std::numeric_limits<float>::quiet_NaN();
    }
  }

  void fit(const std::vector<ColumnStatistics>& statistics) override {
    softening_.clear();
    for (const Pair& pair : pairs_) softening_.push_back(statistics.at(pair.error).median);
    for (size_t i = 0; i < pairs_.size(); ++i) check(i);
  }

  void apply(float* row) const noexcept override {
    for (size_t i = 0; i < pairs_.size(); ++i) {
      float& magnitude = row[pairs_[i].magnitude];
      float& error = row[pairs_[i].error];
      magnitude = static_cast<float>(std::asinh(flux_of(magnitude) / softening_[i]));
      error = static_cast<float>(std::log10(kPogson / static_cast<double>(error)));
    }
  }

  Json state() const override {
    Json fields = Json::array(), errors = Json::array();
    for (const Pair& pair : pairs_) {
      fields.push_back(pair.magnitude_name);
      errors.push_back(pair.error_name);
    }
    Json state{{"use", name()}, {"fields", fields}, {"errors", errors}};
    if (!softening_.empty()) state["softening"] = softening_;
    return state;
  }

 private:
  void check(size_t i) const {
    CLQ_REQUIRE(softening_[i] > 0 && std::isfinite(softening_[i]),
                "asinh_mag: the softening flux of {} is {}, it must be positive", pairs_[i].magnitude_name,
                softening_[i]);
  }

  std::vector<Pair> pairs_;
  std::vector<double> softening_;  // f0 a pair; empty before fit
};

std::vector<Pair> match_in_order(const InputList& fields, const InputList& errors, const std::string& where) {
  CLQ_REQUIRE(fields.indices.size() == errors.indices.size(), "{}: {} magnitudes (fields) and {} errors", where,
              fields.indices.size(), errors.indices.size());
  std::vector<Pair> pairs;
  for (size_t i = 0; i < fields.indices.size(); ++i)
    pairs.push_back({fields.indices[i], errors.indices[i], fields.names[i], errors.names[i]});
  return pairs;
}

std::vector<Pair> match_by_suffix(const InputList& fields, const InputList& errors, const std::string& where) {
  std::vector<Pair> pairs;
  std::vector<bool> used(errors.names.size());
  for (size_t i = 0; i < fields.names.size(); ++i) {
    size_t e = 0;
    while (e < errors.names.size() && (used[e] || suffix(errors.names[e]) != suffix(fields.names[i]))) ++e;
    CLQ_REQUIRE(e < errors.names.size(), "{}: {} has no error column that ends in _{}", where, fields.names[i],
                suffix(fields.names[i]));
    used[e] = true;
    pairs.push_back({fields.indices[i], errors.indices[e], fields.names[i], errors.names[e]});
  }
  for (size_t e = 0; e < used.size(); ++e)
    CLQ_REQUIRE(used[e], "{}: {} has no magnitude that ends in _{}", where, errors.names[e], suffix(errors.names[e]));
  return pairs;
}

}  // namespace

std::shared_ptr<Transform> make_asinh_mag(const Config& config, const InputNames& names) {
  const std::string where = config.path().empty() ? "asinh_mag" : config.path();
  const InputList fields = list_inputs(config, "fields", names, false);
  const InputList errors = list_inputs(config, "errors", names, false);
  for (size_t i = 0; i < fields.indices.size(); ++i)
    CLQ_REQUIRE(std::find(errors.indices.begin(), errors.indices.end(), fields.indices[i]) == errors.indices.end(),
                "{}: {} is a magnitude and an error", where, fields.names[i]);
  const bool globs = fields.only_globs && errors.only_globs;
  std::vector<Pair> pairs = globs ? match_by_suffix(fields, errors, where) : match_in_order(fields, errors, where);
  std::vector<double> softening = numbers_at(config, "softening", pairs.size());
  return std::make_shared<AsinhMag>(std::move(pairs), std::move(softening));
}

}  // namespace clq

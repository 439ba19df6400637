// core/src/metrics/finish.cpp -- one number from the per-sample values of a whole data set.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <calanque/core/metric.hpp>

namespace clq {
namespace {

struct Row {
  double value, weight, by;
};
using Rows = std::vector<Row>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void sort_by_value(Rows& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.value < b.value; });
}

double mean(const Rows& rows, double (*of)(double)) {
  double sum = 0, weight = 0;
  for (const Row& r : rows) {
    sum += r.weight * of(r.value);
    weight += r.weight;
  }
  return sum / weight;
}

double plain_mean(const Rows& rows) {
  return mean(rows, [](double v) { return v; });
}

double standard_deviation(Rows& rows) {
  const double centre = plain_mean(rows);
  for (Row& r : rows) r.value -= centre;
  return std::sqrt(mean(rows, [](double v) { return v * v; }));
}

// Row i of the sorted values sits at (C_i - w_i/2 - w_0/2) / (W - w_0/2 - w_last/2), C the running sum of weights:
// with equal weights at i / (n - 1), the usual definition, and linear in between.
double quantile(Rows& rows, double q) {
  CLQ_REQUIRE(q >= 0 && q <= 1, "metric: q must be from 0 to 1, got {}", q);
  sort_by_value(rows);
  const double first = rows.front().weight / 2;
  const double total =
      std::accumulate(rows.begin(), rows.end(), 0.0, [](double s, const Row& r) { return s + r.weight; });
  const double target = q * (total - first - rows.back().weight / 2);
  double sum = 0, position = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const double before = position;
    position = sum + rows[i].weight / 2 - first;
    sum += rows[i].weight;
    if (position < target) continue;
    if (i == 0 || position <= before) return rows[i].value;
    const double t = (target - before) / (position - before);
    return rows[i - 1].value + t * (rows[i].value - rows[i - 1].value);
  }
  return rows.back().value;
}

double sigma_mad(Rows& rows) {
  const double centre = quantile(rows, 0.5);
  for (Row& r : rows) r.value = std::fabs(r.value - centre);
  return 1.4826 * quantile(rows, 0.5);
}

double ks_uniform(Rows& rows) {
  sort_by_value(rows);
  const double total =
      std::accumulate(rows.begin(), rows.end(), 0.0, [](double s, const Row& r) { return s + r.weight; });
  double below = 0, distance = 0;
  for (const Row& r : rows) {
    const double uniform = std::clamp(r.value, 0.0, 1.0);
    distance = std::max(distance, std::fabs(below / total - uniform));
    below += r.weight;
    distance = std::max(distance, std::fabs(below / total - uniform));
  }
  return distance;
}

Rows part_of(Rows rows, int64_t part, int64_t parts) {
  CLQ_REQUIRE(parts > 0 && part >= 0 && part < parts, "metric: part {} is not in 0..{}", part, parts - 1);
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.by < b.by; });
  const auto n = static_cast<int64_t>(rows.size());
  return {rows.begin() + part * n / parts, rows.begin() + (part + 1) * n / parts};
}

// The rows are sorted and changed where they lie: a copy could be gigabytes.
double finished(const std::string& how, const Config& config, Rows& rows) {
  if (how == "mean") return plain_mean(rows);
  if (how == "rms") return std::sqrt(mean(rows, [](double v) { return v * v; }));
  if (how == "median") return quantile(rows, 0.5);
  if (how == "quantile") return quantile(rows, config.require<double>("q"));
  if (how == "sigma_mad") return sigma_mad(rows);
  if (how == "std") return standard_deviation(rows);
  if (how == "ks_uniform") return ks_uniform(rows);
  fail(CLQ_E_INVALID, "metric: unknown finish '{}'{}", how,
       did_you_mean(how, {"mean", "rms", "median", "quantile", "sigma_mad", "std", "ks_uniform"}));
}

}  // namespace

// Of Row, and as many again for the order of one part of them or for a merge of halves.
int64_t finish_bytes(int64_t n_rows) { return 2 * n_rows * static_cast<int64_t>(sizeof(Row)); }

bool finish_needs_rows(const Json& finish) {
  const Config config(finish, "metric");
  const auto how = config.require<std::string>("finish");
  const bool parted = config.has("by");
  // What is unknown, missing or out of range must fail before the run, not after.
  if (parted) part_of({}, config.require<int64_t>("part"), config.require<int64_t>("parts"));
  Rows one = {{0, 1, 0}};
  finished(how, config, one);
  shortfall(finish, 0);
  return parted || (how != "mean" && how != "rms");
}

double finish_metric(const Json& finish, std::span<const double> values, std::span<const double> weights,
                     std::span<const double> by) {
  const Config config(finish, "metric");
  const bool parted = config.has("by");
  CLQ_REQUIRE(values.size() == weights.size() && (!parted || by.size() == values.size()),
              "metric: {} values, {} weights, {} keys", values.size(), weights.size(), by.size());
  Rows rows;
  rows.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (weights[i] == 0) continue;
    rows.push_back({values[i], weights[i], parted ? by[i] : 0});
    if (std::isnan(values[i]) || std::isnan(rows.back().by)) return kNaN;  // it has no place in an order
  }
  if (parted) rows = part_of(std::move(rows), config.require<int64_t>("part"), config.require<int64_t>("parts"));
  return rows.empty() ? kNaN : finished(config.require<std::string>("finish"), config, rows);
}

double shortfall(const Json& finish, double value) {
  const Json best = finish.value("best", Json("smallest"));
  if (best == "smallest") return value;
  if (best == "largest") return -value;
  CLQ_REQUIRE(best.is_number(), "metric: best must be \"smallest\", \"largest\" or a number, got {}", best.dump());
  return std::fabs(value - best.get<double>());
}

}  // namespace clq

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

double ratio(const Rows& rows) {
  double sum = 0, other = 0;
  for (const Row& r : rows) {
    sum += r.weight * r.value;
    other += r.weight * r.by;
  }
  return sum / other;
}

double r2(Rows& rows) {
  double sum = 0, weight = 0, off = 0, spread = 0;
  for (const Row& r : rows) {
    sum += r.weight * r.by;
    weight += r.weight;
  }
  for (const Row& r : rows) {
    off += r.weight * r.value * r.value;
    spread += r.weight * (r.by - sum / weight) * (r.by - sum / weight);
  }
  return 1 - off / spread;
}

// The rows from the largest value down, those of equal values at once: body(their yes, their no, the yes and the no of
// all above).
template <class Body>
void by_falling_score(Rows& rows, const Body& body) {
  sort_by_value(rows);
  double above_yes = 0, above_no = 0;
  for (size_t end = rows.size(); end > 0;) {
    double yes = 0, no = 0;
    const double score = rows[end - 1].value;
    for (; end > 0 && rows[end - 1].value == score; --end) {
      yes += rows[end - 1].weight * rows[end - 1].by;
      no += rows[end - 1].weight * (1 - rows[end - 1].by);
    }
    body(yes, no, above_yes, above_no);
    above_yes += yes;
    above_no += no;
  }
}

// The chance that a yes has a larger value than a no, an equal one counting half.
double auc(Rows& rows) {
  double won = 0, all_yes = 0, all_no = 0;
  by_falling_score(rows, [&](double yes, double no, double above_yes, double) {
    won += no * (above_yes + yes / 2);
    all_yes += yes;
    all_no += no;
  });
  return won / (all_yes * all_no);
}

// sum (R_n - R_n-1) P_n over the thresholds n, with the precision P and the recall R: no line is drawn between them.
double average_precision(Rows& rows) {
  double sum = 0, all_yes = 0;
  by_falling_score(rows, [&](double yes, double no, double above_yes, double above_no) {
    if (yes > 0) sum += yes * (above_yes + yes) / (above_yes + above_no + yes + no);
    all_yes += yes;
  });
  return sum / all_yes;
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
  if (how == "ratio") return ratio(rows);
  if (how == "r2") return r2(rows);
  if (how == "auc") return auc(rows);
  if (how == "average_precision") return average_precision(rows);
  if (how == "none") return kNaN;
  fail(CLQ_E_INVALID, "metric: unknown finish '{}'{}", how,
       did_you_mean(how, {"mean", "rms", "median", "quantile", "sigma_mad", "std", "ks_uniform", "ratio", "r2", "auc",
                          "average_precision", "none"}));
}

bool is_over(const std::string& how) {
  return how == "ratio" || how == "r2" || how == "auc" || how == "average_precision";
}

}  // namespace

// Of Row, and as many again for the order of one part of them or for a merge of halves.
int64_t finish_bytes(int64_t n_rows) { return 2 * n_rows * static_cast<int64_t>(sizeof(Row)); }

bool finish_has_number(const Json& finish) { return finish.value("finish", "") != "none"; }

std::string finish_other(const Json& finish) { return finish.value("by", finish.value("over", "")); }

std::string finish_where(const Json& finish) { return finish.value("where", ""); }

bool finish_needs_rows(const Json& finish) {
  const Config config(finish, "metric");
  const auto how = config.require<std::string>("finish");
  const bool parted = config.has("by");
  CLQ_REQUIRE(config.has("over") == is_over(how) && !(parted && is_over(how)),
              "metric: the finish '{}' is {} another metric", how, is_over(how) ? "over" : "not over");
  // What is unknown, missing or out of range must fail before the run, not after.
  if (parted) part_of({}, config.require<int64_t>("part"), config.require<int64_t>("parts"));
  Rows one = {{0, 1, 0}};
  finished(how, config, one);
  shortfall(finish, 0);
  return parted || (how != "mean" && how != "rms" && how != "ratio" && how != "none");
}

double finish_metric(const Json& finish, std::span<const double> values, std::span<const double> weights,
                     std::span<const double> by) {
  const Config config(finish, "metric");
  const bool parted = config.has("by"), paired = parted || config.has("over");
  CLQ_REQUIRE(values.size() == weights.size() && (!paired || by.size() == values.size()),
              "metric: {} values, {} weights, {} keys", values.size(), weights.size(), by.size());
  Rows rows;
  rows.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (weights[i] == 0) continue;
    rows.push_back({values[i], weights[i], paired ? by[i] : 0});
    if (std::isnan(values[i]) || std::isnan(rows.back().by)) return kNaN;  // it has no place in an order
  }
  if (parted) rows = part_of(std::move(rows), config.require<int64_t>("part"), config.require<int64_t>("parts"));
  return rows.empty() ? kNaN : finished(config.require<std::string>("finish"), config, rows);
}

// Looks at the JSON where it is: a copy that gets no memory ends the process (docs/memory.md).
double shortfall(const Json& finish, double value) {
  const auto best = finish.find("best");
  if (best == finish.end()) return value;
  if (best->is_number()) return std::fabs(value - best->get<double>());
  const std::string* word = best->get_ptr<const std::string*>();
  if (word != nullptr && *word == "smallest") return value;
  if (word != nullptr && *word == "largest") return -value;
  fail(CLQ_E_INVALID, "metric: best must be \"smallest\", \"largest\" or a number, got {}", best->dump());
}

}  // namespace clq

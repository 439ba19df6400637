// core/src/train/metric_sums.cpp -- metrics over a whole data set: sums kept on the device, rows kept here.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/metric_sums.hpp"

#include <algorithm>
#include <cmath>

#include <calanque/core/metric.hpp>

namespace clq {
namespace {

constexpr std::string_view kPrefix = "metric.";
constexpr const char* kLossSum = "metric.loss.sum";

double total(const std::map<std::string, Tensor>& sums, const std::string& metric, const char* of) {
  return sums.at(fmt::format("{}{}.{}", kPrefix, metric, of)).as<double>()[0];
}

double mean_of(const std::map<std::string, Tensor>& sums, const std::string& metric) {
  return total(sums, metric, "sum") / total(sums, metric, "weight");
}

double finish_sums(const std::map<std::string, Tensor>& sums, const Metric& metric) {
  const auto how = metric.finish.at("finish").get<std::string>();
  if (how == "ratio") return total(sums, metric.name, "sum") / total(sums, finish_other(metric.finish), "sum");
  return how == "rms" ? std::sqrt(mean_of(sums, metric.name)) : mean_of(sums, metric.name);
}

}  // namespace

MetricSums::MetricSums(const Graph& graph, int64_t n_rows) : metrics_(graph.metrics) {
  for (const State& state : graph.states)
    if (state.name.starts_with(kPrefix)) states_.push_back(state.name);
  for (const NamedValue& out : graph.outputs)
    if (out.name.starts_with(kPrefix)) rows_[out.name.substr(kPrefix.size())].reserve(static_cast<size_t>(n_rows));
  if (!rows_.empty()) weights_.reserve(static_cast<size_t>(n_rows));
}

void MetricSums::add(const Runner& runner, const double* weights, int64_t n) {
  if (rows_.empty()) return;
  for (auto& [name, rows] : rows_) {
    const auto values = runner.output(std::string(kPrefix) + name).as<double>();
    rows.insert(rows.end(), values.begin(), values.begin() + n);
  }
  weights_.insert(weights_.end(), weights, weights + n);
}

const std::vector<double>& MetricSums::rows_of(const std::string& metric) const {
  const auto at = rows_.find(metric);
  if (at == rows_.end()) fail(CLQ_E_INVALID, "metric '{}' keeps no rows", metric);
  return at->second;
}

double MetricSums::finish_rows(const Metric& metric) const {
  const std::string other = finish_other(metric.finish), where = finish_where(metric.finish);
  std::vector<double> weights;
  if (!where.empty()) {
    weights = weights_;
    for (size_t i = 0; i < weights.size(); ++i) weights[i] *= rows_of(where)[i];
  }
  return finish_metric(metric.finish, rows_of(metric.name), where.empty() ? weights_ : weights,
                       other.empty() ? std::span<const double>() : std::span<const double>(rows_of(other)));
}

Json MetricSums::finish(const std::map<std::string, Tensor>& sums) const {
  Json result = Json::object();
  if (sums.contains(kLossSum)) result["loss"] = mean_of(sums, "loss");
  for (const Metric& metric : metrics_) {
    if (!finish_has_number(metric.finish)) continue;
    result[metric.name] = finish_needs_rows(metric.finish) ? finish_rows(metric) : finish_sums(sums, metric);
  }
  return result;
}

int64_t MetricSums::bytes() const {
  int64_t bytes = static_cast<int64_t>(weights_.capacity()) * 8;
  for (const auto& [name, rows] : rows_) bytes += static_cast<int64_t>(rows.capacity()) * 8;
  const bool has_where =
      std::any_of(metrics_.begin(), metrics_.end(), [](const Metric& m) { return !finish_where(m.finish).empty(); });
  if (has_where) bytes += static_cast<int64_t>(weights_.capacity()) * 8;
  return bytes + finish_bytes(static_cast<int64_t>(weights_.capacity()));
}

}  // namespace clq

// core/src/train/metric_sums.cpp -- metrics over a whole data set: sums kept on the device, rows kept here.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/metric_sums.hpp"

#include <cmath>

#include <calanque/core/metric.hpp>

namespace clq {
namespace {

constexpr std::string_view kPrefix = "metric.";
constexpr const char* kLossSum = "metric.loss.sum";

double ratio(const std::map<std::string, Tensor>& sums, const std::string& metric) {
  const double sum = sums.at(std::string(kPrefix) + metric + ".sum").as<double>()[0];
  return sum / sums.at(std::string(kPrefix) + metric + ".weight").as<double>()[0];
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

Json MetricSums::finish(const std::map<std::string, Tensor>& sums) const {
  Json result = Json::object();
  if (sums.contains(kLossSum)) result["loss"] = ratio(sums, "loss");
  for (const Metric& metric : metrics_) {
    if (finish_needs_rows(metric.finish)) {
      const bool sorted = metric.finish.contains("by");
      result[metric.name] =
          finish_metric(metric.finish, rows_of(metric.name), weights_,
                        sorted ? std::span<const double>(rows_of(metric.finish["by"].get<std::string>()))
                               : std::span<const double>());
      continue;
    }
    const double mean = ratio(sums, metric.name);
    result[metric.name] = metric.finish.value("finish", "mean") == "rms" ? std::sqrt(mean) : mean;
  }
  return result;
}

int64_t MetricSums::bytes() const {
  int64_t bytes = static_cast<int64_t>(weights_.capacity()) * 8;
  for (const auto& [name, rows] : rows_) bytes += static_cast<int64_t>(rows.capacity()) * 8;
  return bytes + finish_bytes(static_cast<int64_t>(weights_.capacity()));
}

}  // namespace clq

// tests/core/metrics/metric_values.cpp -- the metrics of a task: per sample, and finished over all samples.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/metrics/metric_values.hpp"

namespace clq::test {
namespace {

struct Computed {
  std::vector<Metric> metrics;
  Tensors values;
};

Computed compute(const std::string& task, const Tensor& prediction, const Tensor& target, const Json& options) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::infer, {{"prediction", prediction.desc()}, {"target", target.desc()}});
  for (const MetricEntry& entry : metric_table())
    if (entry.name == task) entry.make(Config(options))->build(b, b.input("prediction"), b.input("target"));
  const std::vector<Metric> metrics = b.graph().metrics;
  for (const Metric& metric : metrics) b.output(metric.name, b.op("identity/1", {metric.value}));
  return {metrics, run_graph(b.graph(), {{"prediction", prediction}, {"target", target}})};
}

}  // namespace

Tensors metric_values(const std::string& task, const Tensor& prediction, const Tensor& target, const Json& options) {
  return compute(task, prediction, target, options).values;
}

std::map<std::string, double> finished_metrics(const std::string& task, const Tensor& prediction, const Tensor& target,
                                               std::vector<double> weights, const Json& options) {
  const Computed all = compute(task, prediction, target, options);
  if (weights.empty()) weights.assign(static_cast<size_t>(target.desc().dims.at(0)), 1);
  std::map<std::string, double> out;
  for (const Metric& metric : all.metrics) {
    if (!finish_has_number(metric.finish)) continue;
    const std::string other = finish_other(metric.finish);
    const std::vector<double> by = other.empty() ? std::vector<double>() : numbers(all.values.at(other));
    std::vector<double> own = weights;
    if (const std::string where = finish_where(metric.finish); !where.empty())
      for (size_t i = 0; i < own.size(); ++i) own[i] *= numbers(all.values.at(where))[i];
    out[metric.name] = finish_metric(metric.finish, numbers(all.values.at(metric.name)), own, by);
  }
  return out;
}

}  // namespace clq::test

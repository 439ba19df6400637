// tests/conformance/parts/metrics.cpp -- metrics: one finite value a sample, and a number of a whole data set.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "compile/parts.hpp"
#include "conformance/parts/lists.hpp"
#include "conformance/parts/loaded.hpp"

namespace clq::conformance {
namespace {

constexpr int64_t kMetricRows = 12;

// Positive numbers, which may be probabilities as well: of each row they sum to 1 where there are several.
Tensor prediction(int64_t n) {
  Tensor out = test::uniform({kMetricRows, n}, 0.1, 0.9, 1);
  const std::span<double> all = out.as<double>();
  for (int64_t row = 0; n > 1 && row < kMetricRows; ++row) {
    const auto one = all.subspan(static_cast<size_t>(row * n), static_cast<size_t>(n));
    double sum = 0;
    for (const double v : one) sum += v;
    for (double& v : one) v /= sum;
  }
  return out;
}

std::vector<Inputs> offered_to_metrics(const Json& options) {
  const Tensor number = test::uniform({kMetricRows}, 0.1, 0.9, 2);
  std::vector<Inputs> all = {{prediction(1), number}, {prediction(3), test::uniform({kMetricRows, 3}, 0.1, 0.9, 3)}};
  for (const int64_t n : {int64_t{2}, options.value("/bins/n"_json_pointer, int64_t{3})})
    all.push_back({prediction(n), number});
  return all;
}

std::vector<double> values_of_metric(const test::Tensors& got, const std::string& name) {
  return name.empty() ? std::vector<double>{} : test::numbers(got.at(name));
}

void finishes(const Loaded& loaded, const std::string& name, Findings& findings) {
  ModelSpec model;
  model.task = name;
  model.task_options = options_for(loaded.registry.find("metric", name)->config_schema);
  const auto metrics = find_metrics(model, loaded.registry);
  const auto build = [&](GraphBuilder& graph) { metrics->build(graph, graph.input("x0"), graph.input("x1")); };
  const Inputs inputs = taken_inputs(offered_to_metrics(model.task_options), [&](const Inputs& some) {
                          GraphBuilder graph(loaded.ops, Mode::infer, test::fields_of(some), CLQ_F64);
                          build(graph);
                        }).front();
  GraphBuilder graph(loaded.ops, Mode::infer, test::fields_of(inputs), CLQ_F64);
  build(graph);
  const std::vector<Metric> defined = graph.graph().metrics;
  findings.expect(!defined.empty(), "{}: it defines no metric", name);
  for (const Metric& metric : defined) graph.output(metric.name, graph.op("identity/1", {metric.value}));
  const test::Tensors got = loaded.on_reference(graph.graph()).run(named_inputs(inputs));
  const std::vector<double> weights(static_cast<size_t>(kMetricRows), 1.0);
  for (const Metric& metric : defined) {
    if (!findings.expect(all_finite(got.at(metric.name)), "{}: a value of '{}' is not finite", name, metric.name))
      continue;
    finish_needs_rows(metric.finish);  // looks at its words
    if (!finish_has_number(metric.finish)) continue;
    const std::string where = finish_where(metric.finish);
    const double number = finish_metric(metric.finish, test::numbers(got.at(metric.name)),
                                        where.empty() ? weights : values_of_metric(got, where),
                                        values_of_metric(got, finish_other(metric.finish)));
    findings.expect(std::isfinite(number), "{}: '{}' of {} rows is {}", name, metric.name, kMetricRows, number);
  }
}

}  // namespace

void add_metric_cases(std::vector<Case>& cases) {
  cases.push_back({"metric.finishes", "a finite number of a whole data set", [](const Subject& subject, Findings& f) {
                     const Loaded& loaded = load(subject);
                     for_each(loaded.registry.builder_names("metric"), f,
                              [&](const std::string& name) { finishes(loaded, name, f); });
                   }});
}

}  // namespace clq::conformance

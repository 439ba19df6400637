// tests/projects/deepdip/photoz.cpp -- the builders of the task "photoz", run on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#include "photoz.hpp"

#include "graph/host_graph.hpp"

namespace clq::test {
namespace {

Json options_of(const Grid& grid) { return {{"bins", {{"min", grid.min}, {"max", grid.max}, {"n", grid.n}}}}; }

// The graph of the metrics; each one is an output too.
Graph metrics_graph(const Grid& grid, const Tensor& pdf, const Tensor& z) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::infer, {{"prediction", pdf.desc()}, {"target", z.desc()}});
  const Value inputs[] = {b.input("prediction"), b.input("target")};
  run_builder(*plugins().find("metric", "photoz"), b, options_of(grid), inputs);
  const std::vector<Metric> metrics = b.graph().metrics;
  for (const Metric& metric : metrics) b.output(metric.name, b.op("identity/1", {metric.value}));
  return b.graph();
}

}  // namespace

const Registry& plugins() {
  static const std::unique_ptr<const Registry> loaded = [] {
    auto registry = std::make_unique<Registry>();
    registry->load(CLQ_PLUGIN_DIR "/clq_deepdip.so");
    return registry;
  }();
  return *loaded;
}

std::vector<double> delta_pdf(const Grid& grid, int64_t k) {
  std::vector<double> bins(static_cast<size_t>(grid.n), 0.0);
  bins[static_cast<size_t>(k)] = 1;
  return bins;
}

std::vector<double> uniform_pdf(const Grid& grid) {
  return std::vector<double>(static_cast<size_t>(grid.n), 1.0 / static_cast<double>(grid.n));
}

Tensor one_pdf(const std::vector<double>& bins) { return tensor({1, static_cast<int64_t>(bins.size())}, bins); }

Json photoz_schema() { return Json::parse(plugins().find("task", "photoz")->config_schema); }

Tensors photoz_columns(const Json& options, const Tensor& pdf) {
  const OpTable ops;
  GraphBuilder b(ops, Mode::infer, {{"prediction", pdf.desc()}});
  const Value inputs[] = {b.input("prediction")};
  run_builder(*plugins().find("task", "photoz"), b, options, inputs);
  return run_graph(b.graph(), {{"prediction", pdf}});
}

Tensors photoz_columns(const Grid& grid, const Tensor& pdf) { return photoz_columns(options_of(grid), pdf); }

Tensors photoz_values(const Grid& grid, const Tensor& pdf, const Tensor& z) {
  return run_graph(metrics_graph(grid, pdf, z), {{"prediction", pdf}, {"target", z}});
}

std::map<std::string, double> photoz_metrics(const Grid& grid, const Tensor& pdf, const Tensor& z) {
  const Graph graph = metrics_graph(grid, pdf, z);
  const Tensors values = run_graph(graph, {{"prediction", pdf}, {"target", z}});
  std::map<std::string, double> result;
  for (const Metric& metric : graph.metrics) {
    const std::vector<double> rows = numbers(values.at(metric.name));
    const std::vector<double> by = metric.finish.contains("by")
                                       ? numbers(values.at(metric.finish["by"].get<std::string>()))
                                       : std::vector<double>();
    result[metric.name] = finish_metric(metric.finish, rows, std::vector<double>(rows.size(), 1.0), by);
  }
  return result;
}

}  // namespace clq::test

// projects/deepdip/plugin/photoz_metrics.cpp -- the metrics of photometric redshifts, pooled over the whole data set.
// SPDX-License-Identifier: BSD-3-Clause
//
// dz = (zphot - zspec) / (1 + zspec), zphot the interpolated median. PIT, CRPS and CDE loss treat the PDF as constant
// within a bin and are exact (docs of each in projects/deepdip/README.md). CRPS is in z, not in z / (1 + z).
#include "binned_pdf.hpp"
#include "photoz.hpp"

namespace deepdip {
namespace {

using clq::sdk::Graph;

constexpr const char* kSchema = R"json({
  "type": "object",
  "properties": {"bins": {"type": "object", "required": ["min", "max", "n"], "examples": [{"min": 0.0, "max": 1.0, "n": 100}]}},
  "required": ["bins"]
})json";
constexpr const char* kMean = R"({"finish": "mean"})";
constexpr const char* kMeanNearZero = R"({"finish": "mean", "best": 0})";

// 1 where op(value, bound), else 0; [N] F64.
uint32_t indicator(Graph& graph, uint32_t value, const char* op, double bound) {
  const uint32_t flag = graph.op("compare/1", {value, graph.constant(bound)}, {{"op", op}});
  return graph.op("cast/1", {flag}, {{"dtype", CLQ_F64}});
}

void add_point_metrics(Graph& graph, BinnedPdf& pdf, uint32_t z) {
  const uint32_t zphot = pdf.quantile(0.5);
  const uint32_t dz = pdf.flat(pdf.binary("div/1", pdf.binary("sub/1", zphot, z), pdf.binary("add/1", z, 1.0)));
  graph.metric("zphot", pdf.flat(zphot), R"({"finish": "median"})");
  graph.metric("bias", dz, kMeanNearZero);
  graph.metric("median_dz", dz, R"({"finish": "median", "best": 0})");
  graph.metric("sigma_mad", dz, R"({"finish": "sigma_mad"})");
  const uint32_t distance = graph.op("abs/1", {dz});
  graph.metric("eta_005", indicator(graph, distance, "gt", 0.05), kMean);
  graph.metric("eta_015", indicator(graph, distance, "gt", 0.15), kMean);
  graph.metric("bias_q1", dz, R"({"finish": "mean", "by": "zphot", "part": 0, "parts": 4, "best": 0})");
  graph.metric("bias_q2", dz, R"({"finish": "mean", "by": "zphot", "part": 1, "parts": 4, "best": 0})");
  graph.metric("bias_q3", dz, R"({"finish": "mean", "by": "zphot", "part": 2, "parts": 4, "best": 0})");
  graph.metric("bias_q4", dz, R"({"finish": "mean", "by": "zphot", "part": 3, "parts": 4, "best": 0})");
}

// finish: the best coverage is the nominal one, 1 - 2 tail.
void add_coverage(Graph& graph, uint32_t pit, const char* name, double tail, const char* finish) {
  const uint32_t inside =
      graph.op("mul/1", {indicator(graph, pit, "ge", tail), indicator(graph, pit, "le", 1.0 - tail)});
  graph.metric(name, inside, finish);
}

void add_pdf_metrics(Graph& graph, BinnedPdf& pdf, uint32_t z, const Bins& bins) {
  graph.metric("crps", pdf.flat(pdf.crps(z)), kMean);
  const uint32_t pit = pdf.flat(pdf.cdf(z));
  graph.metric("pit_ks", pit, R"({"finish": "ks_uniform"})");
  add_coverage(graph, pit, "coverage_68", 0.16, R"({"finish": "mean", "best": 0.68})");
  add_coverage(graph, pit, "coverage_95", 0.025, R"({"finish": "mean", "best": 0.95})");
  const uint32_t tails = graph.op("add/1", {indicator(graph, pit, "lt", 0.01), indicator(graph, pit, "gt", 0.99)});
  graph.metric("pit_outliers", tails, R"({"finish": "mean", "best": 0.02})");
  const uint32_t density = pdf.density(z);
  const uint32_t cde = pdf.binary("sub/1", pdf.square_integral(), pdf.binary("mul/1", density, 2.0));
  graph.metric("cde_loss", pdf.flat(cde), kMean);
  const uint32_t flat_z = pdf.flat(z);
  const uint32_t outside =
      graph.op("add/1", {indicator(graph, flat_z, "lt", bins.min), indicator(graph, flat_z, "ge", bins.max)});
  graph.metric("outside_grid", outside, kMean);
}

clq_status CLQ_CALL build_metrics(const clq_builder*, clq_graph* raw, const char* config_json, const uint32_t* inputs,
                                  uint32_t n_inputs, uint32_t*, uint32_t, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 2) clq::sdk::fail(CLQ_E_INVALID, "photoz: a prediction and a target expected");
    Graph graph(raw);
    const Bins bins = bins_from(config_json);
    BinnedPdf pdf(graph, inputs[0], bins);
    const uint32_t z = pdf.column(graph.op("cast/1", {inputs[1]}, {{"dtype", CLQ_F64}}));
    add_point_metrics(graph, pdf, z);
    add_pdf_metrics(graph, pdf, z, bins);
    *n_outputs = 0;
    return CLQ_OK;
  });
}

}  // namespace

const clq_builder kPhotozMetrics = {sizeof(clq_builder), 0, nullptr, "metric", "photoz", kSchema, build_metrics};

}  // namespace deepdip

// projects/deepdip/plugin/binned_pdf.cpp -- a PDF that is constant within each redshift bin, and what follows from it.
// SPDX-License-Identifier: BSD-3-Clause
#include "binned_pdf.hpp"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace deepdip {

using clq::sdk::Graph;

namespace {

// Smaller than any probability a softmax returns, so that an empty bin divides to 0 or beyond 1 and is clipped.
constexpr double kTiny = 1e-300;

}  // namespace

Bins bins_from(const char* config_json) {
  const auto config = nlohmann::json::parse(config_json == nullptr ? "{}" : config_json, nullptr, false);
  if (!config.is_object() || !config.contains("bins") || !config["bins"].is_object())
    clq::sdk::fail(CLQ_E_INVALID, "photoz: model.bins is missing; give bins = { min = 0.0, max = 1.0, n = 100 }");
  const auto& b = config["bins"];
  const Bins bins{b.value("min", 0.0), b.value("max", 0.0), b.value("n", int64_t{0})};
  if (bins.n < 2 || !(bins.max > bins.min))
    clq::sdk::fail(CLQ_E_INVALID, "photoz: model.bins needs max > min and n >= 2, got " + b.dump());
  return bins;
}

BinnedPdf::BinnedPdf(Graph& graph, uint32_t prediction, const Bins& bins) : graph_(graph), bins_(bins) {
  const clq_tensor_desc desc = graph.desc(prediction);
  if (desc.rank != 2 || desc.dims[1] != bins.n)
    clq::sdk::fail(CLQ_E_INVALID, "photoz: the network must end in " + std::to_string(bins.n) + " outputs, one a bin");
  const uint32_t raw = graph.op("cast/1", {prediction}, {{"dtype", CLQ_F64}});
  p_ = graph.op("div/1", {raw, sum_bins(raw)});
  below_ = graph.op("cumsum/1", {p_}, {{"exclusive", 1}});
  std::vector<double> edges(static_cast<size_t>(bins.n)), upper_edges(edges.size()), centres(edges.size());
  for (size_t k = 0; k < edges.size(); ++k) {
    edges[k] = bins.min + bins.width() * static_cast<double>(k);
    if (k > 0) upper_edges[k - 1] = edges[k];
    centres[k] = edges[k] + 0.5 * bins.width();
  }
  upper_edges.back() = bins.max;
  edges_ = graph.constant(edges, {1, bins.n});
  upper_edges_ = graph.constant(upper_edges, {1, bins.n});
  centres_ = graph.constant(centres, {1, bins.n});
}

uint32_t BinnedPdf::sum_bins(uint32_t values) {
  return graph_.op("reduce_sum/1", {values}, {{"axes", 1}, {"keepdims", 1}});
}

uint32_t BinnedPdf::column(uint32_t vector) {
  return graph_.op("reshape/1", {vector}, {{"shape", std::vector<int64_t>{-1, 1}}});
}

uint32_t BinnedPdf::flat(uint32_t column) {
  return graph_.op("reshape/1", {column}, {{"shape", std::vector<int64_t>{-1}}});
}

uint32_t BinnedPdf::quantile(double q) {
  const uint32_t room = binary("sub/1", graph_.constant(q), below_);
  const uint32_t part = binary("div/1", room, binary("maximum/1", p_, kTiny));
  const uint32_t passed = sum_bins(graph_.op("clip/1", {part}, {{"min", 0.0}, {"max", 1.0}}));
  return binary("add/1", binary("mul/1", passed, bins_.width()), bins_.min);
}

uint32_t BinnedPdf::fraction(uint32_t z) {
  const uint32_t t = binary("mul/1", binary("sub/1", z, edges_), 1.0 / bins_.width());
  return graph_.op("clip/1", {t}, {{"min", 0.0}, {"max", 1.0}});
}

uint32_t BinnedPdf::cdf(uint32_t z) { return sum_bins(binary("mul/1", p_, fraction(z))); }

uint32_t BinnedPdf::mean() { return sum_bins(binary("mul/1", p_, centres_)); }

uint32_t BinnedPdf::mode() {
  const uint32_t k = graph_.op("cast/1", {column(graph_.op("argmax/1", {p_}))}, {{"dtype", CLQ_F64}});
  return binary("add/1", binary("mul/1", k, bins_.width()), bins_.min + 0.5 * bins_.width());
}

uint32_t BinnedPdf::standard_deviation() {
  const uint32_t offset = binary("sub/1", centres_, mean());
  const uint32_t variance = sum_bins(binary("mul/1", p_, graph_.op("square/1", {offset})));
  return graph_.op("sqrt/1", {binary("add/1", variance, bins_.width() * bins_.width() / 12.0)});
}

uint32_t BinnedPdf::odds() {
  const uint32_t z = mode();
  const uint32_t reach = binary("mul/1", binary("add/1", z, 1.0), 0.03);
  return binary("sub/1", cdf(binary("add/1", z, reach)), cdf(binary("sub/1", z, reach)));
}

// A bin ends at the very number where the next begins, so that a redshift on an edge is in one bin.
uint32_t BinnedPdf::density(uint32_t z) {
  const uint32_t inside = graph_.op("mul/1", {graph_.op("compare/1", {z, edges_}, {{"op", "ge"}}),
                                              graph_.op("compare/1", {z, upper_edges_}, {{"op", "lt"}})});
  const uint32_t mass = sum_bins(graph_.op("select/1", {inside, p_, graph_.constant(0.0)}));
  return binary("mul/1", mass, 1.0 / bins_.width());
}

uint32_t BinnedPdf::square_terms(uint32_t a, uint32_t b) {
  const uint32_t squares = binary("add/1", graph_.op("square/1", {a}), graph_.op("square/1", {b}));
  return binary("mul/1", binary("add/1", squares, binary("mul/1", a, b)), 1.0 / 3.0);
}

// In bin k the CDF runs from a to b; below z it is squared, above z its complement is. c is the CDF at z.
// Outside the grid the CDF is 0 or 1, so the distance from z to the grid is added.
uint32_t BinnedPdf::crps(uint32_t z) {
  const uint32_t t = fraction(z);
  const uint32_t one = graph_.constant(1.0);
  const uint32_t b = binary("add/1", below_, p_);
  const uint32_t c = binary("add/1", below_, binary("mul/1", t, p_));
  const uint32_t under = binary("mul/1", t, square_terms(below_, c));
  const uint32_t rest = square_terms(binary("sub/1", one, c), binary("sub/1", one, b));
  const uint32_t over = binary("mul/1", binary("sub/1", one, t), rest);
  const uint32_t within = binary("mul/1", sum_bins(binary("add/1", under, over)), bins_.width());
  const uint32_t above = binary("maximum/1", binary("sub/1", z, bins_.max), 0.0);
  const uint32_t beneath = binary("maximum/1", binary("sub/1", graph_.constant(bins_.min), z), 0.0);
  return binary("add/1", within, binary("add/1", above, beneath));
}

uint32_t BinnedPdf::square_integral() {
  return binary("mul/1", sum_bins(graph_.op("square/1", {p_})), 1.0 / bins_.width());
}

}  // namespace deepdip

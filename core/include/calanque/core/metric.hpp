// calanque/core/metric.hpp -- metrics: per-sample values in the graph, finished over the whole data set.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <calanque/core/config.hpp>

namespace clq {

class GraphBuilder;

class MetricSet {                      // calls GraphBuilder::metric for each value it defines
 public:
  virtual ~MetricSet() = default;
  virtual void build(GraphBuilder& graph, Value prediction, Value target) const = 0;
};

struct MetricEntry {
  std::string_view name;               // "regression", "classification"
  std::unique_ptr<MetricSet> (*make)(const Config&);
};
std::span<const MetricEntry> metric_table();

// `finish` of a metric over all its per-sample values v with weights w (both length n, rows with w = 0 left out):
//   {"finish": "mean"} sum wv / sum w      {"finish": "rms"}    {"finish": "median"}   {"finish": "sigma_mad"} 1.4826 median|v - median v|
//   {"finish": "quantile", "q": 0.9}       {"finish": "std"}    {"finish": "ks_uniform"} KS distance of v from U(0,1)
//   {"finish": "median" | "mean", "by": "<other metric>", "part": k, "parts": m}: over part k = 0 ... m-1 of m equal parts sorted by the other metric's values
//   {"finish": "ratio", "over": "<other metric>"}: sum wv / sum wu, u the other's values: a precision, pooled over all samples
//   {"finish": "r2", "over": "<the target>"}: 1 - sum w v^2 / sum w (u - mean u)^2, v the residuals
//   {"finish": "auc" | "average_precision", "over": "<the label>"}: of the score v for u from 0 (no) to 1 (yes)
//   ... "where": "<other metric>": each row's weight is multiplied by the other's value, 0 where there is no target
//   {"finish": "none"}: for others to be over; it has no number of its own
// "mean", "rms" and "ratio" without "by" are sums kept on the device; the others, and what they are over, keep 8 bytes a row.
// "best" says which value a monitor looks for: "smallest" (default), "largest", or the one nearest to this number.
bool finish_needs_rows(const Json& finish);
bool finish_has_number(const Json& finish);         // all but "none"
std::string finish_other(const Json& finish);       // the metric that it is sorted by or over; "": none
std::string finish_where(const Json& finish);       // the one that multiplies its weights; "": none
int64_t finish_bytes(int64_t n_rows);   // what finish_metric takes while it works, at most
double finish_metric(const Json& finish, std::span<const double> values, std::span<const double> weights, std::span<const double> by);
double shortfall(const Json& finish, double value);      // smallest where the metric is best

}  // namespace clq

// core/src/train/metric_sums.hpp -- metrics over a whole data set: sums kept on the device, rows kept here.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "train/runner.hpp"

namespace clq {

// Of one program `evaluate` or `score`. [one thread]
class MetricSums {
 public:
  // n_rows: rows that will be added; 8 bytes a row are reserved for each metric that needs its rows, and for the
  // weights.
  MetricSums(const Graph& graph, int64_t n_rows);
  const std::vector<std::string>& states() const { return states_; }  // to be cleared before, exported after
  // The first n rows of the program's outputs, with their weights.
  void add(const Runner& runner, const double* weights, int64_t n);
  // {"loss": ..., "bias": ...} in the order in which the metrics were defined.
  Json finish(const std::map<std::string, Tensor>& sums) const;
  int64_t bytes() const;  // with what finish() takes for one metric at a time

 private:
  const std::vector<double>& rows_of(const std::string& metric) const;
  double finish_rows(const Metric& metric) const;
  std::vector<Metric> metrics_;
  std::vector<std::string> states_;
  std::map<std::string, std::vector<double>> rows_;
  std::vector<double> weights_;
};

}  // namespace clq

// tests/core/metrics/metric_values.hpp -- the metrics of a task: per sample, and finished over all samples.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/run_graph.hpp"

namespace clq::test {

Tensors metric_values(const std::string& task, const Tensor& prediction, const Tensor& target,
                      const Json& options = Json::object());
// Of all rows, with their weights (none: 1 each); those that have no number of their own are left out.
std::map<std::string, double> finished_metrics(const std::string& task, const Tensor& prediction, const Tensor& target,
                                               std::vector<double> weights = {}, const Json& options = Json::object());

}  // namespace clq::test

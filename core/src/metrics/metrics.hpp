// core/src/metrics/metrics.hpp -- the makers that table.cpp lists, and what metrics share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/metric.hpp>

#include "graph/graph_builder.hpp"

namespace clq {

std::unique_ptr<MetricSet> make_regression(const Config&);
std::unique_ptr<MetricSet> make_classification(const Config&);
std::unique_ptr<MetricSet> make_segmentation(const Config&);
std::unique_ptr<MetricSet> make_reconstruction(const Config&);

// How a set's metrics are called, and of which rows they are.
struct Naming {
  std::string suffix;  // "_2" of the second target
  std::string where;   // finish_where of each; "": of all rows
  std::string of(const char* name) const { return fmt::format("{}{}", name, suffix); }
  void add(GraphBuilder& graph, const char* name, Value value, Json finish) const;
};

inline constexpr double kYes = 0.5;  // a probability from here on is a yes

Value as_f64(GraphBuilder& graph, Value x);
Value columns(GraphBuilder& graph, Value table, int64_t begin, int64_t width);  // of [N, K]: [N, width]
Value flat(GraphBuilder& graph, Value x);                                       // [N, 1] -> [N]

}  // namespace clq

// core/src/metrics/metrics.hpp -- the makers that table.cpp lists.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/metric.hpp>

#include "graph/graph_builder.hpp"

namespace clq {

std::unique_ptr<MetricSet> make_regression(const Config&);
std::unique_ptr<MetricSet> make_classification(const Config&);

}  // namespace clq

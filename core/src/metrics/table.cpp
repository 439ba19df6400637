// core/src/metrics/table.cpp -- the core's metrics by task.
// SPDX-License-Identifier: BSD-3-Clause
#include "metrics/metrics.hpp"

namespace clq {
namespace {

constexpr MetricEntry kMetrics[] = {
    {"regression", make_regression},
    {"classification", make_classification},
    {"segmentation", make_segmentation},
    {"reconstruction", make_reconstruction},
};

}  // namespace

std::span<const MetricEntry> metric_table() { return kMetrics; }

}  // namespace clq

// core/src/losses/losses.hpp -- the makers that table.cpp lists, and what losses share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/loss.hpp>

#include "graph/graph_builder.hpp"

namespace clq {

std::unique_ptr<Loss> make_softmax_cross_entropy(const Config&);
std::unique_ptr<Loss> make_crps(const Config&);
std::unique_ptr<Loss> make_mse(const Config&);
std::unique_ptr<Loss> make_mae(const Config&);
std::unique_ptr<Loss> make_huber(const Config&);
std::unique_ptr<Loss> make_bce(const Config&);
std::unique_ptr<Loss> make_dice(const Config&);
std::unique_ptr<Loss> make_nt_xent(const Config&);
std::unique_ptr<Loss> make_expression(const Config&);
std::unique_ptr<Loss> make_gaussian_nll(const Config&);
std::unique_ptr<Loss> make_gaussian_crps(const Config&);
std::unique_ptr<Loss> make_mixture_nll(const Config&);
std::unique_ptr<Loss> make_mixture_crps(const Config&);

struct Bins {  // n equal bins of [min, max]
  double min = 0, max = 0;
  int64_t n = 0;  // 0: none
  double width() const { return (max - min) / static_cast<double>(n); }
};
Bins read_bins(const Config& table);  // its keys min, max, n; all zero for an empty table

// `target` in the output's dtype and shape; the counts must agree.
Value target_like(GraphBuilder& graph, Value target, Value output, const char* loss);
// The target as read: with mask_nan its NaN do not count and are 0, for 0 times the slope of a NaN would be NaN.
struct Target {
  Value values;  // in the output's dtype and shape
  Value counts;  // U8 of the same shape; Value{}: all of it counts
};
Target read_target(GraphBuilder& graph, Value target, Value output, bool mask_nan, const char* loss);
Value counted(GraphBuilder& graph, Value elements, Value counts);  // 0 where the target does not count
// [N, ...] -> [N]: the mean over those of a sample's elements that count; 0 where none does.
Value sample_mean(GraphBuilder& graph, Value elements, Value counts);
Value probability(GraphBuilder& graph, Value target);  // NaN where it is none: outside [0, 1] a loss has no lower end
void require_bins(const GraphBuilder& graph, Value output, const Bins& bins, const char* loss);

}  // namespace clq

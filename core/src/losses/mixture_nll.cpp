// core/src/losses/mixture_nll.cpp -- minus the log likelihood of a mixture of Gaussians (Bishop 1994).
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/heads.hpp"

#include <cmath>
#include <numbers>

namespace clq {
namespace {

// log sum_k e^(a_k) - log sum_k e^(a_k - t_k - y_k^2 / 2) + log(2 pi) / 2 with the logits a, log sigmas t and
// y = (z - mean) / sigma: no density is ever computed that could be 0.
class MixtureNll final : public Loss {
 public:
  explicit MixtureNll(const Config& config) : mask_nan_(config.get("mask_nan", false)) {}

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const MixtureHead head = mixture_head(graph, output, kName);
    const Target wanted = mixture_target(graph, target, head, mask_nan_, kName);
    const DType dtype = graph.dtype(output);
    const Value inverse = graph.op("exp/1", {graph.op("neg/1", {head.log_sigma})});
    const Value y = graph.op("mul/1", {graph.op("sub/1", {wanted.values, head.mean}), inverse});
    const Value half = times(graph, graph.op("square/1", {y}), 0.5);
    const Value log_density = graph.op("sub/1", {graph.op("sub/1", {head.logits, head.log_sigma}), half});
    const Value norm = graph.op("log_sum_exp/1", {head.logits}), sum = graph.op("log_sum_exp/1", {log_density});
    const Value constant = graph.constant(0.5 * std::log(2 * std::numbers::pi), dtype);
    return sample_mean(graph, graph.op("add/1", {graph.op("sub/1", {norm, sum}), constant}), wanted.counts);
  }

  Value predict(GraphBuilder& graph, Value output) const override { return mixture_prediction(graph, output, kName); }

 private:
  static constexpr const char* kName = "mixture_nll";
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_mixture_nll(const Config& config) { return std::make_unique<MixtureNll>(config); }

}  // namespace clq

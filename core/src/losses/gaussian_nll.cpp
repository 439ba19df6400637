// core/src/losses/gaussian_nll.cpp -- minus the log likelihood of a Gaussian a number (Nix & Weigend 1994), averaged.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/heads.hpp"

#include <cmath>
#include <numbers>

namespace clq {
namespace {

// (log 2 pi + s + (z - mean)^2 e^-s) / 2 with s the log variance.
class GaussianNll final : public Loss {
 public:
  explicit GaussianNll(const Config& config) : mask_nan_(config.get("mask_nan", false)) {}

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const GaussianHead head = gaussian_head(graph, output, kName);
    const Target wanted = read_target(graph, target, head.mean, mask_nan_, kName);
    const DType dtype = graph.dtype(output);
    const Value error = graph.op("sub/1", {wanted.values, head.mean}), s = head.log_variance;
    const Value precision = graph.op("exp/1", {graph.op("neg/1", {s})});
    const Value scaled = graph.op("mul/1", {graph.op("square/1", {error}), precision});
    const Value whole =
        graph.op("add/1", {graph.op("add/1", {scaled, s}), graph.constant(std::log(2 * std::numbers::pi), dtype)});
    return sample_mean(graph, times(graph, whole, 0.5), wanted.counts);
  }

  Value predict(GraphBuilder& graph, Value output) const override { return gaussian_prediction(graph, output, kName); }

 private:
  static constexpr const char* kName = "gaussian_nll";
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_gaussian_nll(const Config& config) { return std::make_unique<GaussianNll>(config); }

}  // namespace clq

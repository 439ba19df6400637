// core/src/losses/gaussian_crps.cpp -- the continuous ranked probability score of a Gaussian a number, averaged.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/heads.hpp"

#include <numbers>

namespace clq {
namespace {

// sigma (y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi)) with y = (z - mean) / sigma (Gneiting & Raftery 2007, section 4.2,
// with the sign of a loss): the mean of |X - z| for X from the Gaussian, less sigma / sqrt(pi), half that of |X - X'|.
class GaussianCrps final : public Loss {
 public:
  explicit GaussianCrps(const Config& config) : mask_nan_(config.get("mask_nan", false)) {}

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const GaussianHead head = gaussian_head(graph, output, kName);
    const Target wanted = read_target(graph, target, head.mean, mask_nan_, kName);
    const Value sigma = graph.op("exp/1", {times(graph, head.log_variance, 0.5)});
    const Value far = mean_size(graph, graph.op("sub/1", {wanted.values, head.mean}), sigma);
    const Value own = times(graph, sigma, std::numbers::inv_sqrtpi);
    return sample_mean(graph, graph.op("sub/1", {far, own}), wanted.counts);
  }

  Value predict(GraphBuilder& graph, Value output) const override { return gaussian_prediction(graph, output, kName); }

 private:
  static constexpr const char* kName = "gaussian_crps";
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_gaussian_crps(const Config& config) { return std::make_unique<GaussianCrps>(config); }

}  // namespace clq

// core/src/losses/mixture_crps.cpp -- the continuous ranked probability score of a mixture of Gaussians.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/heads.hpp"

namespace clq {
namespace {

// sum_i w_i A(z - m_i, s_i) - sum_ij w_i w_j A(m_i - m_j, sqrt(s_i^2 + s_j^2)) / 2 (Grimit et al. 2006), where A(d, s)
// is the mean of |X| for X from N(d, s^2).
class MixtureCrps final : public Loss {
 public:
  explicit MixtureCrps(const Config& config) : mask_nan_(config.get("mask_nan", false)) {}

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const MixtureHead head = mixture_head(graph, output, kName);
    const Target wanted = mixture_target(graph, target, head, mask_nan_, kName);
    const Gaussians mixture = {graph.op("softmax/1", {head.logits}), head.mean, graph.op("exp/1", {head.log_sigma})};
    return sample_mean(graph, mixture_crps(graph, mixture, wanted.values), wanted.counts);
  }

  Value predict(GraphBuilder& graph, Value output) const override { return mixture_prediction(graph, output, kName); }

 private:
  static constexpr const char* kName = "mixture_crps";
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_mixture_crps(const Config& config) { return std::make_unique<MixtureCrps>(config); }

}  // namespace clq

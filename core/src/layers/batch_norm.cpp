// core/src/layers/batch_norm.cpp -- each channel (axis 1) to mean beta and deviation gamma.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

class BatchNorm final : public Layer {
 public:
  explicit BatchNorm(const Config& config) : momentum_(config.get("momentum", 0.1)), eps_(config.get("eps", 1e-5)) {
    CLQ_REQUIRE(momentum_ > 0 && momentum_ <= 1, "batch_norm: momentum must be in (0, 1], got {}", momentum_);
    CLQ_REQUIRE(eps_ > 0, "batch_norm: eps must be positive, got {}", eps_);
  }

  // running += momentum (batch - running), as PyTorch writes it; the running variance is the unbiased one, also as
  // there.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "batch_norm");
    const Shape dims = graph.shape(x);
    CLQ_REQUIRE(dims.size() >= 2 && dims[1] > 0, "batch_norm: src must be [N, C, ...], got {}", to_string(dims));
    const TensorDesc channels{graph.float_type(), {dims[1]}};
    const uint32_t flags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
    const Value gamma = graph.param("gamma", channels.dims, init::constant(1), flags);
    const Value beta = graph.param("beta", channels.dims, init::zeros(), flags);
    const Value mean = graph.state("running_mean", channels, init::zeros());
    const Value variance = graph.state("running_variance", channels, init::constant(1));
    const Attrs eps = {{"eps", attr(eps_)}};
    if (graph.mode() == Mode::infer) return graph.op("batch_norm_inference/1", {x, gamma, beta, mean, variance}, eps);

    const std::vector<Value> out = graph.multi_op("batch_norm/1", {x, gamma, beta}, eps);
    const auto n = static_cast<double>(element_count(dims) / dims[1]);
    CLQ_REQUIRE(n > 1, "batch_norm: training needs more than one value a channel, got {}", to_string(dims));
    const Value unbiased = graph.op("mul/1", {out[2], graph.constant(n / (n - 1), channels.dtype)});
    graph.assign(mean, moved(graph, mean, out[1]));
    graph.assign(variance, moved(graph, variance, unbiased));
    return out[0];
  }

 private:
  Value moved(GraphBuilder& graph, Value running, Value batch) const {
    const Value towards = graph.op("sub/1", {batch, running});
    return graph.op("add/1", {running, graph.op("mul/1", {towards, graph.constant(momentum_, graph.float_type())})});
  }

  double momentum_, eps_;
};

}  // namespace

std::unique_ptr<Layer> make_batch_norm(const Config& config) { return std::make_unique<BatchNorm>(config); }

}  // namespace clq

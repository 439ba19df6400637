// core/src/layers/batch_norm.cpp -- each channel (axis 1) to mean beta and deviation gamma.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

class BatchNorm final : public Layer {
 public:
  explicit BatchNorm(const Config& config)
      : momentum_(config.get("momentum", 0.1)), eps_(config.get("eps", 1e-5)), sync_(config.get("sync", false)) {
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
    if (graph.mode() == Mode::infer)
      return graph.op("batch_norm_inference/1", {x, gamma, beta, mean, variance}, {{"eps", attr(eps_)}});

    const bool sync = sync_ && graph.replicas() > 1;
    CLQ_REQUIRE(!sync || !graph.same_for_any_replicas(),
                "batch_norm: with sync its statistics depend on the number of replicas, {}; compute.deterministic "
                "promises that nothing does",
                graph.replicas());
    const Normalised out = sync ? over_replicas(graph, x, gamma, beta) : over_batch(graph, x, gamma, beta);
    const double n = count_of(dims) * static_cast<double>(sync ? graph.replicas() : 1);
    CLQ_REQUIRE(n > 1, "batch_norm: training needs more than one value a channel, got {}", to_string(dims));
    const Value unbiased = graph.op("mul/1", {out.variance, graph.constant(n / (n - 1), channels.dtype)});
    graph.assign(mean, moved(graph, mean, out.mean));
    graph.assign(variance, moved(graph, variance, unbiased));
    return out.y;
  }

 private:
  struct Normalised {
    Value y, mean, variance;  // [N, C, ...], [C], [C]
  };

  static double count_of(const Shape& dims) { return static_cast<double>(element_count(dims) / dims[1]); }

  Normalised over_batch(GraphBuilder& graph, Value x, Value gamma, Value beta) const {
    const auto out = graph.multi_op("batch_norm/1", {x, gamma, beta}, {{"eps", attr(eps_)}});
    return {out[0], out[1], out[2]};
  }

  // The same of the rows that all replicas compute at once; the gradient flows through the sums.
  Normalised over_replicas(GraphBuilder& graph, Value x, Value gamma, Value beta) const {
    const Shape dims = graph.shape(x);
    const DType dtype = graph.dtype(x);
    std::vector<int64_t> axes;
    Shape channel(dims.size(), 1);
    channel[1] = dims[1];
    for (size_t i = 0; i < dims.size(); ++i)
      if (i != 1) axes.push_back(static_cast<int64_t>(i));
    const Value count = graph.constant(count_of(dims) * static_cast<double>(graph.replicas()), dtype);
    const auto mean_of = [&](Value v) {
      const Value sum = graph.op("reduce_sum/1", {v}, {{"axes", attr(axes)}, {"keepdims", attr(1)}});
      return graph.op("div/1", {graph.op("all_reduce/1", {sum}, {{"bucket", attr(0)}}), count});
    };
    const auto shaped = [&](Value v, const Shape& to) { return graph.op("reshape/1", {v}, {{"shape", attr(to)}}); };
    const Value mean = mean_of(x), centred = graph.op("sub/1", {x, mean});
    const Value variance = mean_of(graph.op("mul/1", {centred, centred}));
    const Value deviation = graph.op("sqrt/1", {graph.op("add/1", {variance, graph.constant(eps_, dtype)})});
    const Value scaled = graph.op("mul/1", {graph.op("div/1", {centred, deviation}), shaped(gamma, channel)});
    return {graph.op("add/1", {scaled, shaped(beta, channel)}), shaped(mean, {dims[1]}), shaped(variance, {dims[1]})};
  }

  Value moved(GraphBuilder& graph, Value running, Value batch) const {
    const Value towards = graph.op("sub/1", {batch, running});
    return graph.op("add/1", {running, graph.op("mul/1", {towards, graph.constant(momentum_, graph.float_type())})});
  }

  double momentum_, eps_;
  bool sync_;
};

}  // namespace

std::unique_ptr<Layer> make_batch_norm(const Config& config) { return std::make_unique<BatchNorm>(config); }

}  // namespace clq

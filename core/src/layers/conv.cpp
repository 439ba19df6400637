// core/src/layers/conv.cpp -- a convolution over [N, C, L] or [N, C, H, W].
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"
#include "layers/window_options.hpp"

namespace clq {
namespace {

class Conv final : public Layer {
 public:
  explicit Conv(const Config& config)
      : channels_(config.require<int64_t>("channels")),
        groups_(config.get("groups", int64_t{1})),
        bias_(config.get("bias", true)),
        bias_init_(config.get("bias_init", 0.0)),
        activation_(config.get("activation", std::string())),
        init_(init::known(config.get("init", std::string("he_uniform")))),
        window_(config, "conv", true, "same") {
    CLQ_REQUIRE(channels_ > 0, "conv: channels must be positive, got {}", channels_);
    CLQ_REQUIRE(groups_ > 0 && channels_ % groups_ == 0, "conv: {} groups do not divide {} channels", groups_,
                channels_);
    require_activation(activation_);
  }

  // weights [channels, C / groups, kernel ...] as PyTorch keeps them; He's uniform limit sqrt(6 / fan_in) unless `init`
  // names another, with the fans of one group; bias `bias_init`.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "conv");
    const Shape src = graph.shape(x);
    Shape dims = window_.kernel(src);
    const int64_t kernel = element_count(dims);
    CLQ_REQUIRE(src[1] > 0 && src[1] % groups_ == 0, "conv: {} groups do not divide the {} channels of src", groups_,
                src[1]);
    dims.insert(dims.begin(), {channels_, src[1] / groups_});
    const int64_t fan_in = dims[1] * kernel, fan_out = channels_ / groups_ * kernel;
    std::vector<Value> operands = {x, graph.param("weights", dims, init::named(init_, fan_in, fan_out))};
    if (bias_) {
      const uint32_t flags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
      operands.push_back(graph.param("bias", {channels_}, init::constant(bias_init_), flags));
    }
    Attrs attrs = window_.attrs(src);
    if (groups_ > 1) attrs.emplace_back("groups", attr(groups_));
    return activate(graph, activation_, graph.op("conv/1", operands, attrs));
  }

 private:
  int64_t channels_, groups_;
  bool bias_;
  double bias_init_;
  std::string activation_, init_;
  WindowOptions window_;
};

}  // namespace

std::unique_ptr<Layer> make_conv(const Config& config) { return std::make_unique<Conv>(config); }

}  // namespace clq

// core/src/layers/upsample.cpp -- maps made larger by a whole factor, without weights.
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/layers.hpp"
#include "layers/window_options.hpp"

namespace clq {
namespace {

class Upsample final : public Layer {
 public:
  explicit Upsample(const Config& config)
      : scale_(entries_of(config, "scale", 1, {2})), mode_(config.get("mode", std::string("nearest"))) {
    CLQ_REQUIRE(mode_ == "nearest" || mode_ == "bilinear",
                "upsample: mode must be \"nearest\" or \"bilinear\", got '{}'", mode_);
  }

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "upsample");
    const Shape src = graph.shape(x);
    CLQ_REQUIRE(src.size() == 3 || src.size() == 4, "upsample: src must be [N, C, L] or [N, C, H, W], got {}",
                to_string(src));
    const size_t n = src.size() - 2;
    const auto scales = scale_.size() == 1 ? std::vector<int64_t>(n, scale_.front()) : scale_;
    return graph.op("resize/1", {x}, {{"scales", attr(scales)}, {"mode", attr(mode_.c_str())}});
  }

 private:
  std::vector<int64_t> scale_;
  std::string mode_;
};

}  // namespace

std::unique_ptr<Layer> make_upsample(const Config& config) { return std::make_unique<Upsample>(config); }

}  // namespace clq

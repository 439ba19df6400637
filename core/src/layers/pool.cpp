// core/src/layers/pool.cpp -- the largest or mean value of windows, or of each whole channel.
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/layers.hpp"
#include "layers/window_options.hpp"

namespace clq {
namespace {

class Pool final : public Layer {
 public:
  Pool(const Config& config, const char* layer)
      : layer_(layer),
        count_padding_(layer_ == "avg_pool" && config.get("count_padding", false)),
        window_(config, layer, false, "valid") {
    window_.set_stride_to_kernel();
  }

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, layer_.c_str());
    const Shape src = graph.shape(x);
    Attrs attrs = window_.attrs(src);
    attrs.emplace_back("kernel", attr(window_.kernel(src)));
    if (count_padding_) attrs.emplace_back("count_padding", attr(1));
    return graph.op(layer_ + "/1", {x}, attrs);
  }

 private:
  std::string layer_;
  bool count_padding_;
  WindowOptions window_;
};

class GlobalPool final : public Layer {
 public:
  GlobalPool(const char* layer, const char* op) : layer_(layer), op_(op) {}

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, layer_);
    const Shape src = graph.shape(x);
    CLQ_REQUIRE(src.size() >= 3, "{}: src must be [N, C, L] or [N, C, H, W], got {}", layer_, to_string(src));
    std::vector<int64_t> axes;
    for (size_t a = 2; a < src.size(); ++a) axes.push_back(static_cast<int64_t>(a));
    return graph.op(op_, {x}, {{"axes", attr(axes)}});
  }

 private:
  const char *layer_, *op_;
};

}  // namespace

std::unique_ptr<Layer> make_max_pool(const Config& config) { return std::make_unique<Pool>(config, "max_pool"); }
std::unique_ptr<Layer> make_avg_pool(const Config& config) { return std::make_unique<Pool>(config, "avg_pool"); }
std::unique_ptr<Layer> make_global_max_pool(const Config&) {
  return std::make_unique<GlobalPool>("global_max_pool", "reduce_max/1");
}
std::unique_ptr<Layer> make_global_avg_pool(const Config&) {
  return std::make_unique<GlobalPool>("global_avg_pool", "reduce_mean/1");
}

}  // namespace clq

// core/src/layers/dropout.cpp -- elements zeroed at random while training, the others scaled to keep the mean.
// SPDX-License-Identifier: BSD-3-Clause
#include <bit>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

class Dropout final : public Layer {
 public:
  explicit Dropout(const Config& config) : rate_(config.get("rate", 0.5)) {
    CLQ_REQUIRE(rate_ >= 0 && rate_ < 1, "dropout: rate must be in [0, 1), got {}", rate_);
  }

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    return dropped(graph, only_input(inputs, "dropout"), rate_);
  }

 private:
  double rate_;
};

}  // namespace

std::unique_ptr<Layer> make_dropout(const Config& config) { return std::make_unique<Dropout>(config); }

// The mask depends on seed, step, sample and the layer's name alone: not on threads, batches or replicas.
Value dropped(GraphBuilder& graph, Value x, double rate) {
  if (graph.mode() == Mode::infer || rate == 0) return x;
  const DType dtype = graph.dtype(x);
  const auto stream = std::bit_cast<int64_t>(stream_of(graph.scope()));
  const Value uniform = graph.op("random/1", {graph.scalar("seed"), graph.scalar("step"), graph.scalar("first_sample")},
                                 {{"shape", attr(graph.shape(x))},
                                  {"dtype", attr(dtype)},
                                  {"stream", attr(stream)},
                                  {"distribution", attr("uniform")}});
  const Value kept = graph.op("compare/1", {uniform, graph.constant(rate, dtype)}, {{"op", attr("ge")}});
  const Value scaled = graph.op("mul/1", {x, graph.constant(1 / (1 - rate), dtype)});
  return graph.op("select/1", {kept, scaled, graph.constant(0, dtype)});
}

}  // namespace clq

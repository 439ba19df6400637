// core/src/losses/dice.cpp -- one minus the soft Dice coefficient of a sample (V-Net, Milletari et al. 2016).
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

#include <cmath>

namespace clq {
namespace {

// 1 - (2 sum p y + smooth) / (sum p^2 + sum y^2 + smooth) with p = sigmoid(x), over the elements of a channel, averaged
// over the channels; outputs [N, K] are one channel. It is sum (p - y)^2 over the same denominator, which loses nothing
// where p is nearly y. Squares as in the paper: with p + y in their place y would not be the best p of a soft y.
class Dice final : public Loss {
 public:
  explicit Dice(const Config& config) : smooth_(config.get("smooth", 1.0)), mask_nan_(config.get("mask_nan", false)) {
    CLQ_REQUIRE(smooth_ > 0 && std::isfinite(smooth_), "dice: smooth must be positive, got {}", smooth_);
  }

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Target wanted = read_target(graph, target, output, mask_nan_, "dice");
    const Value y = probability(graph, wanted.values);
    const Value p = counted(graph, predict(graph, output), wanted.counts);
    const Value squares = graph.op("add/1", {graph.op("square/1", {p}), graph.op("square/1", {y})});
    const Value smooth = graph.constant(smooth_, graph.dtype(output));
    const Value off = over_channel(graph, graph.op("square/1", {graph.op("sub/1", {p, y})}));
    const Value all = graph.op("add/1", {over_channel(graph, squares), smooth});
    return sample_mean(graph, graph.op("div/1", {off, all}), Value{});
  }

  Value predict(GraphBuilder& graph, Value output) const override { return graph.op("sigmoid/1", {output}); }

 private:
  static Value over_channel(GraphBuilder& graph, Value x) {
    const size_t rank = graph.shape(x).size();
    CLQ_REQUIRE(rank > 1, "dice: the network must give several elements a sample, got {}", to_string(graph.shape(x)));
    std::vector<int64_t> axes;
    for (size_t i = rank == 2 ? 1 : 2; i < rank; ++i) axes.push_back(static_cast<int64_t>(i));
    return graph.op("reduce_sum/1", {x}, {{"axes", attr(axes)}});
  }

  double smooth_;
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_dice(const Config& config) { return std::make_unique<Dice>(config); }

}  // namespace clq

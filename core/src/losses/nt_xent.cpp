// core/src/losses/nt_xent.cpp -- contrastive loss of pairs of views (SimCLR, Chen et al. 2020), which needs no target.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

#include <cmath>

namespace clq {
namespace {

constexpr double kSmallest = 1e-8;  // of a norm: a row of zeros has no direction, and no infinite gradient
constexpr double kNobody = -1e30;   // e^ of it is 0, and unlike an infinity it is no sign of a divergence

// Rows 2i and 2i + 1 are two views of one object. The loss of a row is minus the logarithm of the softmax of its cosine
// similarities to all other rows, over the temperature, at that of its other view. A row without weight is nobody's
// other row, and where it is the other view the loss is 0.
class NtXent final : public Loss {
 public:
  explicit NtXent(const Config& config) : temperature_(config.get("temperature", 0.5)) {
    CLQ_REQUIRE(temperature_ > 0 && std::isfinite(temperature_), "nt_xent: temperature must be positive, got {}",
                temperature_);
  }

  Value build(GraphBuilder& graph, Value output, Value) const override {
    const Shape dims = graph.shape(output);
    CLQ_REQUIRE(dims.size() == 2, "nt_xent: the network must give [N, features], got {}", to_string(dims));
    CLQ_REQUIRE(dims[0] % 2 == 0, "nt_xent: a batch holds two views of each object, it cannot have {} rows", dims[0]);
    const Value rows = normalised(graph, output);
    const Value cosine = graph.op("matmul/1", {rows, rows}, {{"transpose_b", attr(1)}});
    const Value logits = graph.op("div/1", {cosine, graph.constant(temperature_, graph.dtype(output))});
    const Value other = where(graph, dims[0], [](int64_t i, int64_t j) { return i != j; });
    const Value view = where(graph, dims[0], [](int64_t i, int64_t j) { return (i ^ 1) == j; });
    const Value counts = has_weight(graph, dims[0]);
    const Value nobody = graph.constant(kNobody, graph.dtype(output)), zero = graph.constant(0, graph.dtype(output));
    const Value asked = counts ? graph.op("mul/1", {other, counts}) : other;
    const Value all = graph.op("log_sum_exp/1", {graph.op("select/1", {asked, logits, nobody})});
    const Value pair = sum_of_row(graph, graph.op("select/1", {view, logits, zero}));
    const Value loss = graph.op("sub/1", {all, pair});
    return counts ? graph.op("select/1", {any_of_row(graph, graph.op("mul/1", {view, counts})), loss, zero}) : loss;
  }

  Value predict(GraphBuilder&, Value output) const override { return output; }

 private:
  static Value sum_of_row(GraphBuilder& graph, Value x) { return graph.op("reduce_sum/1", {x}, {{"axes", attr(1)}}); }

  static Value any_of_row(GraphBuilder& graph, Value mask) {
    const Value ones = graph.op("cast/1", {mask}, {{"dtype", attr(CLQ_F32)}});
    return graph.op("cast/1", {sum_of_row(graph, ones)}, {{"dtype", attr(CLQ_U8)}});  // 0 or 1: there is one view
  }

  // U8 [1, N]; Value{} where nobody has weights.
  static Value has_weight(GraphBuilder& graph, int64_t n) {
    if (!graph.has_input("weight")) return {};
    const std::vector<int64_t> row = {1, n};
    const Value weight = graph.op("reshape/1", {graph.input("weight")}, {{"shape", attr(row)}});
    const Value zero = graph.constant(0, graph.dtype(weight));
    return graph.op("compare/1", {weight, zero}, {{"op", attr("ne")}});
  }

  static Value normalised(GraphBuilder& graph, Value x) {
    const Value squares =
        graph.op("reduce_sum/1", {graph.op("square/1", {x})}, {{"axes", attr(1)}, {"keepdims", attr(1)}});
    const Value floor = graph.constant(kSmallest * kSmallest, graph.dtype(x));
    return graph.op("div/1", {x, graph.op("sqrt/1", {graph.op("maximum/1", {squares, floor})})});
  }

  template <class Holds>
  static Value where(GraphBuilder& graph, int64_t n, Holds holds) {
    Tensor mask({CLQ_U8, {n, n}});
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < n; ++j) mask.as<uint8_t>()[static_cast<size_t>(i * n + j)] = holds(i, j);
    return graph.constant(mask);
  }

  double temperature_;
};

}  // namespace

std::unique_ptr<Loss> make_nt_xent(const Config& config) { return std::make_unique<NtXent>(config); }

}  // namespace clq

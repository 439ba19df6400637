// core/src/layers/attention.cpp -- multi-head self-attention over [N, T, C] (Vaswani et al. 2017, arXiv 1706.03762).
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

class Attention final : public Layer {
 public:
  explicit Attention(const Config& config)
      : heads_(config.require<int64_t>("heads")),
        bias_(config.get("bias", true)),
        causal_(config.get("causal", false)),
        dropout_(config.get("dropout", 0.0)),
        init_(init::known(config.get("init", std::string("glorot_uniform")))) {
    CLQ_REQUIRE(heads_ > 0, "attention: heads must be positive, got {}", heads_);
    CLQ_REQUIRE(dropout_ >= 0 && dropout_ < 1, "attention: dropout must be in [0, 1), got {}", dropout_);
  }

  // in_weights [3 C, C], rows of queries, keys and values in this order, and out_weights [C, C], as PyTorch keeps them.
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "attention");
    const Shape dims = graph.shape(x);
    CLQ_REQUIRE(dims.size() == 3 && dims[1] > 0 && dims[2] > 0, "attention: src must be [N, T, C], got {}",
                to_string(dims));
    CLQ_REQUIRE(dims[2] % heads_ == 0, "attention: {} heads do not divide the {} channels of src", heads_, dims[2]);
    const auto [q, k, v] = projected(graph, x, dims);
    const Value size = graph.constant(1 / std::sqrt(static_cast<double>(dims[2] / heads_)), graph.dtype(x));
    Value scores = graph.op("batch_matmul/1", {graph.op("mul/1", {q, size}), k}, {{"transpose_b", attr(1)}});
    if (causal_) scores = graph.op("add/1", {scores, graph.constant(mask(dims[1], graph.dtype(x)))});
    const Value weights = dropped(graph, graph.op("softmax/1", {scores}), dropout_);
    const Value mixed = graph.op("batch_matmul/1", {weights, v});  // [N, heads, T, C / heads]
    const Value together = graph.op("transpose/1", {mixed}, {{"perm", attr(std::vector<int64_t>{0, 2, 1, 3})}});
    const Value rows = reshaped(graph, together, {dims[0] * dims[1], dims[2]});
    return reshaped(graph, dense(graph, rows, "out", dims[2]), dims);
  }

 private:
  struct Heads {
    Value q, k, v;  // [N, heads, T, C / heads] each
  };

  static Value reshaped(GraphBuilder& graph, Value x, const Shape& dims) {
    return graph.op("reshape/1", {x}, {{"shape", attr(dims)}});
  }

  Value dense(GraphBuilder& graph, Value rows, const std::string& name, int64_t units) const {
    const int64_t fan_in = graph.shape(rows)[1];
    const Value weights = graph.param(name + "_weights", {units, fan_in}, init::named(init_, fan_in, units));
    const Value y = graph.op("matmul/1", {rows, weights}, {{"transpose_b", attr(1)}});
    if (!bias_) return y;
    const uint32_t flags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
    return graph.op("add/1", {y, graph.param(name + "_bias", {units}, init::zeros(), flags)});
  }

  // One product makes all three; the heads then stand before the places.
  Heads projected(GraphBuilder& graph, Value x, const Shape& dims) const {
    const int64_t n = dims[0], places = dims[1], channels = dims[2];
    const Value all = dense(graph, reshaped(graph, x, {n * places, channels}), "in", 3 * channels);
    const Value split = reshaped(graph, all, {n, places, 3, heads_, channels / heads_});
    const Value sorted = graph.op("transpose/1", {split}, {{"perm", attr(std::vector<int64_t>{2, 0, 3, 1, 4})}});
    const Shape one = {n, heads_, places, channels / heads_};
    const auto part = [&](int64_t i) {
      const Shape begin = {i, 0, 0, 0, 0}, end = {i + 1, n, heads_, places, channels / heads_};
      return reshaped(graph, graph.op("slice/1", {sorted}, {{"begin", attr(begin)}, {"end", attr(end)}}), one);
    };
    return {part(0), part(1), part(2)};
  }

  // 0 where a place may look, at itself and those before it; -infinity elsewhere.
  static Tensor mask(int64_t places, DType dtype) {
    std::vector<double> values;
    for (int64_t i = 0; i < places; ++i)
      for (int64_t j = 0; j < places; ++j) values.push_back(j <= i ? 0 : -std::numeric_limits<double>::infinity());
    Tensor out({dtype, {places, places}});
    convert(values.data(), CLQ_F64, out.bytes(), dtype, out.desc().count());
    return out;
  }

  int64_t heads_;
  bool bias_, causal_;
  double dropout_;
  std::string init_;
};

}  // namespace

std::unique_ptr<Layer> make_attention(const Config& config) { return std::make_unique<Attention>(config); }

}  // namespace clq

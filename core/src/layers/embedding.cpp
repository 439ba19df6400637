// core/src/layers/embedding.cpp -- a learned vector for each of a number of kinds: a survey, a fibre, a filter.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

class Embedding final : public Layer {
 public:
  explicit Embedding(const Config& config)
      : kinds_(config.require<int64_t>("kinds")),
        units_(config.require<int64_t>("units")),
        init_(init::known(config.get("init", std::string("normal")))) {
    CLQ_REQUIRE(kinds_ > 0 && units_ > 0, "embedding: kinds and units must be positive, got {} and {}", kinds_, units_);
  }

  // src [N] or [N, T], whole numbers from 0 to kinds - 1 (a float is cut to one; another number gives NaN); a row of
  // the weights [kinds, units] each: [N, units] of one column, else [N, T, units].
  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    Value x = only_input(inputs, "embedding");
    const Shape dims = graph.shape(x);
    CLQ_REQUIRE(dims.size() == 1 || dims.size() == 2, "embedding: src must be [N] or [N, T], got {}", to_string(dims));
    if (graph.dtype(x) != CLQ_I64) x = graph.op("cast/1", {x}, {{"dtype", attr(CLQ_I64)}});
    if (dims.size() == 2 && dims[1] == 1) x = graph.op("reshape/1", {x}, {{"shape", attr(dims[0])}});
    const Value weights = graph.param("weights", {kinds_, units_}, init::named(init_, kinds_, units_),
                                      CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY);
    return graph.op("gather/1", {weights, x});
  }

 private:
  int64_t kinds_, units_;
  std::string init_;
};

}  // namespace

std::unique_ptr<Layer> make_embedding(const Config& config) { return std::make_unique<Embedding>(config); }

}  // namespace clq

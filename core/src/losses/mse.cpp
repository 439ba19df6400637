// core/src/losses/mse.cpp -- the squared error, averaged over a sample's outputs.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

namespace clq {
namespace {

class Mse final : public Loss {
 public:
  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Value error = graph.op("sub/1", {output, target_like(graph, target, output, "mse")});
    const Value squares = graph.op("square/1", {error});
    std::vector<int64_t> axes;
    for (size_t i = 1; i < graph.shape(output).size(); ++i) axes.push_back(static_cast<int64_t>(i));
    return axes.empty() ? squares : graph.op("reduce_mean/1", {squares}, {{"axes", attr(axes)}});
  }

  Value predict(GraphBuilder&, Value output) const override { return output; }
};

}  // namespace

std::unique_ptr<Loss> make_mse(const Config&) { return std::make_unique<Mse>(); }

}  // namespace clq

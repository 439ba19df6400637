// core/src/losses/mse.cpp -- the squared error, averaged over a sample's outputs.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

namespace clq {
namespace {

class Mse final : public Loss {
 public:
  explicit Mse(const Config& config) : mask_nan_(config.get("mask_nan", false)) {}

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Target wanted = read_target(graph, target, output, mask_nan_, "mse");
    const Value error = graph.op("sub/1", {output, wanted.values});
    return sample_mean(graph, graph.op("square/1", {error}), wanted.counts);
  }

  Value predict(GraphBuilder&, Value output) const override { return output; }

 private:
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_mse(const Config& config) { return std::make_unique<Mse>(config); }

}  // namespace clq

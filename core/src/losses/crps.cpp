// core/src/losses/crps.cpp -- the continuous ranked probability score of a binned PDF, in the target's unit.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

namespace clq {
namespace {

// The PDF is constant in each bin, so its CDF F is linear there and the integral of (F - [x >= z])^2 is exact:
// over a stretch of relative length t on which a linear function goes from a to b it is w t (a^2 + ab + b^2) / 3.
// A bin below z is all left (t = 1), one above all right (t = 0), and the bin of z is split at it.
class Crps final : public Loss {
 public:
  explicit Crps(const Config& config) : bins_(read_bins(config.child("bins"))) {
    CLQ_REQUIRE(bins_.n > 0, "crps: bins are missing");
  }

  Value build(GraphBuilder& g, Value output, Value target) const override {
    require_bins(g, output, bins_, "crps");
    const DType dtype = g.dtype(output);
    const auto number = [&](double v) { return g.constant(v, dtype); };
    const Value p = predict(g, output);
    const Value upper = g.op("cumsum/1", {p}), lower = g.op("sub/1", {upper, p});
    const Value left = left_part(g, target, dtype), right = g.op("sub/1", {number(1), left});
    const Value at_z = g.op("add/1", {lower, g.op("mul/1", {left, p})});
    const Value below = g.op("mul/1", {left, thirds(g, lower, at_z)});
    const Value miss = g.op("sub/1", {number(1), at_z}), miss_end = g.op("sub/1", {number(1), upper});
    const Value above = g.op("mul/1", {right, thirds(g, miss, miss_end)});
    const Value sum = g.op("reduce_sum/1", {g.op("add/1", {below, above})}, {{"axes", attr(1)}});
    return g.op("mul/1", {sum, number(bins_.width() / 3)});
  }

  Value predict(GraphBuilder& g, Value output) const override { return g.op("softmax/1", {output}); }

 private:
  // How much of each bin lies below z: clip((z - edge) / width, 0, 1), computed in F64. A z outside counts as the edge.
  Value left_part(GraphBuilder& g, Value target, DType dtype) const {
    Tensor edges({CLQ_F64, {1, bins_.n}});
    for (int64_t k = 0; k < bins_.n; ++k)
      edges.as<double>()[static_cast<size_t>(k)] = bins_.min + static_cast<double>(k) * bins_.width();
    const std::vector<int64_t> column = {g.desc(target).count(), 1};
    const Value z = g.op("reshape/1", {target}, {{"shape", attr(column)}});
    const Value t = g.op("div/1", {g.op("sub/1", {z, g.constant(edges)}), g.constant(bins_.width(), CLQ_F64)});
    const Value inside = g.op("clip/1", {t}, {{"min", attr(0.0)}, {"max", attr(1.0)}});
    return dtype == CLQ_F64 ? inside : g.op("cast/1", {inside}, {{"dtype", attr(dtype)}});
  }

  static Value thirds(GraphBuilder& g, Value a, Value b) {
    const Value mixed = g.op("mul/1", {a, b});
    return g.op("add/1", {g.op("add/1", {g.op("square/1", {a}), mixed}), g.op("square/1", {b})});
  }

  Bins bins_;
};

}  // namespace

std::unique_ptr<Loss> make_crps(const Config& config) { return std::make_unique<Crps>(config); }

}  // namespace clq

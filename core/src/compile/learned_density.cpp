// core/src/compile/learned_density.cpp -- what is shown of a density that is a Gaussian of what is learned.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/learned_density.hpp"

#include "compile/parts.hpp"
#include "compile/target_units.hpp"
#include "metrics/densities.hpp"

namespace clq {
namespace {

struct Learned {
  Value mean, sigma;  // [N, K] F64
};

Learned learned_of(GraphBuilder& builder, const Head& head, Value prediction) {
  const Value table = as_f64(builder, prediction);
  const int64_t k = builder.shape(table)[1] / 2;
  const Value medians = columns(builder, table, 0, k);
  // A median that F32 has rounded to where the transform has no value has none here, and no sigma.
  return {learned_values(builder, medians, head.part().target_steps, head.places()), columns(builder, table, k, k)};
}

}  // namespace

Value medians_of(GraphBuilder& builder, Value prediction) {
  return columns(builder, prediction, 0, builder.shape(prediction)[1] / 2);
}

Value half_widths(GraphBuilder& builder, const Head& head, Value prediction) {
  const Learned learned = learned_of(builder, head, prediction);
  const auto quantile = [&](const char* side) {
    const Value at = builder.op(side, {learned.mean, learned.sigma});
    return given_back(builder, at, head.part().target_steps, head.places());
  };
  const Value between = builder.op("sub/1", {quantile("add/1"), quantile("sub/1")});
  return builder.op("cast/1", {times(builder, between, 0.5)}, {{"dtype", attr(builder.dtype(prediction))}});
}

void add_learned_density_metrics(GraphBuilder& builder, const Head& head, Value prediction, Value target) {
  const Learned learned = learned_of(builder, head, prediction);
  const int64_t n = builder.shape(prediction)[0], k = builder.shape(learned.mean)[1];
  const std::vector<int64_t> table_dims = {n, k}, column_dims = {n, 1};
  const Value table = builder.op("reshape/1", {as_f64(builder, target)}, {{"shape", attr(table_dims)}});
  const Value z = learned_target(builder, table, head.part().target_steps, head.places());
  const Value slopes = log_slopes(builder, table, head.part().target_steps, head.places());
  const Value one = builder.op("broadcast/1", {builder.constant(1, CLQ_F64)}, {{"shape", attr(column_dims)}});
  for (int64_t i = 0; i < k; ++i) {
    const std::string suffix = k == 1 ? "" : fmt::format("_{}", i + 1);
    const Naming naming = {suffix, masks_nan(head.part()) ? fmt::format("known{}", suffix) : ""};
    const auto part = [&](Value x) { return columns(builder, x, i, 1); };
    add_density_metrics(builder, {one, part(learned.mean), part(learned.sigma)}, part(z), naming, part(slopes));
  }
}

}  // namespace clq

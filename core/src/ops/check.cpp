// core/src/ops/check.cpp -- ops that watch over a step, and the sum over replicas.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

void all_floats(const OpView& op) {
  arity_at_least(op, 1);
  for (size_t i = 0; i < op.n_inputs(); ++i) float_input(op, i);
}

Descs is_finite(const OpView& op) {
  arity(op, 1);
  return {{CLQ_U8, float_input(op, 0).dims}};
}

Descs all_finite(const OpView& op) {
  all_floats(op);
  return {{CLQ_U8, {}}};
}

Descs sum_squares(const OpView& op) {
  all_floats(op);
  return {{CLQ_F64, {}}};
}

Descs all_reduce(const OpView& op) {
  arity(op, 1);
  op.i64("bucket", 0);
  return {float_input(op, 0)};
}

// Each replica's result depends on every replica's x: what arrives at all of the results flows back to each x.
Values all_reduce_gradient(GraphBuilder& b, const Op&, Diffs d) {
  return {b.op("all_reduce/1", {d[0]}, {{"bucket", attr(0)}})};
}

constexpr OpRule kCheckRules[] = {
    {"is_finite/1", is_finite, nullptr},
    {"all_finite/1", all_finite, nullptr},
    {"sum_squares/1", sum_squares, nullptr},
    {"all_reduce/1", all_reduce, all_reduce_gradient},
};

}  // namespace

std::span<const OpRule> check_rules() { return kCheckRules; }

}  // namespace clq

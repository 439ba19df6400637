// core/src/ops/binary.cpp -- two tensors broadcast together, compared, selected.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

Descs broadcast_of(const OpView& op, std::initializer_list<DType> dtypes) {
  arity(op, 2);
  same_dtype(op, 0, 1);
  const DType dtype = op.input(0).dtype;
  CLQ_REQUIRE(std::find(dtypes.begin(), dtypes.end(), dtype) != dtypes.end(), "does not take {}", dtype_name(dtype));
  return {{dtype, broadcast_shapes(op.input(0).dims, op.input(1).dims)}};
}

Descs floats(const OpView& op) { return broadcast_of(op, {CLQ_F32, CLQ_F64}); }
Descs numbers(const OpView& op) { return broadcast_of(op, {CLQ_F32, CLQ_F64, CLQ_I64}); }
Descs numbers_and_masks(const OpView& op) { return broadcast_of(op, {CLQ_F32, CLQ_F64, CLQ_I64, CLQ_U8}); }

Descs compare(const OpView& op) {
  const std::vector<std::string> known = {"lt", "le", "gt", "ge", "eq", "ne"};
  const std::string how = op.text("op", "");
  CLQ_REQUIRE(std::find(known.begin(), known.end(), how) != known.end(), "op '{}' is none of lt le gt ge eq ne", how);
  return {{CLQ_U8, numbers_and_masks(op)[0].dims}};
}

Descs select(const OpView& op) {
  arity(op, 3);
  CLQ_REQUIRE(op.input(0).dtype == CLQ_U8, "the condition must be u8, got {}", dtype_name(op.input(0).dtype));
  same_dtype(op, 1, 2);
  const Shape values = broadcast_shapes(op.input(1).dims, op.input(2).dims);
  return {{op.input(1).dtype, broadcast_shapes(op.input(0).dims, values)}};
}

Value back(GraphBuilder& b, Value diff, Value input) { return sum_to(b, diff, b.shape(input)); }

Values add_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {back(b, d[0], op.inputs[0]), back(b, d[0], op.inputs[1])};
}

Values sub_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {back(b, d[0], op.inputs[0]), b.op("neg/1", {back(b, d[0], op.inputs[1])})};
}

Values mul_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  return {back(b, b.op("mul/1", {d[0], op.inputs[1]}), op.inputs[0]),
          back(b, b.op("mul/1", {d[0], op.inputs[0]}), op.inputs[1])};
}

Values div_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value per = b.op("div/1", {d[0], op.inputs[1]});
  const Value down = b.op("neg/1", {b.op("mul/1", {per, op.outputs[0]})});
  return {back(b, per, op.inputs[0]), back(b, down, op.inputs[1])};
}

// The larger (smaller) one takes the gradient; at a tie it is a's.
Values extremum_gradient(GraphBuilder& b, const Op& op, Diffs d, const char* a_wins) {
  const Value mask = b.op("compare/1", {op.inputs[0], op.inputs[1]}, {{"op", attr(a_wins)}});
  const Value zero = like(b, 0, d[0]);
  return {back(b, b.op("select/1", {mask, d[0], zero}), op.inputs[0]),
          back(b, b.op("select/1", {mask, zero, d[0]}), op.inputs[1])};
}

Values maximum_gradient(GraphBuilder& b, const Op& op, Diffs d) { return extremum_gradient(b, op, d, "ge"); }
Values minimum_gradient(GraphBuilder& b, const Op& op, Diffs d) { return extremum_gradient(b, op, d, "le"); }

Values pow_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value x = op.inputs[0], y = op.inputs[1], zero = like(b, 0, x);
  const Value lower = b.op("pow/1", {x, b.op("sub/1", {y, like(b, 1, y)})});
  // x^0 is flat in x: 0^-1 would turn it into NaN.
  const Value is_flat = b.op("compare/1", {y, like(b, 0, y)}, {{"op", attr("eq")}});
  const Value slope = b.op("select/1", {is_flat, zero, b.op("mul/1", {y, lower})});
  // 0^y is flat in y: log 0 would turn it into NaN.
  const Value is_zero = b.op("compare/1", {x, zero}, {{"op", attr("eq")}});
  const Value log = b.op("select/1", {is_zero, zero, b.op("log/1", {x})});
  return {back(b, b.op("mul/1", {d[0], slope}), x),
          back(b, b.op("mul/1", {d[0], b.op("mul/1", {op.outputs[0], log})}), y)};
}

Values select_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Value zero = like(b, 0, d[0]);
  return {Value{}, back(b, b.op("select/1", {op.inputs[0], d[0], zero}), op.inputs[1]),
          back(b, b.op("select/1", {op.inputs[0], zero, d[0]}), op.inputs[2])};
}

constexpr OpRule kBinaryRules[] = {
    {"add/1", numbers, add_gradient},
    {"sub/1", numbers, sub_gradient},
    {"mul/1", numbers_and_masks, mul_gradient},
    {"div/1", floats, div_gradient},
    {"maximum/1", numbers_and_masks, maximum_gradient},
    {"minimum/1", numbers_and_masks, minimum_gradient},
    {"pow/1", floats, pow_gradient},
    {"compare/1", compare, nullptr},
    {"select/1", select, select_gradient},
};

}  // namespace

std::span<const OpRule> binary_rules() { return kBinaryRules; }

}  // namespace clq

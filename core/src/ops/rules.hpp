// core/src/ops/rules.hpp -- what the families' rules share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "ops/op_table.hpp"

namespace clq::rules {

using Descs = std::vector<TensorDesc>;
using Values = std::vector<Value>;
using Diffs = std::span<const Value>;

void arity(const OpView& op, size_t n);  // exactly n inputs, none left out
void arity_at_least(const OpView& op, size_t n);
const TensorDesc& float_input(const OpView& op, size_t i);  // F32 or F64
void same_dtype(const OpView& op, size_t i, size_t j);
void same_desc(const OpView& op, size_t i, size_t j);
Shape broadcast_shapes(const Shape& a, const Shape& b);  // NumPy's rule
size_t axis_of(int64_t axis, const Shape& dims);         // 0 ... rank - 1

Value like(GraphBuilder& b, double value, Value x);  // a rank-0 constant of x's dtype
Value broadcast_to(GraphBuilder& b, Value x, const Shape& dims);
Value reshape_to(GraphBuilder& b, Value x, const Shape& dims);
Value sum_to(GraphBuilder& b, Value x, const Shape& dims);  // undoes a broadcast from dims
Value sum_last(GraphBuilder& b, Value x);                   // over the last axis, kept
int64_t op_i64(const GraphBuilder& b, const Op& op, std::string_view name, int64_t absent);
double op_f64(const GraphBuilder& b, const Op& op, std::string_view name, double absent);
std::vector<int64_t> op_list(const GraphBuilder& b, const Op& op, std::string_view name);
void only_first_output(Diffs diffs);  // a gradient at another output is an error

}  // namespace clq::rules

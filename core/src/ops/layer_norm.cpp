// core/src/ops/layer_norm.cpp -- rows of the last axis normalised (Ba et al. 2016, arXiv 1607.06450).
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

// Input 0 is [..., C], gamma and what else stands in `of_columns` [C], what stands in `of_rows` [...]: the rows.
TensorDesc row_statistics(const OpView& op, size_t n_inputs, std::initializer_list<size_t> of_columns,
                          std::initializer_list<size_t> of_rows) {
  arity(op, n_inputs);
  const TensorDesc& x = float_input(op, 0);
  CLQ_REQUIRE(!x.dims.empty() && x.dims.back() > 0, "src must be [..., C], got {}", to_string(x.dims));
  const TensorDesc columns{x.dtype, {x.dims.back()}}, rows{x.dtype, {x.dims.begin(), x.dims.end() - 1}};
  const auto require = [&](size_t i, const TensorDesc& want) {
    CLQ_REQUIRE(op.input(i) == want, "input {} must be {} {}, got {} {}", i, dtype_name(want.dtype),
                to_string(want.dims), dtype_name(op.input(i).dtype), to_string(op.input(i).dims));
  };
  for (const size_t i : of_columns) require(i, columns);
  for (const size_t i : of_rows) require(i, rows);
  return rows;
}

Descs layer_norm(const OpView& op) {
  const TensorDesc rows = row_statistics(op, 3, {1, 2}, {});
  CLQ_REQUIRE(op.f64("eps", 1e-5) > 0, "eps must be positive, got {}", op.f64("eps", 1e-5));
  return {op.input(0), rows, rows};
}

Descs layer_norm_grad(const OpView& op) {
  row_statistics(op, 5, {1}, {2, 3});
  same_desc(op, 0, 4);
  return {op.input(0), op.input(1), op.input(1)};
}

Values layer_norm_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  only_first_output(d);
  return b.multi_op("layer_norm_grad/1", {op.inputs[0], op.inputs[1], op.outputs[1], op.outputs[2], d[0]});
}

constexpr OpRule kLayerNormRules[] = {{"layer_norm/1", layer_norm, layer_norm_gradient},
                                      {"layer_norm_grad/1", layer_norm_grad, nullptr}};

}  // namespace

std::span<const OpRule> layer_norm_rules() { return kLayerNormRules; }

}  // namespace clq

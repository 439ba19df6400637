// core/src/ops/shape.cpp -- ops that move elements without changing them.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

Descs reshape(const OpView& op) {
  arity(op, 1);
  const TensorDesc& x = op.input(0);
  Shape dims = op.list("shape");
  CLQ_REQUIRE(std::count(dims.begin(), dims.end(), -1) <= 1, "shape {} has more than one -1", to_string(dims));
  const auto open = std::find(dims.begin(), dims.end(), -1);
  if (open != dims.end()) {
    *open = 1;
    const int64_t known = element_count(dims);
    CLQ_REQUIRE(known > 0 && x.count() % known == 0, "{} does not reshape to {} with one size open", to_string(x.dims),
                to_string(op.list("shape")));
    *open = x.count() / known;
  }
  CLQ_REQUIRE(element_count(dims) == x.count(), "{} does not reshape to {}", to_string(x.dims), to_string(dims));
  return {{x.dtype, dims}};
}

Descs transpose(const OpView& op) {
  arity(op, 1);
  const TensorDesc& x = op.input(0);
  const std::vector<int64_t> perm = op.list("perm");
  std::vector<int64_t> sorted = perm;
  std::sort(sorted.begin(), sorted.end());
  bool valid = perm.size() == x.dims.size();
  for (size_t i = 0; valid && i < sorted.size(); ++i) valid = sorted[i] == static_cast<int64_t>(i);
  CLQ_REQUIRE(valid, "perm {} is no permutation of the axes of {}", to_string(perm), to_string(x.dims));
  TensorDesc out{x.dtype, {}};
  for (const int64_t axis : perm) out.dims.push_back(x.dims[static_cast<size_t>(axis)]);
  return {out};
}

Descs broadcast(const OpView& op) {
  arity(op, 1);
  const Shape dims = op.list("shape"), &from = op.input(0).dims;
  CLQ_REQUIRE(broadcast_shapes(from, dims) == dims, "{} does not broadcast to {}", to_string(from), to_string(dims));
  return {{op.input(0).dtype, dims}};
}

Descs concat(const OpView& op) {
  arity_at_least(op, 1);
  TensorDesc out = op.input(0);
  const size_t axis = axis_of(op.i64("axis", 0), out.dims);
  for (size_t i = 1; i < op.n_inputs(); ++i) {
    same_dtype(op, 0, i);
    Shape dims = op.input(i).dims;
    const bool same_rank = dims.size() == out.dims.size();
    const int64_t more = same_rank ? std::exchange(dims[axis], out.dims[axis]) : 0;
    CLQ_REQUIRE(same_rank && dims == out.dims, "{} and {} differ beside axis {}", to_string(op.input(0).dims),
                to_string(op.input(i).dims), axis);
    out.dims[axis] += more;
  }
  return {out};
}

Descs slice(const OpView& op) {
  arity(op, 1);
  const TensorDesc& x = op.input(0);
  const std::vector<int64_t> begin = op.list("begin"), end = op.list("end");
  CLQ_REQUIRE(begin.size() == x.dims.size() && end.size() == x.dims.size(),
              "begin and end need one entry a dimension of {}", to_string(x.dims));
  TensorDesc out{x.dtype, {}};
  for (size_t i = 0; i < begin.size(); ++i) {
    CLQ_REQUIRE(0 <= begin[i] && begin[i] <= end[i] && end[i] <= x.dims[i], "[{}, {}) is not inside axis {} of {}",
                begin[i], end[i], i, to_string(x.dims));
    out.dims.push_back(end[i] - begin[i]);
  }
  return {out};
}

Descs pad(const OpView& op) {
  arity(op, 1);
  TensorDesc out = float_input(op, 0);
  const std::vector<int64_t> before = op.list("before"), after = op.list("after");
  op.f64("value", 0);
  CLQ_REQUIRE(before.size() == out.dims.size() && after.size() == out.dims.size(),
              "before and after need one entry a dimension of {}", to_string(out.dims));
  for (size_t i = 0; i < before.size(); ++i) {
    int64_t& dim = out.dims[i];
    const bool fits = before[i] >= 0 && after[i] >= 0 && !__builtin_add_overflow(dim, before[i], &dim) &&
                      !__builtin_add_overflow(dim, after[i], &dim);
    CLQ_REQUIRE(fits, "axis {} cannot be padded by {} and {}", i, before[i], after[i]);
  }
  return {out};
}

Value slice_of(GraphBuilder& b, Value x, const std::vector<int64_t>& begin, const std::vector<int64_t>& end) {
  return b.op("slice/1", {x}, {{"begin", attr(begin)}, {"end", attr(end)}});
}

Values reshape_gradient(GraphBuilder& b, const Op& op, Diffs d) { return {reshape_to(b, d[0], b.shape(op.inputs[0]))}; }

Values transpose_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const std::vector<int64_t> perm = op_list(b, op, "perm");
  std::vector<int64_t> inverse(perm.size());
  for (size_t i = 0; i < perm.size(); ++i) inverse[static_cast<size_t>(perm[i])] = static_cast<int64_t>(i);
  return {b.op("transpose/1", {d[0]}, {{"perm", attr(inverse)}})};
}

Values broadcast_gradient(GraphBuilder& b, const Op& op, Diffs d) { return {sum_to(b, d[0], b.shape(op.inputs[0]))}; }

Values concat_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const Shape whole = b.shape(d[0]);
  const size_t axis = axis_of(op_i64(b, op, "axis", 0), whole);
  std::vector<int64_t> begin(whole.size(), 0), end = whole;
  end[axis] = 0;
  Values out;
  for (const Value input : op.inputs) {
    begin[axis] = end[axis];
    end[axis] += b.shape(input)[axis];
    out.push_back(slice_of(b, d[0], begin, end));
  }
  return out;
}

Values slice_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const std::vector<int64_t> before = op_list(b, op, "begin");
  std::vector<int64_t> after = op_list(b, op, "end");
  const Shape& dims = b.shape(op.inputs[0]);
  for (size_t i = 0; i < after.size(); ++i) after[i] = dims[i] - after[i];
  return {b.op("pad/1", {d[0]}, {{"before", attr(before)}, {"after", attr(after)}})};
}

Values pad_gradient(GraphBuilder& b, const Op& op, Diffs d) {
  const std::vector<int64_t> begin = op_list(b, op, "before");
  std::vector<int64_t> end = b.shape(op.inputs[0]);
  for (size_t i = 0; i < end.size(); ++i) end[i] += begin[i];
  return {slice_of(b, d[0], begin, end)};
}

constexpr OpRule kShapeRules[] = {
    {"reshape/1", reshape, reshape_gradient},
    {"transpose/1", transpose, transpose_gradient},
    {"broadcast/1", broadcast, broadcast_gradient},
    {"concat/1", concat, concat_gradient},
    {"slice/1", slice, slice_gradient},
    {"pad/1", pad, pad_gradient},
};

}  // namespace

std::span<const OpRule> shape_rules() { return kShapeRules; }

}  // namespace clq

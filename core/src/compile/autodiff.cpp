// core/src/compile/autodiff.cpp -- reverse-mode gradients, written into the same graph.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/autodiff.hpp"

#include "ops/op_table.hpp"

namespace clq {
namespace {

class Reverse {
 public:
  Reverse(GraphBuilder& builder, std::span<const Value> wrt)
      : builder_(builder), n_ops_(builder.graph().ops.size()), needed_(builder.graph().values.size(), false) {
    for (const Value v : wrt) needed_[v.index] = true;
    for (size_t i = 0; i < n_ops_; ++i) spread_need(builder.graph().ops[i]);
  }

  void run(Value loss) {
    diffs_.resize(needed_.size());
    if (!needed_[loss.index]) return;
    diffs_[loss.index] = builder_.constant(1, builder_.dtype(loss));
    for (size_t i = n_ops_; i-- > 0;) pass_back(Op(builder_.graph().ops[i]));  // a copy: ops grow meanwhile
  }

  Value diff(Value v) {
    if (diffs_[v.index]) return diffs_[v.index];
    return builder_.constant(Tensor(builder_.desc(v)));
  }

 private:
  // What an output that cannot carry a gradient leads to needs none.
  void spread_need(const Op& op) {
    bool any = false;
    for (const Value v : op.inputs) any = any || (v && needed_[v.index]);
    for (const Value v : op.outputs) needed_[v.index] = any && is_float(builder_.dtype(v));
  }

  void pass_back(const Op& op) {
    std::vector<Value> arriving;
    bool any = false, wanted = false;
    for (const Value v : op.outputs) {
      arriving.push_back(diffs_[v.index]);
      any = any || diffs_[v.index];
    }
    for (const Value v : op.inputs) wanted = wanted || (v && needed_[v.index]);
    if (!any || !wanted) return;
    if (!arriving[0]) arriving[0] = builder_.constant(Tensor(builder_.desc(op.outputs[0])));
    const GraphBuilder::Scope scope(builder_, op.scope + ":grad");
    const std::vector<Value> diffs = builder_.op_table().gradient(builder_, op, arriving);
    for (size_t i = 0; i < diffs.size() && i < op.inputs.size(); ++i)
      if (diffs[i] && op.inputs[i] && needed_[op.inputs[i].index]) accumulate(op.inputs[i], diffs[i]);
  }

  void accumulate(Value input, Value diff) {
    CLQ_REQUIRE(builder_.desc(input) == builder_.desc(diff), "the gradient of {} {} came out as {} {}",
                dtype_name(builder_.dtype(input)), to_string(builder_.shape(input)), dtype_name(builder_.dtype(diff)),
                to_string(builder_.shape(diff)));
    Value& sum = diffs_[input.index];
    sum = sum ? builder_.op("add/1", {sum, diff}) : diff;
  }

  GraphBuilder& builder_;
  size_t n_ops_;
  std::vector<bool> needed_;  // depends on a wrt value
  std::vector<Value> diffs_;
};

}  // namespace

std::vector<Value> differentiate(GraphBuilder& builder, Value loss, std::span<const Value> wrt) {
  CLQ_REQUIRE(builder.shape(loss).empty() && is_float(builder.dtype(loss)), "a loss must be one float, got {} {}",
              dtype_name(builder.dtype(loss)), to_string(builder.shape(loss)));
  CLQ_REQUIRE(builder.scope().empty(), "gradients are written at the top, not in scope '{}'", builder.scope());
  Reverse reverse(builder, wrt);
  reverse.run(loss);
  std::vector<Value> out;
  for (const Value v : wrt) out.push_back(reverse.diff(v));
  return out;
}

}  // namespace clq

// core/src/compile/segment.cpp -- a graph lowered to the C segment that a backend compiles.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/segment.hpp"

#include <calanque/core/error.hpp>

#include "graph/c_attrs.hpp"

namespace clq {

struct Segment::Storage {
  Graph graph;  // owns names, attributes and constants
  std::vector<clq_tensor_desc> values;
  std::vector<std::vector<uint32_t>> op_inputs, op_outputs;
  std::vector<std::vector<clq_attr>> op_attrs;
  std::vector<clq_op> ops;
  std::vector<clq_const> consts;
  std::vector<clq_state> states;
  std::vector<uint32_t> inputs, outputs, scalars;
};

namespace {

std::vector<uint32_t> indices(const std::vector<Value>& values) {
  std::vector<uint32_t> out;
  for (const Value v : values) out.push_back(v.index);
  return out;
}

std::vector<uint32_t> indices(const std::vector<NamedValue>& values) {
  std::vector<uint32_t> out;
  for (const NamedValue& v : values) out.push_back(v.value.index);
  return out;
}

template <class T>
uint32_t count(const std::vector<T>& list) {
  return narrow<uint32_t>(list.size());
}

}  // namespace

Segment::Segment(const Graph& graph, uint32_t flags) : storage_(std::make_shared<Storage>()) {
  Storage& s = *storage_;
  s.graph = graph;
  for (const TensorDesc& desc : s.graph.values) s.values.push_back(to_c(desc));
  for (const Op& op : s.graph.ops) {
    const auto& in = s.op_inputs.emplace_back(indices(op.inputs));
    const auto& out = s.op_outputs.emplace_back(indices(op.outputs));
    const auto& attrs = s.op_attrs.emplace_back(to_c(op.attrs));
    s.ops.push_back({op.name.c_str(), op.scope.c_str(), in.data(), out.data(), attrs.data(), count(in), count(out),
                     count(attrs), 0});
    scopes_.push_back(op.scope);
  }
  for (const Constant& c : s.graph.constants)
    s.consts.push_back({c.data.bytes(), c.data.desc().bytes(), c.value.index, 0});
  for (const State& state : s.graph.states)
    s.states.push_back({state.before.index, state.after.index, state.when.index, state.flags});
  s.inputs = indices(s.graph.inputs);
  s.outputs = indices(s.graph.outputs);
  s.scalars = indices(s.graph.scalars);
  segment_ = {sizeof(clq_segment),
              flags,
              s.values.data(),
              s.ops.data(),
              s.consts.data(),
              s.states.data(),
              s.inputs.data(),
              s.outputs.data(),
              s.scalars.data(),
              count(s.values),
              count(s.ops),
              count(s.consts),
              count(s.states),
              count(s.inputs),
              count(s.outputs),
              count(s.scalars),
              0};
}

}  // namespace clq

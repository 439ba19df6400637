// core/src/ops/op_table.cpp -- the core's ops and those of plugins, by name.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/op_table.hpp"

#include <numeric>

#include "base/thread_error.hpp"
#include "graph/c_attrs.hpp"
#include "graph/host_graph.hpp"

namespace clq {
namespace {

std::string where(const Op& op) { return op.scope.empty() ? op.name : op.scope + ": " + op.name; }

std::vector<uint32_t> indices(std::span<const Value> values) {
  std::vector<uint32_t> out;
  for (const Value v : values) out.push_back(v.index);
  return out;
}

// A C op and what it points to; input i is `inputs[i]`, output i is `outputs[i]`.
struct COp {
  COp(const Op& op, std::vector<uint32_t> in, std::vector<uint32_t> out)
      : inputs(std::move(in)),
        outputs(std::move(out)),
        attrs(to_c(op.attrs)),
        c{op.name.c_str(),
          op.scope.c_str(),
          inputs.data(),
          outputs.data(),
          attrs.data(),
          narrow<uint32_t>(inputs.size()),
          narrow<uint32_t>(outputs.size()),
          narrow<uint32_t>(attrs.size()),
          0} {}
  COp(const COp&) = delete;
  COp& operator=(const COp&) = delete;
  std::vector<uint32_t> inputs, outputs;
  std::vector<clq_attr> attrs;
  clq_op c;
};

void check(clq_status status) {
  if (status >= 0) return;
  const std::string words = take_thread_error();
  fail(status, "{}", words.empty() ? fmt::format("status {} without words", status) : words);
}

// The plugin sees the inputs' descriptions alone, numbered from 0: a graph may hold thousands of values.
std::vector<TensorDesc> infer_by_plugin(const clq_op_def& def, const Graph& graph, const Op& op) {
  std::vector<clq_tensor_desc> values;
  std::vector<uint32_t> inputs;
  for (const Value v : op.inputs) {
    inputs.push_back(v ? narrow<uint32_t>(values.size()) : CLQ_NONE);
    if (v) values.push_back(to_c(graph.desc(v)));
  }
  std::vector<uint32_t> outputs(op.outputs.size());
  std::iota(outputs.begin(), outputs.end(), narrow<uint32_t>(values.size()));
  std::vector<clq_tensor_desc> inferred(op.outputs.size());
  const COp view(op, std::move(inputs), std::move(outputs));
  take_thread_error();
  check(def.infer(&def, &view.c, values.data(), inferred.data()));
  std::vector<TensorDesc> out;
  for (const clq_tensor_desc& desc : inferred) out.push_back(from_c(desc));
  return out;
}

std::vector<Value> gradient_by_plugin(const clq_op_def& def, GraphBuilder& builder, const Op& op,
                                      std::span<const Value> diffs) {
  const COp view(op, indices(op.inputs), indices(op.outputs));
  const std::vector<uint32_t> diff_outputs = indices(diffs);
  std::vector<uint32_t> diff_inputs(op.inputs.size(), CLQ_NONE);
  take_thread_error();
  check(def.gradient(&def, to_c(builder), &view.c, diff_outputs.data(), diff_inputs.data()));
  std::vector<Value> out;
  for (const uint32_t index : diff_inputs) {
    const bool known = index == CLQ_NONE || index < builder.graph().values.size();
    CLQ_REQUIRE(known, "value {} is not of this graph", index);
    out.push_back(Value{index});
  }
  return out;
}

// What no tensor can hold must be said here, where op and scope are known, not when memory is asked for.
void check_outputs(const std::vector<TensorDesc>& outputs) {
  CLQ_REQUIRE(!outputs.empty(), "it has no output");
  for (const TensorDesc& desc : outputs) {
    desc.bytes();
    to_c(desc);
  }
}

}  // namespace

OpTable::OpTable() {
  for (const auto& family : {unary_rules(), binary_rules(), matmul_rules(), reduce_rules(), shape_rules(),
                             softmax_rules(), index_rules(), random_rules(), norm_rules(), layer_norm_rules(),
                             conv_rules(), pool_rules(), resize_rules(), prelu_rules(), check_rules()})
    for (const OpRule& rule : family) entries_.emplace_back(rule.name, Entry{rule, nullptr});
}

void OpTable::add(const clq_op_def& def) {
  const std::string name = def.name;
  CLQ_REQUIRE(def.infer != nullptr, "op {} has no shape rule", name);
  CLQ_REQUIRE(def.gradient != nullptr || (def.flags & CLQ_OP_NO_GRADIENT) != 0,
              "op {} has no gradient and does not say so (CLQ_OP_NO_GRADIENT)", name);
  for (const auto& [known, entry] : entries_) CLQ_REQUIRE(known != name, "op {} is there already", name);
  entries_.emplace_back(name, Entry{{nullptr, nullptr, nullptr}, &def});
}

const OpTable::Entry& OpTable::find(const std::string& name) const {
  for (const auto& [known, entry] : entries_)
    if (known == name) return entry;
  fail(CLQ_E_INVALID, "unknown op{}", did_you_mean(name, names()));
}

std::vector<TensorDesc> OpTable::infer(const Graph& graph, const Op& op) const {
  try {
    const Entry& entry = find(op.name);
    const OpView view(graph, op);
    std::vector<TensorDesc> out =
        entry.plugin != nullptr ? infer_by_plugin(*entry.plugin, graph, op) : entry.rule.infer(view);
    if (entry.plugin == nullptr) view.reject_unknown();
    check_outputs(out);
    return out;
  } catch (const Error& e) {
    fail(e.status(), "{}: {}", where(op), e.what());
  }
}

std::vector<Value> OpTable::gradient(GraphBuilder& builder, const Op& op, std::span<const Value> diff_outputs) const {
  const Entry& entry = find(op.name);
  if (!has_gradient(op.name)) fail(CLQ_E_UNSUPPORTED, "{}: this op has no gradient", where(op));
  try {
    if (entry.plugin != nullptr) return gradient_by_plugin(*entry.plugin, builder, op, diff_outputs);
    return entry.rule.gradient(builder, op, diff_outputs);
  } catch (const Error& e) {
    fail(e.status(), "{}: gradient: {}", where(op), e.what());
  }
}

std::vector<std::string> OpTable::names() const {
  std::vector<std::string> out;
  for (const auto& [name, entry] : entries_) out.push_back(name);
  return out;
}

bool OpTable::has_gradient(const std::string& name) const {
  const Entry& entry = find(name);
  return entry.plugin == nullptr ? entry.rule.gradient != nullptr : entry.plugin->gradient != nullptr;
}

}  // namespace clq

// core/src/graph/graph_builder.cpp -- how layers, losses, metrics and optimizers write ops into a graph.
// SPDX-License-Identifier: BSD-3-Clause
#include "graph/graph_builder.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "ops/op_table.hpp"

namespace clq {
namespace {

struct ScalarEntry {
  const char* name;
  DType dtype;
};
constexpr ScalarEntry kScalars[] = {{"learning_rate", CLQ_F64},
                                    {"step", CLQ_I64},
                                    {"seed", CLQ_U64},
                                    {"first_sample", CLQ_I64},
                                    {"batch_count", CLQ_F64}};

template <class List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& item : list) names.emplace_back(item.name);
  return names;
}

std::string joined(const std::string& scope, const std::string& name) {
  return scope.empty() ? name : scope + "." + name;
}

}  // namespace

GraphBuilder::GraphBuilder(const OpTable& ops, Mode mode, std::vector<InputField> inputs, DType float_type)
    : ops_(ops), mode_(mode), float_type_(float_type), fields_(std::move(inputs)) {
  CLQ_REQUIRE(float_type == CLQ_F32 || float_type == CLQ_F64, "a network computes in f32 or f64, not {}",
              dtype_name(float_type));
}

Value GraphBuilder::add_value(TensorDesc desc) {
  graph_.values.push_back(std::move(desc));
  return Value{narrow<uint32_t>(graph_.values.size() - 1)};
}

Value GraphBuilder::op(std::string_view name, std::vector<Value> inputs, Attrs attrs) {
  return multi_op(name, std::move(inputs), std::move(attrs)).front();
}

std::vector<Value> GraphBuilder::multi_op(std::string_view name, std::vector<Value> inputs, Attrs attrs,
                                          size_t n_outputs) {
  Op op{std::string(name), scope_, std::move(inputs), std::vector<Value>(n_outputs), std::move(attrs)};
  if (op.name.find('/') == std::string::npos) op.name += "/1";
  for (const Value v : op.inputs)
    CLQ_REQUIRE(!v || v.index < graph_.values.size(), "{}: value {} is not of this graph", op.name, v.index);
  std::vector<TensorDesc> descs = ops_.infer(graph_, op);
  op.outputs.clear();
  for (TensorDesc& desc : descs) op.outputs.push_back(add_value(std::move(desc)));
  graph_.ops.push_back(op);
  return op.outputs;
}

Value GraphBuilder::constant(const Tensor& data) {
  const Value value = add_value(data.desc());
  graph_.constants.push_back({value, data});
  return value;
}

Value GraphBuilder::constant(double value, DType dtype) { return constant(Tensor::scalar(value, dtype)); }

Value GraphBuilder::scalar(const std::string& name) {
  if (const auto known = scalars_.find(name); known != scalars_.end()) return known->second;
  const auto* entry =
      std::find_if(std::begin(kScalars), std::end(kScalars), [&](const ScalarEntry& e) { return name == e.name; });
  CLQ_REQUIRE(entry != std::end(kScalars), "unknown scalar '{}'{}", name, did_you_mean(name, names_of(kScalars)));
  const Value value = add_value({entry->dtype, {}});
  graph_.scalars.push_back({name, value});
  return scalars_[name] = value;
}

Value GraphBuilder::input(const std::string& field) {
  if (const auto known = inputs_.find(field); known != inputs_.end()) return known->second;
  const auto at = std::find_if(fields_.begin(), fields_.end(), [&](const InputField& f) { return f.name == field; });
  if (at == fields_.end()) {
    const std::vector<std::string> names = names_of(fields_);
    fail(CLQ_E_INVALID, "unknown input '{}'{} (inputs: {})", field, did_you_mean(field, names), fmt::join(names, ", "));
  }
  const Value value = add_value(at->desc);
  graph_.inputs.push_back({field, value});
  return inputs_[field] = value;
}

bool GraphBuilder::has_input(const std::string& field) const {
  return std::any_of(fields_.begin(), fields_.end(), [&](const InputField& f) { return f.name == field; });
}

Value GraphBuilder::param(const std::string& name, Shape dims, Init init, uint32_t flags) {
  return state(name, {float_type_, std::move(dims)}, std::move(init), flags);
}

Value GraphBuilder::state(const std::string& name, TensorDesc desc, Init init, uint32_t flags) {
  const std::string full = joined(state_scope_, name);
  if (const auto known = states_.find(full); known != states_.end()) {
    const TensorDesc& first = this->desc(known->second);
    CLQ_REQUIRE(first == desc, "state '{}' is {} {}, asked again as {} {}", full, dtype_name(first.dtype),
                to_string(first.dims), dtype_name(desc.dtype), to_string(desc.dims));
    return known->second;
  }
  const Value before = add_value(std::move(desc));
  graph_.states.push_back({full, std::move(init), flags, before, {}, {}, frozen_, penalty_});
  return states_[full] = before;
}

const State& GraphBuilder::find_state(Value state) const {
  const auto at =
      std::find_if(graph_.states.begin(), graph_.states.end(), [&](const State& s) { return s.before == state; });
  CLQ_REQUIRE(at != graph_.states.end(), "value {} is not a state", state.index);
  return *at;
}

void GraphBuilder::assign(Value state, Value next, Value when) {
  auto& target = const_cast<State&>(find_state(state));
  CLQ_REQUIRE(!target.after, "state '{}' is assigned twice", target.name);
  CLQ_REQUIRE(desc(state) == desc(next), "state '{}' is {} {}, assigned {} {}", target.name, dtype_name(dtype(state)),
              to_string(shape(state)), dtype_name(dtype(next)), to_string(shape(next)));
  if (when) CLQ_REQUIRE((desc(when) == TensorDesc{CLQ_U8, {}}), "state '{}': when must be a u8 scalar", target.name);
  target.after = next;
  target.when = when;
}

std::string GraphBuilder::state_name(Value state) const { return find_state(state).name; }

uint32_t GraphBuilder::state_flags(Value state) const { return find_state(state).flags; }

std::optional<Penalty> GraphBuilder::penalty(Value state) const { return find_state(state).penalty; }

std::vector<Value> GraphBuilder::trainable() const {
  std::vector<Value> out;
  for (const State& state : graph_.states)
    if ((state.flags & kTrainable) != 0 && !state.frozen) out.push_back(state.before);
  return out;
}

void GraphBuilder::output(const std::string& name, Value value) {
  for (const NamedValue& known : graph_.outputs) CLQ_REQUIRE(known.name != name, "output '{}' is named twice", name);
  CLQ_REQUIRE(value.index < graph_.values.size(), "output '{}' is no value of this graph", name);
  graph_.outputs.push_back({name, value});
}

void GraphBuilder::metric(const std::string& name, Value per_sample, Json finish) {
  for (const Metric& known : graph_.metrics) CLQ_REQUIRE(known.name != name, "metric '{}' is named twice", name);
  CLQ_REQUIRE(dtype(per_sample) == CLQ_F64 && shape(per_sample).size() == 1,
              "metric '{}' must be one f64 a sample, got {} {}", name, dtype_name(dtype(per_sample)),
              to_string(shape(per_sample)));
  graph_.metrics.push_back({name, per_sample, std::move(finish)});
}

GraphBuilder::Scope::Scope(GraphBuilder& builder, const std::string& name, const std::string& states)
    : builder_(builder), outer_(builder.scope_), outer_states_(builder.state_scope_) {
  builder.scope_ = joined(outer_, name);
  builder.state_scope_ = joined(outer_states_, states);
}

GraphBuilder::Scope::~Scope() {
  builder_.scope_ = outer_;
  builder_.state_scope_ = outer_states_;
}

}  // namespace clq

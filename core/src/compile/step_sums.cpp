// core/src/compile/step_sums.cpp -- sums over micro-batches in states, over replicas by all_reduce.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/step_sums.hpp"

#include <algorithm>
#include <bit>

namespace clq {
namespace {

constexpr const char* kAllReduce = "all_reduce/1";

int levels_below(uint64_t piece) { return std::countr_one(piece); }

}  // namespace

int StepPlan::variant() const {
  if (tree) return levels_below(static_cast<uint64_t>(piece));
  return replicas > 1 && piece == pieces - 1 ? 1 : 0;
}

std::vector<NextState> take_next_states(GraphBuilder& builder, const StepPlan& plan) {
  std::vector<NextState> out;
  for (State& state : builder.graph().states) {
    if (!state.after) continue;
    const TensorDesc desc = builder.desc(state.before);
    if (state.when || !is_float(desc.dtype)) {
      if (const int64_t n = plan.replicas * plan.pieces; n > 1)
        fail(CLQ_E_UNSUPPORTED,
             "state '{}' of type {}{} has no mean over the {} micro-batches of a step: train.micro_batch must be "
             "train.batch, on one replica",
             state.name, dtype_name(desc.dtype), state.when ? ", assigned under a condition," : "", n);
      continue;
    }
    out.push_back({state.name, desc, state.init, state.flags, state.after});
    state.after = Value{};
  }
  return out;
}

// The sum of all micro-batches of a replica has the name without a level.
Value StepSums::sum_state(const std::string& name, const TensorDesc& desc, int level) {
  const bool whole = !plan_.tree || level == levels_below(static_cast<uint64_t>(plan_.pieces - 1));
  return builder_.state(whole ? "grad." + name : fmt::format("grad.{}.level{}", name, level), desc,
                        Init{{"use", "zeros"}});
}

void StepSums::add(const std::string& name, Value value) {
  const TensorDesc desc = builder_.desc(value);
  const int level = plan_.tree ? plan_.variant() : 0;
  Value total = value;
  for (int below = 0; below < level; ++below) total = builder_.op("add/1", {sum_state(name, desc, below), total});
  const Value home = sum_state(name, desc, level);
  if (!plan_.tree) total = builder_.op("add/1", {home, total});
  if (plan_.piece == plan_.pieces - 1) total = over_replicas(total);
  builder_.assign(home, total);
}

Value StepSums::take(const std::string& name, const TensorDesc& desc) {
  taken_.push_back(builder_.state("grad." + name, desc, Init{{"use", "zeros"}}));
  return taken_.back();
}

// The trees' sums are written before they are read.
void StepSums::clear() {
  if (plan_.tree) return;
  for (const Value state : taken_) {
    const TensorDesc desc = builder_.desc(state);
    builder_.assign(state,
                    builder_.op("broadcast/1", {builder_.constant(0, desc.dtype)}, {{"shape", attr(desc.dims)}}));
  }
}

Value StepSums::over_replicas(Value value) {
  return plan_.replicas > 1 ? builder_.op(kAllReduce, {value}, {{"bucket", attr(0)}}) : value;
}

void number_buckets(Graph& graph) {
  int64_t next = 0;
  for (Op& op : graph.ops)
    if (op.name == kAllReduce) op.attrs = {{"bucket", attr(next++)}};
}

uint32_t count_buckets(const Graph& graph) {
  return static_cast<uint32_t>(
      std::count_if(graph.ops.begin(), graph.ops.end(), [](const Op& op) { return op.name == kAllReduce; }));
}

}  // namespace clq
